"""Read items that mean something else together than each by itself.

with_middles   a range of per cents is the number in its middle: "between forty and fifty percent", "40-50%"
without_amounts  a word of a title behind an amount is none: "more contrast"
with_percents  a number beside a percentage is one too: "at 40 and the last at 90%", "4 out of 10"
without_mixes  a mixture that is refused asks for several paintings: "not mixed", "nicht vermengt"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import Item

#: Per cents between the ends of a range at most; "70 to 30" is a ratio.
_WIDEST = 30
#: Items between a "not" and the mixture that it refuses at most.
_REFUSED = 3
#: Words before and between the ends at most, and the kinds of those between.
_BETWEEN, _SMALL = 2, ("and", "or", "cue", "place", "for", "filler", "article", "than", "times")

#: Items of "4 out of 10", and words between a number and the ten of which it is a part.
_TRIPLE = 3
_OUT_OF = ("out of", "of", "von", "sur", "de", "su", "em", "sobre")
#: Marks behind a percentage that is written without its sign, and the least one.
_CLOSING, _LEAST = (",", ".", ";", "!", "?", ")", "\n"), 5


def without_mixes(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; a word for mixing close behind a "not" asks for paintings apart."""
    for at, item in enumerate(items):
        near = items[max(0, at - _REFUSED) : at]
        start = next((n for n, one in enumerate(near) if one.has("not")), None)
        small = [] if start is None else near[start + 1 :]
        is_refused = start is not None and all(one.has("filler", "make", "photo") for one in small)
        is_mix = item.has("mix") and not (item.mention or item.has("ratios"))
        yield replace(item, kinds=item.kinds - {"mix"} | {"apart"}) if is_mix and is_refused else item


def without_amounts(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; behind a style and an amount, a word of a title is a quality: "more contrast".

    Not where the style before has an amount as well: "half mosaic and half wave".
    """
    for at, item in enumerate(items):
        is_amount = at > 0 and items[at - 1].has("amounts", "further")
        is_beside = any(one.mention and one.mention.grade > Grade.WORD for one in items[:at])
        is_word = item.mention is not None and item.mention.grade is Grade.WORD
        is_quality = is_word and is_amount and is_beside and not _has_share(items[:at])
        yield replace(item, mention=None) if is_quality else item


def _has_share(before: Sequence[Item]) -> bool:
    """Tell whether an amount stands right before a style."""
    return any(one.has("amounts") and after.mention is not None for one, after in pairwise(before))


def with_middles(items: Sequence[Item], numbers: Mapping[str, int]) -> Iterator[Item]:
    """Yield the items; `numbers` are the words for numbers."""
    done = 0
    for at, item in enumerate(items):
        if at < done:
            continue
        if item.has("mix") and any(_end(items, n, numbers) for n in range(at + 1, at + 1 + _BETWEEN)):
            continue  # "between"
        end = _end(items, at, numbers)
        if end is None:
            yield item
            continue
        first, last = _value(item, numbers) or 0, _value(items[end], numbers) or 0
        raw = " ".join(one.raw for one in items[at : end + 1])
        yield replace(item, text=f"{(first + last) // 2}", raw=raw, kinds=frozenset(), is_number=True)
        done = end + 1


def _end(items: Sequence[Item], at: int, numbers: Mapping[str, int]) -> int | None:
    """Return the index of the last number of a range that begins at an item."""
    first = _value(items[at], numbers) if at < len(items) else None
    if first is None:
        return None
    ends = range(at + 1, min(len(items) - 1, at + 2 + _BETWEEN))
    end = next((n for n in ends if _value(items[n], numbers) is not None), None)
    if end is None or not all(one.has(*_SMALL) for one in items[at + 1 : end]):
        return None
    last, behind = _value(items[end], numbers) or 0, items[end + 1]
    is_led = any(one.has("mix") for one in items[max(0, at - _BETWEEN) : at])
    is_list = any(one.has("and") for one in items[at + 1 : end]) and not is_led  # "at 75 and 100%"
    is_percent = behind.text == "%" or behind.has("percent")
    is_rising = first < last <= min(100, first + _WIDEST) and first + last != 100
    return end if is_percent and is_rising and not is_list else None


def _value(item: Item, numbers: Mapping[str, int]) -> int | None:
    if item.is_number and item.text.isdigit():
        return int(item.text)
    return numbers.get(item.text)


def with_percents(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items with a sign behind each number that is a percentage by another one.

    "At 40 and the last at 90%"; "4 out of 10" is 40%.
    """
    items = list(_scaled(items))
    has_percent = any(item.text == "%" or item.has("percent", "strength") for item in items)
    for at, item in enumerate(items):
        yield item
        is_led = at > 0 and items[at - 1].has("cue", "place", "for")
        behind = items[at + 1] if at + 1 < len(items) else None
        is_end = behind is None or behind.text in _CLOSING or behind.has("and")
        if has_percent and is_led and is_end and item.text.isdigit() and int(item.text) >= _LEAST:
            yield Item(text="%", raw="%", is_mark=True)


def _scaled(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; a number out of ten is a percentage."""
    skipped = 0
    is_strength = any(item.has("strength_word") for item in items)
    is_strength = is_strength or sum(not item.has("courtesy", "filler") for item in items) == _TRIPLE
    for at, item in enumerate(items):
        if skipped:
            skipped -= 1
        elif _is_scaled(items[at : at + _TRIPLE], is_strength=is_strength):
            raw = " ".join(one.raw for one in items[at : at + _TRIPLE])
            yield replace(item, text=f"{10 * int(item.text)}", raw=raw)
            yield Item(text="%", raw="%", is_mark=True)
            skipped = _TRIPLE - 1
        else:
            yield item


def _is_scaled(items: Sequence[Item], *, is_strength: bool) -> bool:
    """Tell whether three items are a number out of ten: "4 out of 10", or "strength 4/10"."""
    if len(items) < _TRIPLE or items[2].text != "10" or not items[0].text.isdigit():
        return False
    is_led = items[1].text in _OUT_OF or (items[1].text == "/" and is_strength)
    return is_led and 0 < int(items[0].text) <= int(items[2].text)
