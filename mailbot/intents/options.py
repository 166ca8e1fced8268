"""Read the options that a sentence asks for: strength, size, and the photo's colours.

    Options       what is asked for; None where nothing is said
    read_options  sentence -> Options

A number is a strength if it has a per cent sign or the word "strength" beside it, or if it is a fraction such
as 0.6. It is one too if the sentence holds nothing else than a style and numbers from 5 to 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.intents.details.kept_colors import keeps_colors
from mailbot.intents.mentions.contrasts import is_bare_no
from mailbot.intents.mentions.refusals import is_option_refused
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from mailbot.intents.strengths import is_told, number_at, strength_at, strength_in_words
from styles.contract import DEFAULT_SIZE, MAX_SIZE, MIN_SIZE
from styles.language.intents import SIZES, Intent
from styles.language.lexicon import Lexicon

#: Items between a word for keeping and a word for colours: "the colours should stay".
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
    "fit",
    "between",  # "groß haben"
    "than",  # "grande que …"
    "reason",
    "limit",
    "now",
    "again",
    "statement",  # "send it small because …"
    "original",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Hold the options of a sentence."""

    strength: float | None = None  #: a fraction; more than 1 is out of range
    size: int | None = None  #: long side, pixels
    keep_colors: bool | None = None

    def over(self, other: Options) -> Options:
        """Return these options, with those of `other` where these say nothing."""
        return Options(
            strength=other.strength if self.strength is None else self.strength,
            size=other.size if self.size is None else self.size,
            keep_colors=other.keep_colors if self.keep_colors is None else self.keep_colors,
        )


def read_options(sentence: Sentence, words: Lexicon, taken: Sequence[int] = ()) -> Options:
    """Return the options of a sentence; `taken` are indices of numbers that are shares of a blend.

    What stands behind a correction counts before the rest: "big, no, small".
    """
    items = sentence.items
    cut = max(
        (n for n, item in enumerate(items) if item.has("correction") or is_bare_no(items, n)), default=0
    )
    if cut:
        before = read_options(replace(sentence, items=items[:cut]), words, taken)
        rest = replace(sentence, items=items[cut + 1 :])
        return read_options(rest, words, [at - cut - 1 for at in taken]).over(before)
    options = Options(keep_colors=keeps_colors(items))
    loose: list[tuple[int, str]] = []
    done = 0
    for at, item in enumerate(items):
        if at in taken or item.mention or at < done:
            continue
        if (strength := strength_at(items, at, words)) is not None:
            options = options.over(Options(strength=strength))
        elif found := _measure(items, at, words):
            done, size = found
            options = Options(size=size).over(options)
        elif (
            (intent := _size(item, words))
            and not is_option_refused(items, at, words)
            and not _is_small_talk(items, at)
            and not is_of_thing(items, at)
            and not (item.has("region") and any(one.has("edits") for one in items[max(0, at - _NEAR) : at]))
            and not is_told(items, at)
        ):
            is_utmost = intent is Intent.BIG and at > 0 and items[at - 1].has("utmost")  # "möglichst groß"
            size = SIZES[Intent.FULL if is_utmost else intent]
            is_larger = (
                intent is Intent.FULL and options.size == SIZES[Intent.BIG]
            )  # "full size, for a print"
            options = replace(options, size=size) if is_larger else options.over(Options(size=size))
        elif item.is_number:
            loose.append((at, item.text))
    if options.strength is None:
        options = replace(options, strength=strength_in_words(items, words, taken))
    if _is_of_original(items, words):
        options = replace(options, size=SIZES[Intent.FULL])
    return _with_loose(options, sentence, loose)


def _is_of_original(items: Sequence[Item], words: Lexicon) -> bool:
    """Tell whether the size is to be the photo's own: "same size as the original", "as big as you can"."""
    for at, item in enumerate(items):
        if item.mention or not item.has("size_word", "size"):
            continue
        is_led = False
        for behind in items[at + 1 : at + 1 + _NEAR]:
            is_named = behind.has("original", "photo") and (behind.has("sent") or not behind.has("filler"))
            if is_led and (is_named or (_size(item, words) is Intent.BIG and behind.has("utmost"))):
                return True
            if behind.is_mark or not behind.has("equal", "of", "article", "filler", "original", "utmost"):
                break
            is_led = is_led or behind.has("equal") or (item.has("size_word") and behind.has("of"))
    return False


def _with_loose(options: Options, sentence: Sentence, loose: Sequence[tuple[int, str]]) -> Options:
    """Read a number that stands alone as a strength, where only that can be meant: "mosaic 60"."""
    numbers = [text for _, text in loose]
    if options.strength is None and len(loose) == 1 and numbers[0].isdigit() and not sentence.unknown:
        at, text = loose[0]
        before = [item for item in sentence.items[:at] if not item.has("cue", "for", "place", "filler")]
        if before and before[-1].mention and 5 <= int(text) <= 100:
            return replace(options, strength=int(text) / 100)
    return options


def _measure(items: Sequence[Item], at: int, words: Lexicon) -> tuple[int, int] | None:
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


def _size(item: Item, words: Lexicon) -> Intent | None:
    intent = Intent.of(words.intents.get(item.text, "")) if not item.mention else None
    return intent if intent in SIZES else None


def _is_small_talk(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for a size means none: "a big thank you", "a small town"."""
    after = items[at + 1] if at + 1 < len(items) else None
    before = items[at - 1] if at else None
    if before and " " not in items[at].text and (before.has("strength_word") or before.text in _OF):
        return True  # "effet maxi", "la chambre du petit"
    if after is None or after.is_mark or after.is_number:
        return False
    if after.has("strength_word") and items[at].has("slight"):  # "a tiny effect"
        return True
    if after.raw[0] >= FIRST_CJK and not after.is_unknown:
        return False
    if items[at].text.count(" ") > 1:  # "as big as you can make it"
        return False
    is_of = after.has("of") and " " not in items[at].text
    is_style = after.mention is not None and after.mention.grade is not Grade.WORD  # "the big hat"
    return is_of or after.has("thanks") or not (is_style or after.has(*_BEHIND_SIZE))


def is_of_thing(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for a size is about a thing in the photo: "with my cat's head twice as large"."""
    before = items[max(0, at - 3) : at]
    if any(map(str.isdigit, items[at].text)) or len(before) < 2 or not before[-1].raw[0].isascii():
        return False
    is_thing = (before[-1].is_unknown or before[-1].has("caption", "region")) and before[-1].raw.isalpha()
    return is_thing and any(item.has("article", "own", "caption") or item.is_unknown for item in before[:-1])
