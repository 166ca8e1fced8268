"""Read answers to what the bot offers or asks: “Yes, thank you!”, “Sure, go ahead”, “No thanks”."""

from __future__ import annotations

from functools import cache

from mailbot.intents.learning.learning_words import (
    CLAUSE,
    SENTENCE,
    folded,
    is_refused,
    row,
    small,
    tokens,
    without,
)
from styles.language.tokens import words

#: Words of a name and a greeting below an answer.
LONGEST_SIGNATURE = 6


def agrees(text: str, name: str = "") -> bool:
    """Tell whether a text is no more than a “yes”, or the name that was offered, or praise of that."""
    first = answer_in(text)
    said = f" {' '.join(words(first))} "
    left = without(said, [" ".join(words(name))] if name else [])
    left = without(left, longest_first("agreed", *(("praised",) if name else ())))
    is_said = left != said and not begins_no(left) and not is_refused(left)
    return is_said and is_idle(left)


def declines(text: str) -> bool:
    """Tell whether a text is no more than a “no”: “No, please don't”, “Lieber nicht, danke”."""
    first = answer_in(text)
    left = without(f" {' '.join(tokens(first))} ", longest_first("no", "not_exactly", "after_all"))
    return refuses(first) and is_idle(left)


def refuses(text: str) -> bool:
    """Tell whether a clause of a text refuses something, or begins with a “no”."""
    clauses = [clause for sentence in SENTENCE.split(text) for clause in CLAUSE.split(sentence)]
    return any(begins_no(clause) or is_refused(folded(clause)) for clause in clauses)


def answer_in(text: str) -> str:
    """Return the first line of a text, "" where more than a name and a greeting stands below it."""
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    return first if sum(len(words(line)) for line in rest) <= LONGEST_SIGNATURE else ""


def begins_no(clause: str) -> bool:
    """Tell whether a clause begins with a “no”."""
    said = "".join(words(clause)[:1])
    return any(said == no if no.isascii() else said.startswith(no) for no in row("no"))


def is_idle(said: str) -> bool:
    """Tell whether words say nothing in an answer: “please”, “then”, “for the style”."""
    idle = small().union(row("styles"), row("please"))
    return idle.issuperset(tokens(without(f" {said} ", longest_first("please"))))


@cache
def longest_first(*names: str) -> tuple[str, ...]:
    """Return the phrases of some rows, those of many words first."""
    return tuple(sorted(frozenset[str]().union(*map(row, names)), key=len, reverse=True))
