"""Read the options that a sentence asks for: strength, size, and the photo's colours.

    Options       what is asked for; None where nothing is said
    read_options  sentence -> Options
    lone_strength the strength of a clause that holds nothing else

A number is a strength if it has a per cent sign or the word "strength" beside it, or if it is a fraction such
as 0.6. It is one too if the sentence holds nothing else than a style and numbers from 5 to 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mailbot.intents.changes.change_amounts import LEVELS
from mailbot.intents.details import bounds
from mailbot.intents.details.kept_colors import keeps_colors
from mailbot.intents.details.sizes import is_of_original, means_size, measure, size_of
from mailbot.intents.mentions.contrasts import corrections
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from mailbot.intents.strengths import number_at, strength_at, strength_in_words
from styles.language.intents import SIZES, Intent
from styles.language.lexicon import Lexicon

#: Least number right behind a style, or alone in its clause, that is a strength, per cent.
_LEAST = 10
#: Least strength behind a small word or a mark, the steps in which people count, and the most, per cent.
_LEAST_LOOSE, _ROUND, _WHOLE = 5, 5, 100
#: Kinds of the words beside a number that is alone in its clause.
_TO_NUMBER = (
    *("place", "cue", "with", "equal", "than", "courtesy", "article", "limit", "ask", "and", "make"),
    *("any", "every", "these", "between", "decided", "want", "size", "size_word"),
)
#: The same before a decision: "wir haben uns auf 25 geeinigt".
_OF_DECISION = ("statement", "filler", "photo")
#: Words before a day or a birthday: "am 20.", "no 20", "zum 60.".
_DAYS = ("am", "no", "na", "zum", "beim", "vom")
#: Words behind an hour: "starry night at 9 am". A share of the size has its sign: "50% bigger".
_HOURS = ("am", "pm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Hold the options of a sentence."""

    strength: float | None = None  #: a fraction; more than 1 is out of range
    size: int | None = None  #: long side, pixels
    keep_colors: bool | None = None
    is_exact: bool = field(default=False, compare=False)  #: whether the strength is a number

    def over(self, other: Options) -> Options:
        """Return these options, with those of `other` where these say nothing."""
        return Options(
            strength=other.strength if self.strength is None else self.strength,
            size=other.size if self.size is None else self.size,
            keep_colors=other.keep_colors if self.keep_colors is None else self.keep_colors,
            is_exact=other.is_exact if self.strength is None else self.is_exact,
        )

    def beside(self, other: Options) -> Options:
        """Return these options with those of another sentence: "subtle" above "25% please" is 25%.

        So is "a poster" above "2000 pixels" 2000 pixels.
        """
        is_vague = self.strength is not None and not self.is_exact
        mine = replace(self, strength=None) if other.is_exact and is_vague else self
        is_measured = other.size is not None and other.size not in SIZES.values()
        return (replace(mine, size=None) if is_measured and self.size in SIZES.values() else mine).over(other)


def read_options(sentence: Sentence, words: Lexicon, taken: Sequence[int] = ()) -> Options:
    """Return the options of a sentence; `taken` are indices of numbers that are shares of a blend.

    What stands behind a correction counts before the rest: "big, no, small".
    """
    items = sentence.items
    if cut := max(corrections(items), default=0):
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
            options = options.over(Options(strength=strength, is_exact=True))
        elif found := measure(items, at, words):
            done, size = found
            options = Options(size=size).over(options)
        elif (intent := size_of(item, words)) and means_size(items, at, words):
            is_utmost = intent is Intent.BIG and at > 0 and items[at - 1].has("utmost")  # "möglichst groß"
            size = SIZES[Intent.FULL if is_utmost else intent]
            is_larger = (
                intent is Intent.FULL and options.size == SIZES[Intent.BIG]
            )  # "full size, for a print"
            options = replace(options, size=size) if is_larger else options.over(Options(size=size))
        elif item.is_number:
            loose.append((at, item.text))
    options = _with_loose(options, sentence, loose, words)
    if options.strength is None and not any(item.has(*LEVELS) for item in items):  # "baja la fuerza a 60"
        said, is_fraction = strength_in_words(items, words, taken)
        options = replace(options, strength=said, is_exact=is_fraction)
    if is_of_original(items, words):
        options = replace(options, size=SIZES[Intent.FULL])
    return options


def _with_loose(
    options: Options, sentence: Sentence, loose: Sequence[tuple[int, str]], words: Lexicon
) -> Options:
    """Read a number that stands alone as a strength, where only that can be meant: "mosaic 60"."""
    if options.strength is not None:
        return options
    if len(loose) == 1 and _is_strength(sentence, *loose[0], words):
        return replace(options, strength=int(loose[0][1]) / _WHOLE, is_exact=True)
    if sentence.has_mention and (lone := lone_strength(sentence.items, words)):
        return replace(options, strength=lone, is_exact=True)  # "great wave, at 20"
    return options


def _is_strength(sentence: Sentence, at: int, text: str, words: Lexicon) -> bool:
    """Tell whether the only loose number of a sentence is a strength: "udnie with 85 please, for me"."""
    behind = [item for item in sentence.items[at + 1 :] if not item.has("courtesy", "filler")]
    follows = sentence.items[at + 1 : at + 2]
    is_other = any(item.text in (*_HOURS, "%") or item.has("percent", "of") for item in follows)
    is_other = is_other or _counts_else(sentence.items, at)
    if is_other or not (text.isdigit() and _LEAST_LOOSE <= int(text) <= _WHOLE):
        return False
    small = ("cue", "for", "place", "filler", "and", "limit")
    is_alone = all(item.is_number or item.has("courtesy", "filler") for item in sentence.clause(at))
    parts = (",", "，") if is_alone else ()  # "scream, 45"
    before = [item for item in sentence.items[:at] if not (item.has(*small) or item.text in parts)]
    is_end = not behind or behind[0].is_mark
    is_led = bool(before) and sentence.items[at - 1] is not before[-1]
    is_behind = bool(before) and _takes_number(before[-1], int(text), words, is_led=is_led)
    is_for = is_led and any(item.has("for") for item in follows)  # "al 90 para el equipo"
    is_before = not at and len(sentence.words) == 2 and sentence.has_mention  # "50 wave"
    return is_before or (is_behind and (not sentence.unknown or is_end or is_for))


def lone_strength(items: Sequence[Item], words: Lexicon) -> float | None:
    """Return the strength of a clause with nothing but the only number and a lead: "great wave, at 20".

    Without a lead it may be the age below a name: "Ann, 30".
    """
    decided = max((at for at, item in enumerate(items) if item.has("decided")), default=0)
    numbers = [at for at in range(len(items)) if number_at(items, at, words) is not None]
    if decided:  # "you said 20, we agreed on 25", "du 20, dann auf 25 geeinigt"
        numbers = [at for at in numbers if at > decided][:1] or numbers[-1:]
    if len(numbers) != 1 or _counts_else(items, numbers[0]):
        return None
    at = numbers[0]
    start = bounds.before(items, at, bounds.parts_requests)
    orders = [n for n in range(start, at) if items[n].has("and") and items[n + 1].has("make")]
    start = max([start, *orders, decided * (decided < at)])  # "keep my colours and turn it down to 60"
    clause = items[start : bounds.behind(items, at, bounds.parts_requests)]
    small = (*_TO_NUMBER, *(_OF_DECISION if decided > at else ()))
    is_lone = all(_is_beside_number(item, small) for item in clause if item is not items[at])
    number = number_at(items, at, words) or 0
    is_strength = _LEAST <= number <= _WHOLE and number % _ROUND == 0
    is_said = at > start or (items[at].is_number and not any(item.is_unknown for item in items))
    return number / _WHOLE if is_lone and is_strength and is_said else None


def _is_beside_number(item: Item, small: Sequence[str]) -> bool:
    """Tell whether a word is one of the small ones beside a strength that is alone; "60で" has a particle."""
    return item.has(*small) or (item.raw[0] >= FIRST_CJK and item.has("filler"))


def _counts_else(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number is no strength by what is before it: "am 20.", "for the 60", "a 10", "-10"."""
    if items[at].raw.startswith("-"):
        return True
    before, lead = [None, None, *items[:at]][-2:]
    if lead is None:
        return False
    is_article = lead.has("article") and not lead.has("cue", "equal")
    if is_article and lead.text == "a" and before is not None and before.mention:
        return False  # "Kandinsky a 60", which may be in any language
    return lead.text in _DAYS or (is_article and not (before and before.has("with")))


def _takes_number(item: Item, number: int, words: Lexicon, *, is_led: bool) -> bool:
    """Tell whether a number behind an item can be a strength: that of a style, or one beside its words.

    "Composition 8" and "Kandinsky 7" are titles, "Kandinsky at 7" is not.
    """
    if item.mention is None:
        return item.text in words.strengths
    return number >= _LEAST or (is_led and item.mention.grade is not Grade.WORD)
