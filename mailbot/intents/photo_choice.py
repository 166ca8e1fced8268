"""Find the photos of a mail that are not to be painted: "ignore the second one", "only the first please".

A clause counts that names a photo by its number and no style, and says to skip it or to paint no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mailbot.intents.mentions.photo_numbers import NUMBERS, REST, is_excepted
from mailbot.intents.sentence import Item, Sentence

#: Words up to which a clause with "only" or "not" is about photos, and nothing else.
_SHORT = 7


def unpainted(sentences: Iterable[Sentence], count: int) -> frozenset[int]:
    """Return the numbers of the photos, from 0, that a mail with `count` photos leaves out.

    A mail that leaves out all of them leaves out none.
    """
    written = list(sentences)
    skipped = {
        number % count
        for sentence in written
        for at in range(len(sentence.items))
        if is_excepted(sentence.items, at)
        for number in _numbers(sentence.items[at : at + 1])
        if -count <= number < count
    }
    chosen: set[int] = set()
    for clause in (clause for sentence in written for clause in _clauses(sentence)):
        numbers = {number for number in _numbers(clause) if -count <= number < count}
        positive = {number % count for number in numbers}
        if _is_skipped(clause):
            skipped |= positive
        elif _is_only(clause):
            chosen |= positive
    left = (chosen or set(range(count))) - skipped
    return frozenset(set(range(count)) - left if left else ())


def _clauses(sentence: Sentence) -> Iterator[list[Item]]:
    clause: list[Item] = []
    for item in [*sentence.items, None]:
        if item is None or item.is_mark:
            if clause and not any(one.mention for one in clause):
                yield clause
            clause = []
        else:
            clause.append(item)


def _numbers(clause: Sequence[Item]) -> Iterator[int]:
    for item in clause:
        for kind, numbers in NUMBERS.items():
            if item.has(kind):
                yield from (number for number in numbers if number != REST)


def _is_skipped(clause: Sequence[Item]) -> bool:
    if any(item.has("skip") for item in clause):
        return True
    return any(item.has("not") for item in (clause[0], clause[-1])) and _is_bare(clause)


def _is_only(clause: Sequence[Item]) -> bool:
    return any(item.has("only") for item in clause) and _is_bare(clause)


def _is_bare(clause: Sequence[Item]) -> bool:
    return len(clause) <= _SHORT and not any(item.is_unknown or item.has("letter") for item in clause)
