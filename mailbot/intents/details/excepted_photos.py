"""Tell whether a photo is left out by its number: "all except the last", "all but the first in the scream".

is_excepted    whether the photo at an index is
leaves_one_out whether any is between two indices
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.sentence import NUMBERED, Item

#: Most words between a "not" and the number of a photo.
_NEAR = 4
#: Kinds of words that mean all photos.
ALL = ("every", "any", "these", "intents")
#: English words by which a photo is left out behind these, and kinds of words that say an option of it.
_BUT = ("but", "bar", "save")
_SAYING = ("strength", "strength_word", "percent", "size", "size_word", "pixel", "color", "keep")

#: Words before a "but" that leaves one out whatever is said behind it: "everything but the first bigger".
_EVERYTHING = ("everything", "everyone", "everybody")


def is_excepted(items: Sequence[Item], at: int) -> bool:
    """Tell whether a photo is left out by its number: "all but the last", "最後の一枚以外"."""
    if items[at].kinds.isdisjoint(NUMBERED):
        return False
    before = [item for item in items[max(0, at - _NEAR) : at] if not item.has("article", "for", "cue")]
    behind = [item for item in items[at + 1 : at + 3] if not item.has("photo", "of")]
    is_led = bool(before) and before[-1].has("not") and not before[-1].is_mark
    is_sure = len(before) > 1 and before[-2].text in _EVERYTHING
    is_said = not is_sure and any(item.has(*_SAYING) for item in behind)
    is_led = is_led or (_are_all_but(before) and not is_said)
    return is_led or bool(behind and behind[0].has("not_after"))


def leaves_one_out(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether a photo is left out between two indices: "all in udnie, except the last, which …"."""
    return any(is_excepted(items, at) for at in range(start, end))


def _are_all_but(before: Sequence[Item]) -> bool:
    """Tell whether words end with an "all but"; "for all, but the last one bigger" leaves none out.

    Neither does "both but the first one at 50%": of two, nobody says "both" for the other.
    """
    is_led = len(before) > 1 and before[-1].text in _BUT and before[-2].has(*ALL, "photo", "counts")
    return is_led and "both" not in before[-2].text.split()
