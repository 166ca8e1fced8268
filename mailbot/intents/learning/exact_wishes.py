"""Find the wish for one perfect picture: a photo that is painted exactly like one painting."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.learning_words import CLAUSE, is_refused, is_wanted, says, tokens
from mailbot.intents.learning.picture_sides import are_both_told, is_question
from styles.language.word_rows import command

#: What a clause holds that wants a picture exactly like a painting, in words of its own.
_NEEDED = ("exactness", "likeness", "as_painting")


def is_exact(sentence: str) -> bool:
    """Tell whether a clause has one of the usual phrases: “exactly like this painting”."""
    return any(is_wanted(command("teaching")["exactly"], clause) for clause in CLAUSE.split(sentence))


def may_be_exact(sentences: Sequence[str]) -> bool:
    """Tell whether sentences want that in words of their own, which only a teacher means so."""
    return any(map(_is_likened, sentences)) or are_both_told(sentences)


def _is_likened(sentence: str) -> bool:
    rows, clauses = command("teaching"), CLAUSE.split(sentence)
    if any(says(clause, "perfect") for clause in clauses):
        return True
    said = [" ".join(tokens(clause)) for clause in clauses]
    return any(
        all(rows[name].is_in(clause) for name in _NEEDED)
        and not is_refused(clause)
        and not is_question(clause)
        for clause in said
    )
