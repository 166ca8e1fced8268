"""Tell whether a photo is left out by its number: "all except the last", "all but the first in the scream".

is_excepted    whether the photo at an index is
is_not_alone   whether more than that photo is meant: "not only the first"
is_all_but     whether a phrase leaves out what is behind it: "tous sauf"
leaves_one_out whether any is between two indices
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.sentence import NUMBERED, Item
from styles.language.lexicon import lexicon
from styles.language.word_rows import reply_row

#: Most words between a "not" and the number of a photo.
_NEAR = 4
#: Kinds of words that mean all photos.
ALL = ("every", "any", "these", "intents")
#: English words by which a photo is left out behind these, and kinds of words that say an option of it.
_BUT = ("but", "bar", "save")
_SAYING = ("strength", "strength_word", "percent", "size", "size_word", "pixel", "color", "keep")
#: Words before a "but" that leaves one out whatever is said behind it: "everything but the first bigger".
_EVERYTHING = ("everything", "everyone", "everybody")
#: Kinds of words that can end a sentence behind a photo that is left out.
_ENDING = ("photo", "of", "courtesy", "thanks")


def is_excepted(items: Sequence[Item], at: int) -> bool:
    """Tell whether a photo is left out by its number: "all but the last", "最後の一枚以外"."""
    if items[at].kinds.isdisjoint(NUMBERED):
        return False
    before = [item for item in items[max(0, at - _NEAR) : at] if not item.has("article", "for", "cue")]
    behind = [item for item in items[at + 1 : at + 3] if not item.has("photo", "of")]
    is_led = bool(before) and before[-1].has("not") and not before[-1].is_mark
    is_sure = len(before) > 1 and (before[-2].text in _EVERYTHING or not _is_asked(items[: at - 1]))
    is_said = not is_sure and any(item.has(*_SAYING) for item in behind)
    is_led = is_led or (_are_all_but(before) and not is_said) or _ends_with_but(items, at)
    return is_led or bool(behind and behind[0].has("not_after"))


def _is_asked(items: Sequence[Item]) -> bool:
    return any(item.mention or item.is_number or item.has(*_SAYING, "again") for item in items)


def _ends_with_but(items: Sequence[Item], at: int) -> bool:
    """Tell whether a sentence ends with a "but" and a photo, behind a wish for all: "all weaker but 1"."""
    before = [item for item in items[:at] if not item.has("article", "for", "cue")]
    is_end = all(item.is_mark or item.has(*_ENDING) for item in items[at + 1 :])
    is_of_all = any(item.has(*ALL) and not _is_both(item) for item in before)
    return is_end and is_of_all and before[-1].text in _BUT and _is_asked(before)


def is_all_but(item: Item) -> bool:
    """Tell whether a phrase leaves out of all what stands behind it: "tous sauf"."""
    first, _, rest = item.text.partition(" ")
    return item.has("not") and bool(rest) and first in lexicon().phrases("every", "any")


def is_not_alone(items: Sequence[Item], at: int) -> bool:
    """Tell whether more than the photo at an index is meant: "not only the first", "1枚目だけじゃなくて"."""
    before = [item.text for item in items[max(0, at - _NEAR) : at] if not item.has("copula", "article")]
    behind = [item for item in items[at + 1 : at + 3] if not item.has("photo")]
    is_led = any(" ".join(before).endswith(phrase) for phrase in reply_row("not_only").words)
    return is_led or (len(behind) > 1 and behind[0].has("only") and behind[1].has("not_after"))


def leaves_one_out(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether a photo is left out between two indices: "all in udnie, except the last, which …"."""
    return any(is_excepted(items, at) for at in range(start, end))


def _are_all_but(before: Sequence[Item]) -> bool:
    """Tell whether words end with an "all but"; "for all, but the last one bigger" leaves none out.

    Neither does "both but the first one at 50%": of two, nobody says "both" for the other.
    """
    is_led = len(before) > 1 and before[-1].text in _BUT and before[-2].has(*ALL, "photo", "counts")
    return is_led and not _is_both(before[-2])


def _is_both(item: Item) -> bool:
    return "both" in item.text.split()
