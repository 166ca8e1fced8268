"""Find which of two pictures is the painting: “the second one is the photo”, “das erste ist das Gemälde”."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from mailbot.intents.learning.learning_words import CLAUSE, CONJOINED, is_refused, is_wanted, row, tokens
from styles.language.lexicon import relative
from styles.language.word_rows import WordRow, command

#: Words of a clause: a longer one tells a story.
LONGEST = 12


class Swap(NamedTuple):
    """Hold the wish that photo and painting change places."""

    painting: int | None  #: which picture is the painting, 0 for the first one; None where no clause tells


def swap_in(sentences: Sequence[str]) -> Swap | None:
    """Return the wish of a reply that photo and painting change places, None for other sentences."""
    sides = (side for sentence in sentences if (side := painting_side(sentence)) is not None)
    painting = next(sides, None)
    clauses = (clause for sentence in sentences for clause in CLAUSE.split(sentence))
    is_swap = painting is not None or any(is_wanted(_swaps(), clause) for clause in clauses)
    return Swap(painting) if is_swap else None


@cache
def _swaps() -> WordRow:
    changes = relative(("en",)).changes
    return WordRow(words=row("swap").union(phrase for phrase, kind in changes.items() if kind == "swap"))


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
