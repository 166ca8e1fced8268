"""Tell whether a sentence asks for the photo's colours: "keep the colours", "the red of the hull stays red".

    keeps_colors   the items of a sentence -> whether; None if they say nothing about colours
    keeps_own      whether what is the photo's own is to stay
    is_in_color    whether a photo is only told to be in colour

Somebody who wants a single colour kept means those of the photo, since no painting can keep only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mailbot.intents.details import bounds
from mailbot.intents.sentence import FIRST_CJK, Item

#: Items between a word for keeping and a word for colours: "the colours should stay".
_NEAR = 5
#: Marks between the colours and an order that is about them.
_COMMAS = (",", "，", "、")
#: Items between a "not" and the colours that it refuses: "not the colours", "the colours please not".
_REFUSED = 2
#: Items before and behind a single colour among which it is said that it stays, and those of its owner.
_BEFORE, _BEHIND, _OWNER = 6, 12, 3
#: Kinds of words between a "not" and what it limits.
_SMALL = ("article", "between", "make", "courtesy", "photo")
#: Letters by which forms of a word for a colour are known.
_STEM = 3
#: Kinds of words between a colour and the same once more: "l'arancione lo voglio arancione".
_STAYS = ("keep", "want", "fit")
#: Kinds of words before a colour that is a thing, and of those behind it; it is no quality of the next word.
_LEADS = ("article", "and", "limit", "keep", "own", "place", "cue")
_GOES_ON = ("keep", "change", "not", "of", "for", "cue", "place", "hue", "and", "article", "filler")


def keeps_colors(items: Sequence[Item]) -> bool | None:
    """Tell whether the photo's colours are kept; None if nothing is said about colours."""
    for at, item in enumerate(items):
        if item.has("painted_colors"):
            behind = items[at + 1 : at + 2] if item.raw[0] >= FIRST_CJK else ()  # "絵の色じゃなく"
            return any(one.has("not", "not_after") for one in (*items[max(0, at - _REFUSED) : at], *behind))
    return _keeps_own(items)


def _keeps_own(items: Sequence[Item]) -> bool | None:
    """Tell whether the photo's colours are kept, where none are said to be the painting's."""
    for at in (at for at, item in enumerate(items) if item.has("color") and not is_in_color(items, at)):
        if _is_switched_off(items, at):
            return False
        start = max(bounds.before(items, at), at - _NEAR)
        near = items[start : min(_end(items, at), at + _NEAR + 1)]
        negated = any(item.has("not") and not _limits_option(near, n) for n, item in enumerate(near))
        if any(item.has("change") for item in near):
            return True if negated or any(item.has("not") for item in _around(items, at)[0]) else None
        if any(item.has("keep", "aside") for item in near):
            return not negated
        if (original := _original(items, at)) is not None:
            return not any(item.has("not") for item in items[max(0, at - _NEAR) : max(at, original)])
        if _is_only_painted(items, at):
            return True
    is_own = any(item.has("color") for item in items) and keeps_own(items)
    is_kept = is_own or any(item.has("true_colors") or _keeps_hue(items, at) for at, item in enumerate(items))
    return True if is_kept else None


def is_in_color(items: Sequence[Item], at: int) -> bool:
    """Tell whether a photo is only told to be in colour: "our only colour photo", "photo en couleur"."""
    clause = items[bounds.before(items, at) : bounds.behind(items, at)]
    is_kept = any(one.has("keep", "change", "original") and not one.has("photo") for one in clause)
    if is_kept or not items[at].has("color"):
        return False
    before, behind = [*items[max(0, at - 2) : at]], items[at + 1 : at + 2]
    is_led = any(one.has("article", "only", "own") for one in before[-1:])
    is_named = is_led and any(one.has("photo") for one in behind) and not items[at].text.endswith("s")
    return is_named or (len(before) > 1 and before[0].has("sent") and before[1].has("cue", "equal"))


def keeps_own(items: Sequence[Item]) -> bool:
    """Tell whether what is the photo's own is to stay: "the colours are off, keep the photo's own"."""
    return any(one.has("keep") and after.has("original") for one, after in pairwise(items))


def _is_switched_off(items: Sequence[Item], at: int) -> bool:
    """Tell whether keeping colours is set to a no, as in a form: "keep colors: no", "keep colors off"."""
    named = at + 1 + any(item.has("keep") for item in items[at + 1 : at + 2])  # "Farben behalten aus"
    is_set = any(item.text == ":" for item in items[named : named + 1])
    said = items[named + is_set : bounds.behind(items, named - 1 + is_set)]
    is_kept = any(item.has("keep", "true_colors") for item in items[max(0, at - _REFUSED) : named])
    return is_kept and len(said) == 1 and said[0].has("switched_off", *(("no", "not") if is_set else ()))


def _end(items: Sequence[Item], at: int) -> int:
    """Return the index behind the clause of a colour, and behind a bare no that follows it: "colours, no"."""
    end = bounds.behind(items, at)
    after = bounds.behind(items, end)
    return after if after - end <= _REFUSED + 1 else end


def _limits_option(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "not" is that of a strength or a size: "not stronger, the colors kept"."""
    behind = next((item for item in items[at + 1 :] if not item.has(*_SMALL)), None)
    return behind is not None and behind.has("strength", "size", "again")


def _original(items: Sequence[Item], at: int) -> int | None:
    """Return the index of the words by which colours are the photo's own: "original colours"."""
    is_led = at + 1 < len(items) and items[at + 1].has("cue")  # "take the colours from the original"
    beside = range(max(0, at - 1), min(len(items), at + 2 + is_led))
    found = next((n for n in beside if items[n].has("original")), None)
    if found is None and _is_of_photo(items, at):
        return at
    return _as_in_photo(items, at) if found is None else found


def _is_of_photo(items: Sequence[Item], at: int) -> bool:
    """Tell whether colours are the photo's: "in the colours of my photo"."""
    lead = next((item for item in reversed(items[:at]) if not item.has("article")), None)
    behind = items[at + 1 : at + 4]
    is_led = lead is not None and lead.has("cue", "with", "keep")
    return (
        is_led and any(item.has("of", "article") for item in behind) and any(i.has("photo") for i in behind)
    )


def _as_in_photo(items: Sequence[Item], at: int) -> int | None:
    """Return the index of what the colours are to be: "the colours have to be those of the photo".

    An order may stand apart: "for the colours, take those of the photo".
    """
    commas = [n for n in range(at + 1, len(items)) if items[n].text in _COMMAS][:1]
    for n in range(at + 1, min(len(items), at + 2 + _NEAR)):
        is_end = items[n].is_mark and n not in commas
        if is_end or items[n].mention or items[n].has("not", "size", "size_word"):
            return None
        if items[n].has("original") and not items[n].has("own"):
            return n
    return None


def _is_only_painted(items: Sequence[Item], at: int) -> bool:
    """Tell whether the strokes are wanted, and not the colours: "the brushwork yes, the colours no"."""
    before, behind = items[max(0, at - _REFUSED) : at], items[at + 1 : at + 1 + _REFUSED]
    is_refused = any(item.has("not") or item.text.endswith(" .") for item in [*before, *behind])
    return is_refused and any(item.has("stroke", "only") for item in items)


def _keeps_hue(items: Sequence[Item], at: int) -> bool:
    """Tell whether a single colour is to stay: "don't touch the red of the hull", "blue stays blue"."""
    if not items[at].has("hue"):
        return False
    before, behind = _around(items, at)
    again = next((n for n, item in enumerate(behind) if _is_same(item, items[at])), None)
    if again is not None and any(item.has(*_STAYS) for item in [*before, *behind[: again + 2]]):
        return True
    if not _is_thing(items, at):
        return False
    near = [*before, *behind]
    if any(item.has("not") for item in near):
        return any(item.has("change") for item in near)
    return any(item.has("keep") for item in near)


def _around(items: Sequence[Item], at: int) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return the items before a colour up to a mark or a style, and those behind it up to the second mark."""
    start = bounds.before(items, at, bounds.is_named)
    ends = [n for n in range(at + 1, len(items)) if items[n].is_mark][1:2]
    ends += [n for n in range(at + 1, len(items)) if items[n].mention][:1]
    end = min([*ends, at + 1 + _BEHIND, len(items)])
    return items[max(start, at - _BEFORE) : at], items[at + 1 : end]


def _is_thing(items: Sequence[Item], at: int) -> bool:
    """Tell whether a colour is a thing: "the red of the hull", but not "the red balloon"."""
    before, behind = items[:at][-1:], items[at + 1 : at + 1 + _OWNER]
    is_led = not before or before[0].is_mark or before[0].has(*_LEADS)
    if items[at].raw[0] >= FIRST_CJK:
        return True
    is_last = not behind or behind[0].is_mark or behind[0].has(*_GOES_ON)
    return is_led and (is_last or any(item.has("of") for item in behind))


def _is_same(item: Item, hue: Item) -> bool:
    """Tell whether a word is a colour once more: "den roten Mantel rot lassen", "赤いコートは赤のまま"."""
    letters = _STEM if hue.raw[0] < FIRST_CJK else 1
    return item.text == hue.text or (item.has("hue") and item.text[:letters] == hue.text[:letters])
