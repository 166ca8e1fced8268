"""Define the reasons why the bot does not learn from a painting. All are for the person who sent it.

Permanent
├── NotATeacher       the sender is not named in `[mail] teachers`
├── TeacherNotProven  the mail server could not verify the sender
├── NoPainting        there is no picture to learn from
├── OnePictureMissing one perfect picture has one of its two pictures, or none
├── NameNotFree       another style has the name, or it means something else in a mail
├── NewNameNotFree    the same, where a style was to be renamed
├── NotYourStyle      a style that a mail wants deleted or renamed is another person's
├── PhotoNotPainted  a photo waited for a style that was not learnt
├── SidesKept         photo and painting are already as a mail wants them
└── LostLesson        the lesson could not be finished
"""

from __future__ import annotations

import logging

from mailbot.sender_policy.admission import PostponedMail
from styles.errors import Permanent
from styles.language.reserved_names import is_reserved
from styles.translatable import gettext_noop


class StillLearning(PostponedMail):
    """Report that a lesson goes on; its mail is looked at again then."""

    level = logging.DEBUG

    def __init__(self, until: float) -> None:
        super().__init__("its painting is being learnt", until)


class NotATeacher(Permanent):
    """Report a sender from whom the bot does not learn."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "I would love to learn from your painting, but I learn only from people whom my owner has "
                "named. Ask my owner to add your address, and send it again. "
                "I paint your photos all the same: send them without these words."
            )
        )


class TeacherNotProven(Permanent):
    """Report a sender whose address the mail server could not verify."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "I learnt and changed nothing: your mail came without proof that it is yours (a DMARC, SPF "
                "or DKIM pass), and anybody could have written it in your name. "
                "Send it again through your mail provider's own server, or ask my owner."
            )
        )


class NoPainting(Permanent):
    """Report a mail that asks to learn but brings no picture."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("I found no painting in your mail. Please answer with a photo of it."))


class OnePictureMissing(Permanent):
    """Report a wish for one perfect picture that brings one of its two pictures, or none."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "For one photo that is painted exactly like a painting I need both pictures. Please answer "
                "with the other one, and say which of them it is: the photo or the painting."
            )
        )


class NameNotFree(Permanent):
    """Report a name that a new style cannot have, and why, with a free one."""

    def __init__(self, name: str, free: str) -> None:
        super().__init__(
            gettext_noop(
                "“{name}” means something else in a mail, so no style can be called that. "
                "Answer with “learn: {free}”, or with “learn:” and another name."
            )
            if is_reserved(name)
            else gettext_noop(
                "“{name}” is the name of another style, or too much like one. "
                "Answer with “learn: {free}”, or with “learn:” and another name."
            ),
            name=name,
            free=free,
        )


class NewNameNotFree(Permanent):
    """Report a name that a style cannot get in place of its own, and why, with a free one."""

    def __init__(self, name: str, free: str) -> None:
        super().__init__(
            gettext_noop(
                "“{name}” means something else in a mail, so no style can be called that. "
                "Answer with “call it {free}”, or with “call it” and another name."
            )
            if is_reserved(name)
            else gettext_noop(
                "“{name}” is the name of another style, or too much like one. "
                "Answer with “call it {free}”, or with “call it” and another name."
            ),
            name=name,
            free=free,
        )


class NotYourStyle(Permanent):
    """Report a style, by what a mail calls it, that somebody else than its owner wants deleted or renamed."""

    def __init__(self, name: str, *, is_renaming: bool = False) -> None:
        super().__init__(
            gettext_noop(
                "“{name}” is not a style of yours, so I have renamed nothing. Ask my owner about it."
            )
            if is_renaming
            else gettext_noop(
                "“{name}” is not a style of yours, so I have deleted nothing. Ask my owner about it."
            ),
            name=name,
        )


class SidesKept(Permanent):
    """Report that a picture is the painting already of which a mail says that it is, by its number from 0."""

    def __init__(self, painting: int, photo: int = 0) -> None:
        if {painting, photo} != {0, 1}:
            super().__init__(
                gettext_noop(
                    "So I have it: picture {painting} is the painting, and picture {photo} the photo. To "
                    "have them change places, answer with “the other way round”."
                ),
                painting=painting + 1,
                photo=photo + 1,
            )
            return
        super().__init__(
            gettext_noop(
                "So I have it: the second picture is the painting, and the first one the photo. To have them "
                "change places, answer with “the other way round”."
            )
            if painting
            else gettext_noop(
                "So I have it: the first picture is the painting, and the second one the photo. To have them "
                "change places, answer with “the other way round”."
            )
        )


class PhotoNotPainted(Permanent):
    """Report a photo that waited for a style which was stopped, refused or deleted meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "I did not paint your photo: it was to be in the style of these mails, and I have not learnt "
                "that. Send it again with the name of another style, and I paint it at once."
            )
        )


class LostLesson(Permanent):
    """Report a lesson that could not be finished."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "I tried for a long time to learn from your painting, and had to give up. "
                "Please send it again."
            )
        )
