"""Say which of several pictures was taken for the painting, and which photos are left out."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.languages.translator import Translator
from mailbot.replies.mime import ReplyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Hold which of several pictures was taken for the painting, where nothing tells it."""

    number: int = 0  #: 0 for the first one
    file_name: str = ""  #: "" where it tells a person nothing


def about_choice(
    context: ReplyContext, *, is_picture: bool, guess: Guess | None, has_more: bool = False
) -> str:
    """Say which picture was taken for the painting, where nothing tells it, and which photos are left out."""
    say, left_out = context.say, ""
    if is_picture and has_more:
        left_out = say.gettext(
            "Of several photos I paint the first one: send each of the others with the painting in a mail "
            "of its own."
        )
    if guess is None:
        return left_out
    first = _about_guess(say, guess)
    if not is_picture:
        others = say.gettext("The others I leave out: send each in a mail of its own.")
        return say.sentences(first, others)
    swap = say.gettext(
        "If it is the other way round, answer with “{swap}”.", swap=say.gettext("the other way round")
    )
    return say.sentences(first, swap, left_out)


def _about_guess(say: Translator, guess: Guess) -> str:
    """Say which picture was taken for the painting, and its name where it has a telling one."""
    taken = say.gettext("I took picture {number} for the painting.", number=guess.number + 1)
    if guess.number < 2:
        taken = (
            say.gettext("I took the second picture for the painting.")
            if guess.number
            else say.gettext("I took the first picture for the painting.")
        )
    named = say.gettext("It is the file “{name}”.", name=guess.file_name) if guess.file_name else ""
    return say.sentences(taken, named)
