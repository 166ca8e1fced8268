"""Find which of two pictures is the painting: “the second one is the photo”, “das erste ist das Gemälde”."""

from __future__ import annotations

from mailbot.intents.learning.learning_words import CONJOINED, is_refused, tokens
from styles.language.word_rows import command

#: Words of a clause: a longer one tells a story.
LONGEST = 12


def painting_side(sentence: str) -> int | None:
    """Return the number of the painting, 0 for the first picture, None if no clause tells it."""
    sides = (_side(clause) for clause in (*CONJOINED.split(sentence), sentence))
    return next((side for side in sides if side is not None), None)


def _side(clause: str) -> int | None:
    words, rows = tokens(clause), command("teaching")
    said = " ".join(words)
    numbers = [
        number for number, name in enumerate(("first_picture", "second_picture")) if rows[name].is_in(said)
    ]
    roles = [role for role, name in enumerate(("as_painting", "as_photo")) if rows[name].is_in(said)]
    is_question = any(rows[name].is_in(said) for name in ("wondering", "asking"))
    if len(numbers) != 1 or len(roles) != 1 or len(words) > LONGEST or is_question:
        return None
    return (numbers[0] + roles[0] + is_refused(said)) % 2
