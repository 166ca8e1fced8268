"""Tell what can be written in the thread of a lesson, where a mail there is not understood.

UnclearAtLesson   the error that is answered so
UnclearPicture    the same of a mail with a picture
ThreadState       how far the lesson is, on which it depends
"""

from __future__ import annotations

from enum import Enum

from styles.errors import Permanent
from styles.learning_errors import PictureUnused
from styles.translatable import gettext_noop


class ThreadState(Enum):
    """List how far the lesson of a thread can be."""

    LEARNING = "learning"
    PAINTING = "painting"  #: one perfect picture
    LEARNT = "learnt"
    WAITING = "waiting"  #: it was learnt, and a maintainer is to look at it
    WAITING_PHOTO = "waiting_photo"  #: the same, for a photo to be painted in it
    PAINTED = "painted"
    NO_NAME = "no_name"  #: its name, or its new name, is not free
    NO_PICTURE = "no_picture"  #: it was refused, and waits for another picture
    ENDED = "ended"  #: it was stopped, or its style is deleted


_SENTENCES = {
    ThreadState.LEARNING: gettext_noop(
        "I did not understand that. I am learning “{name}” from your painting just now: to stop it, answer "
        "with “stop learning”. To give it another name, answer with “call it my garden”. To have another "
        "picture learnt instead, answer with that alone."
    ),
    ThreadState.PAINTING: gettext_noop(
        "I did not understand that. I am working on your painting just now: to stop it, answer with “stop "
        "learning”. If photo and painting are to change places, answer with “the other way round”."
    ),
    ThreadState.LEARNT: gettext_noop(
        "I did not understand that. To have a photo painted as “{name}”, answer with the photo. To give the "
        "style another name, answer with “call it my garden”. To have it deleted, answer with “delete”."
    ),
    ThreadState.WAITING: gettext_noop(
        "I did not understand that. “{name}” waits for a maintainer, who makes it live. To give it another "
        "name, answer with “call it my garden”. To have it deleted, answer with “delete”."
    ),
    ThreadState.WAITING_PHOTO: gettext_noop(
        "“{name}” waits for a maintainer, who makes it live. To have your photo painted in it before, send "
        "it again, and write “{name}@staged” with it."
    ),
    ThreadState.PAINTED: gettext_noop(
        "I did not understand that. If photo and painting are to change places, answer with “the other way "
        "round”. For another photo, send it with a painting in one mail, and write “paint it exactly like "
        "this painting”."
    ),
    ThreadState.NO_NAME: gettext_noop(
        "I did not understand that. Your style needs another name: answer with “call it {name}”, or with "
        "“call it” and a name of your own."
    ),
    ThreadState.NO_PICTURE: gettext_noop(
        "I did not understand that. I have learnt nothing from these mails yet: answer with a photo of your "
        "painting, and I learn from it."
    ),
    ThreadState.ENDED: gettext_noop(
        "I did not understand that. I am learning nothing from that painting any more. To have it learnt, "
        "send it again with “learn: my garden”, with your own name for it."
    ),
}


class UnclearAtLesson(Permanent):
    """Report a mail about a lesson that is not understood. `name` is the style's, or one that is free."""

    def __init__(self, state: ThreadState, name: str = "") -> None:
        super().__init__(_SENTENCES[state], name=name)


class UnclearPicture(UnclearAtLesson, PictureUnused):
    """Report a mail with a picture about a lesson that is not understood."""
