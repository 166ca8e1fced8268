"""Read items that mean something else together than each by itself.

with_middles   a range of per cents is the number in its middle: "between forty and fifty percent", "40-50%"
without_amounts  a word of a title behind an amount is none: "more contrast"
with_percents  a number beside a percentage is one too: "at 40 and the last at 90%", "4 out of 10"
is_of_ten      whether an item is part of such a number
without_mixes  a mixture that is refused asks for several paintings: "not mixed", "nicht vermengt"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import Item
from styles.language.written_scales import rates, to_ten

#: Per cents between the ends of a range at most; "70 to 30" is a ratio.
_WIDEST = 30
#: Items between a "not" and the mixture that it refuses at most.
_REFUSED = 3
#: Words before and between the ends at most, and the kinds of those between.
_BETWEEN, _SMALL = 2, ("and", "or", "cue", "place", "for", "filler", "article", "than", "times")

#: Items of "4 out of 10", and words between a number and the ten of which it is a part.
_TRIPLE, _TEN = 3, 10
_OUT_OF = ("out of", "of", "von", "sur", "de", "su", "em", "sobre")
#: Kinds of the words between what is painted and a number out of ten, and of those behind it.
_LEADS = ("cue", "place", "for", "limit", "equal", "with")
_BESIDE = ("strength_word", "courtesy", "ask", "filler", "limit", "and")
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

    "At 40 and the last at 90%"; beside a style "4 out of 10" is 40%.
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
    for at, item in enumerate(items):
        if skipped:
            skipped -= 1
        elif value := _out_of_ten(items, at):
            raw = " ".join(one.raw for one in items[at : at + _TRIPLE])
            yield replace(item, text=f"{10 * value}", raw=raw, kinds=frozenset(), is_number=True)
            yield Item(text="%", raw="%", is_mark=True)
            skipped = _TRIPLE - 1
        else:
            yield item


def _out_of_ten(items: Sequence[Item], at: int) -> int:
    """Return the strength out of ten that begins at an item, 0 for none: "the scream at 4 out of 10".

    Elsewhere it counts photos, or rates something: "photo 3 of 10", "9 out of 10 friends", "it's 8/10".
    """
    said, before, behind = items[at : at + _TRIPLE], items[:at], items[at + _TRIPLE : at + _TRIPLE + 1]
    if len(said) < _TRIPLE or to_ten(said[2].text) != _TEN:
        return 0
    lead = [one for one in before if _is_painted(one) or not _is_lead(one)][-1:]
    is_meant = any(map(_is_painted, (*lead, *behind)))
    is_end = all(one.is_mark or one.mention or one.has(*_BESIDE) for one in behind)
    is_counted = any(one.has("photo", "gallery") for one in behind)
    is_of_strength = any(one.has("strength_word") for one in items)
    is_share = said[1].text in _OUT_OF or (said[1].text == "/" and is_of_strength)
    is_wish = any(one.has("make", "strength_word") for one in lead)
    is_rating = not is_wish and rates(" ".join(one.raw for one in before))
    is_strength = is_meant and is_end and is_share and not (is_counted or is_rating)
    return to_ten(said[0].text) or 0 if is_strength else 0


def is_of_ten(items: Sequence[Item], at: int) -> bool:
    """Tell whether an item is a number out of ten, or the ten itself: "un 9 sur 10, merci"."""
    for start in (at, at - _TRIPLE + 1):
        said = items[max(0, start) : start + _TRIPLE]
        if len(said) == _TRIPLE and said[1].text in (*_OUT_OF, "/") and to_ten(said[2].text) == _TEN:
            return True
    return False


def _is_painted(item: Item) -> bool:
    """Tell whether an item is what has a strength, or asks for one: a style, "strength", "make"."""
    return item.mention is not None or item.has("strength_word", "again", "make")


def _is_lead(item: Item) -> bool:
    """Tell whether an item may stand before a strength out of ten: "it at", but no "a", and no "photos"."""
    is_small = item.has("filler") and not item.has("article", "photo")
    is_it = item.has("photo") and item.has("statement")
    return is_small or is_it or item.has(*_LEADS) or item.text == ","
