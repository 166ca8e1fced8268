"""Read the strength that a sentence asks for, in numbers or in words.

number_at          a number, in digits or in words
percent_at         the fraction of a percentage: "60%", "sixty per cent"
strength_at        that of a number: "60%", "strength 60", "0.6"
strength_in_words  "very light", "not too strong", "with little force"

A word for an amount is a strength beside a word for strength: "con poca fuerza", "two thirds of the effect".
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.details import bounds
from mailbot.intents.details.refused_options import is_option_refused
from mailbot.intents.details.told_options import is_told
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item
from styles.language.lexicon import WEAKER, Lexicon

#: Items between a "not" and the strength that it limits, "don't make it too strong", and between an amount
#: and the word for strength: "two thirds of its full effect".
_NEAR, _AMOUNT_NEAR = 5, 3
#: Per cent of a small word beside a word for strength: "low intensity".
SLIGHT = 40
#: Least per cent that a number without a sign means.
_LEAST = 10
#: Per cent of the full strength.
_FULL = 100
#: Kinds of small words around a fraction that is a strength by itself: "but only about two thirds please".
_AROUND = (
    *("strength_word", "filler", "courtesy", "article", "limit", "and"),
    *("cue", "place", "for", "only", "make", "instead"),
)
#: Kinds of words beside a small word that is a strength by itself: "but only very weak please".
_BESIDE = (
    *("mild", "size", "filler", "courtesy", "article", "limit", "only"),
    *("and", "cue", "make", "paint", "want", "ask"),
)
_BEHIND = ("courtesy", "fit", "filler", "make", "ask", "want")
#: A strength, and whether it is a fraction.
_Said = tuple[float | None, bool]
#: Per cent below which a percentage beside a thing is no strength.
_FAINT = 20


def number_at(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the number at an item, in digits or in words, None for other items."""
    item = items[at]
    return float(item.text.replace(",", ".")) if item.is_number else words.numbers.get(item.text)


def percent_at(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the fraction of a percentage that begins at an item, or stands there in words."""
    number, after = number_at(items, at, words), items[at + 1] if at + 1 < len(items) else None
    if number is None:
        return None
    is_percent = after is not None and (after.text == "%" or after.has("percent"))
    is_percent = is_percent or (at > 0 and items[at - 1].has("percent") and not items[at - 1].is_number)
    before = items[at - 1] if at else None
    if before and _is_of_else(before):
        return None
    if any(near.has("again") and near.has("size") for near in items[at + 2 : at + 3]):
        return None  # "50% bigger"
    if at > 1 and items[at - 1].text == "+" and (number_at(items, at - 2, words) or 0) > _FULL:
        return None  # "R$ 180 + 10 %"
    is_of_thing = number < _FAINT and _is_of_thing(items[max(0, at - 3) : at])
    return number / _FULL if is_percent and not is_of_thing else None


def _is_of_else(before: Item) -> bool:
    """Tell whether a percentage behind an item is no strength: "saturation 50%", "not 80%"."""
    is_discount = before.has("letter") and " " in before.text  # "a discount of 10%"
    is_refused = before.has("not") and not before.has("no")
    return is_discount or is_refused or (before.has("edits") and not before.mention)


def strength_at(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the strength of a number at an item, None for other numbers."""
    if (share := percent_at(items, at, words)) is not None:
        return share
    item, number = items[at], number_at(items, at, words)
    if number is None:
        return None
    if not item.is_number:  # "strength forty"
        is_led = any(near.has("strength_word") for near in items[max(0, at - 2) : at])
        return number / _FULL if is_led and number <= _FULL else None
    led = [near for near in items[max(0, at - _NEAR) : at] if not near.has("place", "article")]
    beside = [*led[-2:], *items[at + 1 : at + 2]]
    if any(near.has("strength_word") for near in beside):
        if number >= _LEAST:  # "force 8" is a wind
            return number / _FULL
        return number if number <= 1 and not item.text.isdigit() else None
    is_fraction = not item.text.isdigit() and 0 < number <= 1
    is_percent = _is_set(items, at) and _LEAST <= number <= _FULL
    return number if is_fraction else number / _FULL if is_percent else None


def _is_set(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number ends a clause that sets something to it: "put it at 80"."""
    before, after = items[max(0, at - 3) : at], items[at + 1 : at + 2]
    is_end = all(item.is_mark for item in after)
    is_led = len(before) == 3 and before[0].has("make") and before[2].has("place")
    return is_end and is_led and not (before[1].is_unknown or before[1].mention)


def strength_in_words(items: Sequence[Item], words: Lexicon, taken: Sequence[int]) -> _Said:
    """Return the strength that words say, and whether it is a fraction: "very light", "a quarter of it".

    A fraction counts before the others: "only lightly, say a quarter of the full effect".
    """
    free = [
        at
        for at, item in enumerate(items)
        if not (at in taken or item.mention or is_of_number(items, at, words) or is_told(items, at))
    ]
    read = (_exact_strength, _vague_strength, _bare_strength)
    found = ((each(items, at, words), items[at].has("fractions")) for each in read for at in free)
    return next((said for said in found if said[0] is not None), (None, False))


def _exact_strength(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the strength of a fraction: "three fifths of the effect", "at two thirds", "七成五"."""
    percent = words.fractions.get(items[at].text)
    if percent is None or _of_strength(items, at, words) is not None:
        return None if percent is None else percent / _FULL
    behind = next((n for n in range(at + 1, len(items)) if not items[n].has(*_BEHIND)), len(items))
    is_end = behind == len(items) or items[behind].is_mark or items[behind].has("and", "limit")
    if items[at].text in words.strengths:
        return percent / _FULL
    start = bounds.before(items, at, bounds.is_named)
    is_alone = all(one.has(*_AROUND, *NUMBERED) and not one.has("letter") for one in items[start:at])
    return percent / _FULL if is_end and is_alone else None


def _vague_strength(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the strength of other words: "very light", "con poca fuerza", "not too strong"."""
    if (share := _of_strength(items, at, words)) is not None:
        return share
    said = words.strengths.get(items[at].text)
    if any(one.has("again") for one in items[at + 1 : at + 2]):  # "slightly stronger"
        return None
    behind = [one for one in items[at + 1 : at + 3] if not one.has("of")]
    is_noun = bool(behind) and (behind[0].is_unknown or _is_praise(behind[0]))
    is_of_noun = is_noun and (behind[0].raw.isascii() or behind[0].has("hue"))  # "少一点橙色"
    is_other = _is_dislike(items, at) or _is_of_people(items, at)
    if is_other or (items[at].has("slight") and _is_light(items[:at])):
        return None
    is_of_size = at + 1 < len(items) and is_option_refused(items, at + 1, words)
    if said and not is_of_noun and not is_of_size:  # "not too much trouble"
        is_weak = said < _FULL
        is_refused = is_option_refused(items, at, words) or (not is_weak and _is_negated(items, at))
        return ((_FULL if is_weak else WEAKER) if is_refused else said) / _FULL
    is_limited = words.changes.get(items[at].text) == "too_strong" or items[at].has("too")
    is_limited = is_limited and _is_negated(items, at) and _is_of_style(items, at, words)
    return WEAKER / 100 if is_limited else None


def _bare_strength(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the strength of a small word alone in its clause, beside a style: "wave, weak", "weak wave".

    "She's weak now" and "not much time" say something else.
    """
    item, start = items[at], bounds.before(items, at, bounds.is_named)
    clause = [one for one in items[start : bounds.behind(items, at, bounds.is_named)] if one is not item]
    is_small = (
        item.has("slight", "mild", "sparing") and not item.has("again", "size") and not item.raw[0].isupper()
    )
    is_alone = all(one.has(*_BESIDE) and not one.has("statement", "copula", "not") for one in clause)
    is_of_style = any(one.mention for one in items)
    return WEAKER / _FULL if is_small and is_alone and is_of_style else None


def _is_light(before: Sequence[Item]) -> bool:
    """Tell whether a "light" behind these words is a thing: "with warmer light"."""
    return len(before) > 1 and before[-1].is_unknown and before[-2].has("with") and before[-1].raw.islower()


def _is_dislike(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word says how much one of the pictures is liked: "the first one not so much"."""
    before = items[bounds.before(items, at) : at]
    rest = [item for item in before if not item.has("single", "article", "photo")]
    return bool(rest) and bounds.behind(items, at) == at + 1 and all(item.has(*NUMBERED) for item in rest)


def _is_of_people(items: Sequence[Item], at: int) -> bool:
    """Tell whether a share is one of people or things: "metà della famiglia", "家族の半分"."""
    if not items[at].has("amounts"):
        return False
    behind, before = items[at + 1 : at + 2 + _AMOUNT_NEAR], items[max(0, at - 2) : at]
    noun = [item for item in behind if not item.has("of", "article")][:1]
    is_led = any(item.has("of", "article") for item in behind[:1])
    if items[at].raw[0] >= FIRST_CJK and any(item.has("of") for item in before[1:]):
        noun, is_led = [before[0]], True
    return is_led and any(item.is_unknown or item.has("caption", "being") for item in noun)


def _is_praise(item: Item) -> bool:
    """Tell whether a word is a quality that a strength before it belongs to: "a bit less happy"."""
    return item.has("praise") and not item.has("filler", "strength", "courtesy")


def _is_of_style(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether what there may not be too much of is a style: "too strong", "not too Mondrian"."""
    behind = items[at + 1 : at + 2]
    is_strong = words.strengths.get(behind[0].text) == _FULL if behind else False
    return not items[at].has("too") or is_strong or any(item.mention for item in behind)


def _is_of_thing(before: Sequence[Item]) -> bool:
    """Tell whether a percentage is that of a thing: "our phone's on 4%"."""
    owner = [item for item in before if not item.has("statement") or item.has("own")]
    return len(owner) == 3 and owner[0].has("own") and owner[1].is_unknown and owner[2].has("cue", "place")


def is_of_number(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether a half belongs to a number: "six years and a half"."""
    before = [item for item in items[max(0, at - _NEAR) : at] if not item.has("article")]
    if not (before and before[-1].has("and")):
        return False
    return any(item.is_number or item.text in words.numbers for item in before[-3:-1])


def _of_strength(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the strength of an amount or a small word beside a word for strength.

    "A third of the full effect", "con poca fuerza", "effetto leggero".
    """
    amount = words.amounts.get(items[at].text, SLIGHT if items[at].has("slight") else None)
    if amount is None:
        return None
    lead = items[at - 1 - (at > 1 and items[at - 1].text == ":")] if at else None
    is_said = items[at].has("slight") or (items[at].has("amounts") and items[at - 1].text == ":")
    if lead and lead.has("strength_word") and is_said:  # "strength: three quarters"
        return amount / _FULL
    for item in items[at + 1 : at + 2 + _AMOUNT_NEAR]:
        if item.has("again"):  # "slightly stronger"
            return None
        if item.has("strength_word") or words.strengths.get(item.text) == _FULL:
            return amount / _FULL
        is_any = items[at].has("fractions") and item.is_unknown  # "a quarter of the complete effect"
        if item.mention or not (is_any or item.has("of", "article", "filler", "original")):
            return None
    return None


def _is_negated(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "not" stands before an item: "don't make it too strong", "I don't want X too strong"."""
    start = max(bounds.before(items, at), at - _NEAR)
    return any(item.has("not") for item in items[start:at])
