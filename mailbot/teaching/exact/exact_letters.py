"""Write the mail with one photo that is painted exactly like a painting."""

from __future__ import annotations

from mailbot.languages.translator import Translator
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter, Picture
from mailbot.teaching.exact.choices import Guess, about_choice
from mailbot.teaching.lesson_letters import about_place


def reply_exactly(
    context: ReplyContext,
    picture: bytes,
    name: str,
    *,
    guess: Guess | None,
    painting: bytes = b"",
    has_more: bool = False,
    is_replaced: bool = False,
) -> bytes:
    """Answer with one photo that is painted exactly like a painting.

    `painting` is a small JPEG of what was taken for the painting, b"" where it is not shown.
    """
    say = context.say
    place = about_place(context, is_picture=True) if is_replaced else ""
    choice = about_choice(context, is_picture=True, guess=guess, has_more=has_more)
    letter = Letter(
        say=say,
        title=say.gettext("Here is your photo, painted exactly like the painting."),
        paragraphs=tuple(filter(None, (place, choice))),
        pictures=(
            Picture(
                name=name,
                image=picture,
                subtype="jpeg",
                alt=say.gettext("Your photo, painted exactly like the painting"),
            ),
            *((_taken(say, painting),) if painting else ()),
        ),
    )
    return seal(context, letter)


def _taken(say: Translator, painting: bytes) -> Picture:
    alt = say.gettext("What I took for the painting")
    return Picture(name="painting.jpg", image=painting, subtype="jpeg", alt=alt)
