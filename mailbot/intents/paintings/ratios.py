"""Read the shares of a blend that are numbers without a sign: "60/40", "three parts scream, one part wave".

Part        one style of a sentence
read_ratio  give each style its share

Numbers are shares if they make 10 or 100 together, or if a word or a mark says so: "3:1", "three to one".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: What the numbers of a ratio make together, and the most that each number of "3:1" is.
_WHOLE, _MOST = (10, 100), 20
#: Signs between the numbers of a ratio, and the items between them at most.
_SIGNS, _NEAR = (":", "/", "比", "对", "対", "to", "zu", "a", "contre", "contro", "para"), 3
#: Items before and behind a style among which its number stands.
_BESIDE = 3
#: Kinds of words that mean one of two styles by its number.
_ORDER = ("first", "second", "last", "rest")
#: Kinds of small words between a style and its number, and between the numbers of a ratio.
_SMALL, _TO = ("of", "article", "between"), ("cue", "place", "for", "filler", "and", "times")


@dataclass(slots=True, kw_only=True)
class Part:
    """Hold one style of a sentence, or several that the same words mean."""

    start: int
    end: int
    styles: tuple[str, ...]
    share: float | None = None
    is_share_last: bool = False
    photos: tuple[int, ...] = ()


def read_ratio(
    items: Sequence[Item], parts: Sequence[Part], words: Lexicon, apart: Sequence[Sentence] = ()
) -> list[int]:
    """Set the share of each part, and return the indices of the words for them, none without a ratio."""
    end = parts[-1].end
    if len(parts) == 2 and (found := _pair(items, words) or _of_ordinals(items, end, words)):
        parts[0].share, parts[1].share = found[1:]
        return found[0]
    if len(parts) > 1 and (taken := _led_by_amounts(items, parts, words)):
        return taken
    if any(item.text == "%" or item.has("percent") for item in items):
        return []
    if (
        taken := _beside(items, parts, words)
        or _in_parts(items, parts, words)
        or _in_a_row(items, parts, words)
    ):
        return taken
    is_mix = any(item.has("mix") for item in items)
    for one in apart if len(parts) == 2 else ():
        if found := _pair(one.items, words) or (_of_ordinals(one.items, 0, words) if is_mix else None):
            parts[0].share, parts[1].share = found[1:]
            return [at for at, item in enumerate(items) if item.text in words.amounts]
    return []


def _of_ordinals(items: Sequence[Item], start: int, words: Lexicon) -> tuple[list[int], float, float] | None:
    """Return the shares of the first and of the other style: "70% of the first, 30 of the other"."""
    found = {at: n for at in range(start, len(items)) if (n := _number(items[at], words)) is not None}
    order = [kind for item in items[start:] for kind in _ORDER if item.has(kind)]
    total = sum(found.values())
    if len(found) != 2 or total not in _WHOLE or len(order) != 2 or len({"first", *order}) != 2:
        return None
    first, second = list(found.values())[:: 1 if order[0] == "first" else -1]
    return [*found], first / total, second / total


def _pair(items: Sequence[Item], words: Lexicon) -> tuple[list[int], float, float] | None:
    """Return two numbers of a ratio: "60/40", "ninety to ten", "3:1"; or a word for them: "fifty-fifty"."""
    for at, item in enumerate(items):
        if (percent := words.ratios.get(item.text)) is not None:
            return [at], percent / 100, 1 - percent / 100
    found = [(at, number) for at, item in enumerate(items) if (number := _number(item, words)) is not None]
    for (a, first), (b, second) in pairwise(found):
        between = items[a + 1 : b]
        total = first + second
        is_whole = total == max(_WHOLE) and all(one.is_mark or one.has(*_TO) for one in between)
        is_sign = len(between) == 1 and between[0].text in _SIGNS and max(first, second) < _MOST
        is_ratio = is_sign and total > 0 and (total in _WHOLE or between[0].text != "/")
        is_percent = any(item.text == "%" for item in items[a : b + 2])
        if len(between) < _NEAR and not is_percent and (is_whole or is_ratio):
            return [a, b], first / total, second / total
    return None


def _beside(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares by a number before each style, or behind each: "80 of udnie with 20 of mosaic"."""
    for spans in (
        [range(part.start - 1, max(-1, part.start - 1 - _BESIDE), -1) for part in parts],
        [range(part.end, min(len(items), part.end + _BESIDE)) for part in parts],
    ):
        near = [next((at for at in span if not items[at].has(*_SMALL)), None) for span in spans]
        numbers = [None if at is None else _number(items[at], words) for at in near]
        total = sum(number or 0 for number in numbers)
        is_whole = round(total, 2) in (1, *_WHOLE)  # "0.7 A + 0.3 B"
        if None not in numbers and is_whole and len(set(near)) == len(near):
            for part, number in zip(parts, numbers, strict=True):
                part.share = (number or 0) / total
            return [at for at in near if at is not None]
    return []


def _in_a_row(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares by fractions behind all styles, in their order: "A and B, two thirds, one third"."""
    end = parts[-1].end
    found = [(at, words.amounts[item.text]) for at, item in enumerate(items) if item.text in words.amounts]
    whole = sum(amount for _, amount in found)
    if len(found) != len(parts) or found[0][0] < end or whole != max(_WHOLE):
        return []
    for part, (_, amount) in zip(parts, found, strict=True):
        part.share = amount / whole
    return [at for at, _ in found]


def _led_by_amounts(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares by a fraction before each style: "a quarter of A, three quarters of B, strength 90%"."""
    leads = [
        next((at for at in range(part.start - 1, -1, -1) if not items[at].has(*_SMALL)), -1) for part in parts
    ]
    amounts = [words.amounts.get(items[at].text, 0) if at >= 0 else 0 for at in leads]
    if not all(amounts) or sum(amounts) != max(_WHOLE):
        return []
    for part, amount in zip(parts, amounts, strict=True):
        part.share = amount / max(_WHOLE)
    return leads


def _in_parts(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares of "three parts mosaic, one of wave", and return the indices of the words for them."""
    found = [(at, words.parts[item.text]) for at, item in enumerate(items) if item.text in words.parts]
    if not found:
        return []
    led = [
        next((n for at, n in found[::-1] if before <= at < part.start), None)
        for before, part in zip([0, *(part.end for part in parts)], parts, strict=False)
    ]
    counts = [count or 1 for count in led] if led[0] else [*(n for _, n in found), *(1 for _ in parts)]
    for part, count in zip(parts, counts, strict=False):
        part.share = count / sum(counts[: len(parts)])
    return [at for at, _ in found]


def _number(item: Item, words: Lexicon) -> float | None:
    if item.is_number:
        return float(item.text.replace(",", "."))
    tables = (words.numbers, words.parts, words.counts)
    return next((table[item.text] for table in tables if item.text in table and not item.mention), None)
