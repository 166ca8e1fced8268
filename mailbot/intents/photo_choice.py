"""Find the photos of a mail that are not to be painted: "ignore the second one", "only the first please".

A clause counts that names a photo by its number and no style, and says to skip it or to paint no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, groupby

from mailbot.intents.paintings.photo_numbers import NUMBERS, REST, is_excepted
from mailbot.intents.sentence import Item, Sentence

#: Words up to which a clause with "only" or "not" is about photos, and nothing else.
_SHORT = 10
#: Kinds of words between an "only" and the number of a photo, and those that say an option of it.
_BETWEEN = ("article", "cue", "for", "make", "paint", "photo", "want")
_SAYING = ("strength", "strength_word", "percent", "size", "size_word", "pixel", "color", "keep")


def unpainted(sentences: Iterable[Sentence], count: int) -> frozenset[int]:
    """Return the numbers of the photos, from 0, that a mail with `count` photos leaves out.

    A mail that leaves out all of them leaves out none.
    """
    written = list(sentences)
    skipped = {
        number
        for sentence in written
        for at in range(len(sentence.items))
        if is_excepted(sentence.items, at)
        for number in _numbers(sentence.items[at : at + 1], count)
    }
    chosen: set[int] = set()
    for sentence in written:
        skipped.update(_ignored_before(sentence, count))
    for clause in (clause for sentence in written for clause in _clauses(sentence)):
        if _is_skipped(clause):
            skipped.update(_numbers(clause, count))
            if any(item.has("rest") for item in clause):  # "ignore the others"
                chosen.update(number for one in written for number in _numbers(one.items, count))
        elif _is_only(clause):
            chosen.update(_numbers(clause, count))
    left = (chosen or set(range(count))) - skipped
    return frozenset(set(range(count)) - left if left else ())


def _ignored_before(sentence: Sentence, count: int) -> Iterator[int]:
    """Yield the photos of an earlier clause that a later one skips: "1 and 3 came along, ignore those"."""
    before: list[int] = []
    for clause in _clauses(sentence):
        numbers = list(_numbers(clause, count))
        if (
            not numbers
            and any(item.has("skip") for item in clause)
            and not any(item.has("rest") for item in clause)
        ):
            yield from before
        before = numbers or before


def _clauses(sentence: Sentence) -> Iterator[list[Item]]:
    """Yield the items between two marks, or a mark and a "but", where they name no style."""
    for is_mark, items in groupby(sentence.items, key=lambda item: item.is_mark or item.has("limit")):
        clause = list(items)
        if not is_mark and not any(item.mention for item in clause):
            yield clause


def _numbers(clause: Sequence[Item], count: int) -> Iterator[int]:
    """Yield the numbers of the photos that a clause names, from 0, of `count`."""
    for item in clause:
        for kind, numbers in NUMBERS.items():
            if item.has(kind):
                yield from (at % count for at in numbers if at != REST and -count <= at < count)


def _is_skipped(clause: Sequence[Item]) -> bool:
    if any(item.has("skip") for item in clause):
        return True
    return any(item.has("not") for item in (clause[0], clause[-1])) and _is_bare(clause)


def _is_only(clause: Sequence[Item]) -> bool:
    return any(item.has("only") for item in clause) and (_is_bare(clause) or _is_led(clause))


def _is_led(clause: Sequence[Item]) -> bool:
    """Tell whether an "only" leads to the number of a photo, and to no option: "work on the first only"."""
    if any(item.has(*_SAYING) for item in clause):
        return False
    rest = dropwhile(lambda item: not item.has("only"), clause)
    behind = next((item for item in rest if not item.has("only", *_BETWEEN) or item.has(*NUMBERS)), None)
    return behind is not None and behind.has(*NUMBERS)


def _is_bare(clause: Sequence[Item]) -> bool:
    return len(clause) <= _SHORT and not any(item.is_unknown or item.has("letter") for item in clause)
