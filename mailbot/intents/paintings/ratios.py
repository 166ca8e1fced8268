"""Read the shares of a blend that make a whole together: "60/40", "three fifths scream, two fifths wave".

Part        one style of a sentence
read_ratio  give each style its share
is_whole    whether shares make a whole

Numbers without a sign are shares if they make 10 or 100 together, or if a word or a mark says so: "3:1",
"three to one", "three parts".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mailbot.intents.paintings.said_shares import SaidShare, number, said_shares
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from styles.language.lexicon import Lexicon

#: What the numbers of a ratio make together, and the most that each number of "3:1" is.
_WHOLE, _MOST = (10, 100), 20
#: Per cents by which shares miss the whole: three times 33.
_ABOUT = 2
#: Signs between the numbers of a ratio, and the items between them at most.
_SIGNS, _NEAR = (":", "/", "比", "对", "対", "to", "zu", "a", "contre", "contro", "para", "pour", "por"), 3
#: Items before and behind a style among which its number stands.
_BESIDE = 3
#: Kinds of words that mean one of two styles by its number.
_ORDER = ("first", "second", "last", "rest")
#: Kinds of small words between the numbers of a ratio.
_TO = ("cue", "place", "for", "filler", "and", "times")


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
    if (
        taken := _equal(items, parts, words)
        or _in_parts(items, parts, words)
        or _in_order(items, parts, words)
    ):
        return taken
    if any(item.text == "%" or item.has("percent") for item in items):
        return []
    for one in apart if len(parts) == 2 else ():
        if found := _pair(one.items, words) or _of_ordinals(one.items, 0, words):
            parts[0].share, parts[1].share = found[1:]
            return [at for at, item in enumerate(items) if item.text in words.amounts]
        if _in_order(one.items, parts, words):  # "She gets 80 per cent, I get 20"
            return []
    return []


def says_shares(sentence: Sentence, shares: Collection[float], words: Lexicon) -> bool:
    """Tell whether a sentence without a style says shares of a blend: "mostly the first", "60/40"."""
    said = [one for one in said_shares(sentence.items, words) if not one.is_number or one.value in shares]
    is_same = bool(said) and all(not one.is_vague and round(one.value) in shares for one in said)
    return is_same or _of_ordinals(sentence.items, 0, words) is not None


def _of_ordinals(items: Sequence[Item], start: int, words: Lexicon) -> tuple[list[int], float, float] | None:
    """Return the shares of the first and of the other style: "70% of the first, 30 of the other".

    One share is enough: "mostly the first", "two fifths of the second and the rest of the first".
    """
    said = [one for one in said_shares(items, words) if one.at >= start]
    order = [kind for item in items[start:] for kind in _ORDER if item.has(kind)]
    order = [kind for kind, before in zip(order, ["", *order], strict=False) if kind != before]
    if not said or not order or len(order) > 2 or len({"first", *order}) != len({*order} | {"first"}):
        return None
    exact = [one for one in said if not one.is_vague]
    is_first = order[0] == "first"
    values = [one.value for one in said[:2]]
    if len(exact) == 1 and len(said) == 1 and exact[0].is_number:
        return None
    if len(order) == 2 and "first" not in order:
        return None
    if len(said) == 2 and len(order) == 2 and (is_whole(sum(values)) or not exact):
        first = values[0] / sum(values)
    elif len(said) <= 2 and not said[0].is_number:  # "three quarters of the first, one of the second"
        first = values[0] / max(_WHOLE)
    else:
        return None
    first = first if is_first else 1 - first
    return [one.at for one in said], first, 1 - first


def is_whole(total: float) -> bool:
    """Tell whether shares make a whole together, in tenths or in per cent."""
    return total == min(_WHOLE) or abs(total - max(_WHOLE)) <= _ABOUT


def _pair(items: Sequence[Item], words: Lexicon) -> tuple[list[int], float, float] | None:
    """Return two numbers of a ratio: "60/40", "ninety to ten", "3:1"; or a word for them: "fifty-fifty"."""
    for at, item in enumerate(items):
        if (percent := words.ratios.get(item.text)) is not None:
            return [at], percent / 100, 1 - percent / 100
    found = [(at, value) for at, item in enumerate(items) if (value := number(item, words)) is not None]
    for (a, first), (b, second) in pairwise(found):
        between = items[a + 1 : b]
        total = first + second
        is_whole = total == max(_WHOLE) and all(one.is_mark or one.has(*_TO) for one in between)
        is_sign = len(between) == 1 and between[0].text in _SIGNS and max(first, second) < _MOST
        is_sign = is_sign and not (between[0].text == ":" and _is_word(items[a]))  # "two: one in A, …"
        is_ratio = is_sign and total > 0 and (total in _WHOLE or between[0].text != "/")
        is_percent = any(item.text == "%" for item in items[a : b + 2])
        if len(between) < _NEAR and not is_percent and (is_whole or is_ratio):
            return [a, b], first / total, second / total
    return None


def _is_word(item: Item) -> bool:
    """Tell whether a number is a word of letters, behind which a colon begins a list."""
    return not item.is_number and item.raw[0] < FIRST_CJK


def _equal(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares by a word for equal ones: "equal parts of A, B and C"."""
    taken = [at for at, item in enumerate(items) if words.ratios.get(item.text) == max(_WHOLE) // 2]
    for part in parts if taken else ():
        part.share = 1 / len(parts)
    return taken


def _in_order(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares by exact ones that make a whole, in the order of the styles.

    "80 of udnie with 20 of mosaic", "A two thirds, B one third", "a quarter of A, three quarters of B".
    """
    exact = [one for one in said_shares(items, words) if not one.is_vague]
    for start in range(len(exact) - len(parts) + 1):
        window = exact[start : start + len(parts)]
        total = sum(one.value for one in window)
        is_few = round(total, 2) in (1, min(_WHOLE)) and _are_beside(window, parts)  # "0.7 A + 0.3 B"
        if is_few or abs(total - max(_WHOLE)) <= _ABOUT:
            for part, one in zip(parts, window, strict=True):
                part.share = one.value / total
            return [one.at for one in window]
    return []


def _are_beside(window: Sequence[SaidShare], parts: Sequence[Part]) -> bool:
    """Tell whether each number stands close to its style."""
    return all(
        part.start - _BESIDE <= one.at < part.end + _BESIDE for one, part in zip(window, parts, strict=True)
    )


def _in_parts(items: Sequence[Item], parts: Sequence[Part], words: Lexicon) -> list[int]:
    """Set the shares of "three parts mosaic, one of wave", and return the indices of the words for them."""
    said = (at for at, item in enumerate(items) if item.text in words.parts and not item.has("separate"))
    found = [(at, words.parts[items[at].text]) for at in said]  # but not "à part"
    if not found:
        return []
    numbers = [(at, value) for at, item in enumerate(items) if (value := number(item, words)) is not None]
    starts, ends = [0, *(part.end for part in parts)], [*(part.start for part in parts[1:]), len(items)]
    led = [
        next((one for one in numbers[::-1] if before <= one[0] < part.start), None)
        for before, part in zip(starts, parts, strict=False)
    ]
    if led[0] is None:  # "the wave three parts, the scream one"
        led = [
            next((one for one in numbers if part.end <= one[0] < behind), None)
            for part, behind in zip(parts, ends, strict=True)
        ]
    counts = [one[1] if one else 1 for one in led]
    for part, count in zip(parts, counts, strict=True):
        part.share = count / sum(counts)
    return sorted({at for at, _ in found} | {one[0] for one in led if one})
