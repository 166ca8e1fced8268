"""Read by how much a mail wants the last painting changed: "10% more", "to 80", "half as strong", "50/50".

    Amounts       what is asked for
    with_amounts  the items of a sentence, with each amount as one item

The words are the table `reply` of the words files. All languages are read at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod

from mailbot.intents.changes.phrase_patterns import any_of
from mailbot.intents.changes.said_levels import LEVEL, with_levels, with_tenths
from mailbot.intents.changes.said_steps import FACTOR, POINTS, with_said_steps
from mailbot.intents.sentence import Item
from styles.language.lexicon import lexicon
from styles.language.word_rows import reply

#: Kinds of the items for the double size and for the usual one.
DOUBLED, USUAL = "doubled", "usual"
#: Kind of the item for the shares of a blend of two, and what the shares make together.
SHARES, _WHOLE = "shares", 100
#: Factors of the strength by the rows of their words.
_FACTORS = {"halve": 0.5, "twice": 2.0, "thrice": 3.0, "fourfold": 4.0}
#: Stands before no 倍 of a number: "3倍で" is no "倍で".
_IS_TWICE = r"(?!(?<=[\d一二三四五六七八九十])倍|(?<=[\d一二三四五六七八九十]\s)倍)"
#: Kinds of the items that set a strength, and of those that set a size as well.
LEVELS = (POINTS, FACTOR, LEVEL)
AMOUNTS = (*LEVELS, DOUBLED, USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Hold the amounts of a change."""

    points: int = 0  #: percentage points of the strength; below 0: weaker
    factor: float = 1.0  #: of the strength
    level: int | None = None  #: the strength itself, per cent
    shares: tuple[int, int] | None = None  #: of a blend of two, which make 100
    is_doubled: bool = False  #: the size
    is_usual_size: bool = False

    @property
    def is_any(self) -> bool:
        """Whether the strength or the size is meant; shares mean nothing where the painting is no blend."""
        return bool(self.is_of_strength or self.is_doubled or self.is_usual_size)

    @property
    def is_of_strength(self) -> bool:
        """Whether the strength is meant."""
        return bool(self.points or self.level or self.factor != 1)

    @classmethod
    def of(cls, items: Iterable[Item]) -> Amounts:
        """Return what some items of amounts ask for together."""
        items = list(items)
        shares = next((item.text for item in items if item.has(SHARES)), "")
        first, _, second = shares.partition("/")
        return cls(
            points=sum(int(item.text) for item in items if item.has(POINTS)),
            factor=prod(float(item.text) for item in items if item.has(FACTOR)),
            level=next((int(item.text) for item in reversed(items) if item.has(LEVEL)), None),
            shares=(int(first), int(second)) if shares else None,
            is_doubled=any(item.has(DOUBLED) for item in items),
            is_usual_size=any(item.has(USUAL) for item in items),
        )


def with_amounts(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with those of each amount joined to one of the kind `again`.

    Beside a style "60/40" is left: those are its shares.
    """
    items = with_said_steps(items)
    text, places = "", list[tuple[int, int]]()
    for item in items:
        said = "" if item.has(POINTS, FACTOR, LEVEL) else with_tenths(item.text)
        places.append((len(text), len(text) + len(said)))
        text += f"{said} "
    found = [*items]
    for start, end, said, kind in sorted(_found(text), reverse=True):
        inside = [at for at, (begin, stop) in enumerate(places) if start < stop and end > begin]
        is_named = any(items[at].mention for at in inside)
        is_beside = kind in (SHARES, FACTOR) and any(item.mention for item in items)
        is_ratio = kind == FACTOR and any(items[at].text in lexicon().ratios for at in inside)
        if not inside or is_named or is_beside or is_ratio:  # "metà e metà" halves nothing
            continue
        first, last = inside[0], inside[-1] + 1
        glue = "" if kind == SHARES else " "
        raw = glue.join(item.raw for item in items[first:last] if item.raw)
        found[first:last] = [Item(text=said, raw=raw, kinds=frozenset(("again", kind)))]
    return tuple(with_levels(found))


def _found(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield where each amount begins and ends in a folded text, and the text and the kind of its item."""
    taken: list[range] = []
    for kind, row in ((LEVEL, "usual_strength"), (DOUBLED, "double"), (USUAL, "usual")):
        for match in _words(row).finditer(text):
            taken.append(range(*match.span()))
            yield *match.span(), f"{_WHOLE}" if kind == LEVEL else match[0], kind
    for row, factor in _FACTORS.items():
        for match in _words(row, _IS_TWICE).finditer(text):
            if not any(match.start() in one or match.end() - 1 in one for one in taken):
                taken.append(range(*match.span()))
                yield *match.span(), f"{factor}", FACTOR
    for match in _shares().finditer(text):
        first, second = int(match[1]), int(match[2])
        if first + second == _WHOLE and first and second:
            yield *match.span(), f"{first}/{second}", SHARES


@cache
def _words(row: str, before: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){before}(?:{any_of(reply(row))})(?![a-z])")


@cache
def _shares() -> re.Pattern[str]:
    """Return the pattern of the shares of a blend of two: "60/40", "80 contre 20", "fai 50 e 50"."""
    between = rf"\s?[/:]\s?|\s(?:{any_of((*reply('against'), *lexicon().phrases('and')))})\s"
    return re.compile(rf"(?<![\d/:.,])(?<!\d [/:] )(\d{{1,2}})(?:{between})(\d{{1,2}})(?!\d| ?[/:%]|[.,]\d)")
