"""Read the size that a sentence asks for: "size: large", "1600px", "20 x 30 cm", "as big as the original".

measure         a size in numbers
is_quality      whether a Chinese or Japanese word tells how large a thing is
means_size      whether a word for a size asks for one: not in "a big thank you", "our little one"
size_of         the size of such a word
is_excess       whether the last painting was too large or too small for it
is_of_original  whether a sentence asks for the photo's own size
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.details import bounds
from mailbot.intents.details.refused_options import is_option_refused
from mailbot.intents.details.told_options import is_described, is_of_noun, is_of_thing, is_of_title, is_told
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item
from mailbot.intents.strengths import number_at
from styles.contract import DEFAULT_SIZE, MAX_SIZE, MIN_SIZE
from styles.language.intents import SIZES, Intent
from styles.language.lexicon import Lexicon

#: Rows of what was wrong with the size of the last painting.
_EXCESS = ("too_large", "too_small")
#: Items before a size in which the verb of an edit stands, and those behind a word for the size.
_NEAR = 5
#: Inches of the units in which prints are measured; a pixel has no length.
_UNITS = {"pixel": 0.0, "inch": 1.0, "cm": 1 / 2.54}
#: Dots for an inch of a print, and the longest side that is taken for inches where no unit stands.
_DOTS, _LARGEST_IN_INCHES = 150, 24
#: Words before somebody's name, so that "la chambre du petit" is a child's.
_OF = ("du", "del", "do", "des")
#: Kinds of words that can stand behind a size.
_BEHIND_SIZE = (
    "courtesy",
    "and",
    "with",
    "strength",
    "for",
    "after",
    "intents",
    "keep",
    "cue",
    "not",
    "photo",
    "of",
    "size_word",
    "versions",
    "fit",
    "between",  # "groß haben"
    "than",  # "grande que …"
    "reason",
    "limit",
    "only",
    "now",
    "again",
    "statement",  # "send it small because …"
    "original",
)
#: Kinds of words between a size and the original: "resolution, if possible, as in the original".
_BEFORE_ORIGINAL = ("equal", "of", "article", "filler", "original", "utmost", "courtesy", "place", "cue")
#: Characters above which a Chinese or Japanese phrase for a size is a wish: "大きめのサイズを希望".
_WISH, _LEADS = 5, ("に", "の")
#: Endings of Japanese words before a noun, and particles behind a noun that is told of: "大きな絵が…".
_BEFORE_NOUN, _TOLD = ("い", "な", "の"), ("が", "を", "も")
#: Kinds of words that can stand before and behind "大" and "小" alone.
_BEFORE_HAN = ("want", "make", "ask", "size_word", "photo", "percent")
_BEHIND_HAN = ("courtesy", "fit", "reason", "limit", "and", "statement", "ask")


def means_size(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether a word for a size asks for one, and is no part of a tale."""
    before = [one for one in items[max(0, at - _NEAR) : at] if not one.has("article")]
    is_edited = any(one.has("edits") for one in before) or (bool(before) and before[-1].has("only"))
    return not (
        (is_edited and items[at].has("region"))
        or is_option_refused(items, at, words)
        or (_is_small_talk(items, at) and not _is_full(items[at], words))
        or is_quality(items, at)
        or (is_of_thing(items, at) and not _is_full(items[at], words))
        or is_described(items, at, words)
        or is_of_title(items, at)
        or is_of_noun(items, at)
        or is_excess(items, at, words)
        or is_told(items, at)
    )


def is_excess(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether the last painting was too large or too small for a size: "too big for my phone"."""
    return at > 0 and words.changes.get(items[at - 1].text) in _EXCESS


def is_of_original(items: Sequence[Item], words: Lexicon) -> bool:
    """Tell whether the size is to be the photo's own: "same size as the original", "as big as you can"."""
    for at, item in enumerate(items):
        if item.has("lower") and _is_not_less(items, at):
            return True
        if not item.mention and item.has("size_word", "pixel") and _is_whole(items, at):
            return True
        if item.mention or not item.has("size_word", "size"):
            continue
        is_led = False
        for behind in items[at + 1 : at + 1 + _NEAR]:
            is_named = behind.has("original", "photo") and (behind.has("sent") or not behind.has("filler"))
            if is_led and (is_named or (size_of(item, words) is Intent.BIG and behind.has("utmost"))):
                return True
            if behind.is_mark or not behind.has(*_BEFORE_ORIGINAL):
                break
            is_led = (
                is_led or behind.has("equal") or (item.has("size_word") and behind.has("of", "place", "cue"))
            )
    return False


def _is_whole(items: Sequence[Item], at: int) -> bool:
    """Tell whether nothing of the size is to be lost: "the full resolution", "don't lower the resolution"."""
    start = bounds.before(items, at, bounds.is_named)
    end = bounds.behind(items, at, bounds.is_named)
    near = [*items[max(start, at - _NEAR) : at], *items[at + 1 : min(end, at + _NEAR)]]
    if any(item.has("size", "again", "past", "color") or item.is_number for item in near):
        return False
    is_kept = any(item.has("whole") or (item.has("keep") and not item.has("cue")) for item in near)
    is_own = any(item.has("original") and not item.has("own", "filler") for item in near)
    is_refused = any(item.has("not") for item in near) and any(item.has("lower", "change") for item in near)
    return is_kept or is_own or is_refused


def _is_not_less(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for less is refused beside the original: "no smaller than the original"."""
    before, behind = items[max(0, at - _NEAR) : at], items[at + 1 : at + _NEAR]
    is_refused = any(item.has("not") for item in before)
    return is_refused and any(item.has("original", "sent") and not item.has("own") for item in behind)


def measure(items: Sequence[Item], at: int, words: Lexicon) -> tuple[int, int] | None:
    """Return the end and the size of a measure that begins at an item: "1600px", "20 x 30 cm", "1200x800"."""
    first = number_at(items, at, words)
    if first is None:
        return None
    end, sides = at + 1, [first]
    while end + 1 < len(items) and items[end].has("times") and items[end + 1].is_number:
        sides.append(float(items[end + 1].text.replace(",", ".")))
        end += 2
    unit = next((kind for kind in _UNITS if end < len(items) and items[end].has(kind)), "")
    if not unit and len(sides) == 1:
        return None
    side = max(sides)
    if not unit:  # prints are measured in inches up to about a foot, in centimetres above
        unit = "pixel" if side >= MIN_SIZE else "inch" if side <= _LARGEST_IN_INCHES else "cm"
    if unit == "pixel":
        return end + 1, min(MAX_SIZE, max(MIN_SIZE, round(side)))
    needed = side * _UNITS[unit] * _DOTS
    return end + 1, next((size for size in (DEFAULT_SIZE, SIZES[Intent.BIG]) if size >= needed), MAX_SIZE)


def size_of(item: Item, words: Lexicon) -> Intent | None:
    """Return the size that a word asks for, None for other words."""
    intent = Intent.of(words.intents.get(item.text, "")) if not item.mention else None
    return intent if intent in SIZES else None


def _is_full(item: Item, words: Lexicon) -> bool:
    """Tell whether a noun means the photo's own size, with any word behind it: "full resolution matters"."""
    return size_of(item, words) is Intent.FULL and (" " in item.text or item.has("size_word"))


def _is_small_talk(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for a size means none: "a big thank you", "a small town"."""
    after = items[at + 1] if at + 1 < len(items) else None
    before = items[at - 1] if at else None
    is_single = " " not in items[at].text
    if before and is_single and (before.has("strength_word", "own") or before.text in _OF):
        return True  # "effet maxi", "ma petite", "la chambre du petit"
    if after is None or after.is_mark or after.is_number:
        return False
    if (after.has("thanks") and is_single) or (after.has("strength_word") and items[at].has("slight")):
        return True  # "a big thank you", "a tiny effect"
    is_wish = items[at].raw[0] >= FIRST_CJK and len(items[at].text) > _WISH
    is_wish = is_wish and not items[at].text.endswith(_LEADS)
    is_han = is_wish or (after.raw[0] >= FIRST_CJK and not (after.is_unknown or after.mention))
    if is_han or items[at].text.count(" ") > 1:  # "as big as you can make it"
        return False
    is_style = after.mention is not None and after.mention.grade is not Grade.WORD  # "the big hat"
    is_use = after.has("filler") and " " in after.text  # "in piccolo per il profilo"
    return (after.has("of") and is_single) or not (is_style or is_use or after.has(*_BEHIND_SIZE))


def is_quality(items: Sequence[Item], at: int) -> bool:
    """Tell whether a Chinese or Japanese word tells how large a thing is: "小时候", "风大", "大きな絵が…"."""
    text, after = items[at].text, items[at + 1 : at + 3]
    if text[0] < FIRST_CJK:
        return False
    if len(text) > 1:
        is_noun = len(after) > 1 and not (after[0].is_mark or after[0].has("size_word", "of"))
        return text.endswith(_BEFORE_NOUN) and is_noun and after[1].text in _TOLD
    before = items[at - 1] if at else None
    is_led = before is None or before.is_mark or before.is_number or before.mention is not None
    is_led = is_led or (before is not None and before.has(*_BEFORE_HAN))
    return not (
        is_led and all(item.has(*_BEHIND_HAN) or item.is_mark or item.is_number for item in after[:1])
    )
