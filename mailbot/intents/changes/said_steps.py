"""Find by how much a reply wants the strength changed: "10% more", "down by a fifth", "+10", "dix de plus".

with_said_steps  the items of a sentence -> the same, with each step as one item

A step is a number of percentage points, a fraction of the strength before, or a multiple of it: a quarter
less than 80% is 60%, "divide it by two" is 40%.
Its direction stands behind it ("less"), before it ("lower it by"), or is a sign ("minus", "+"): the rows of
`_ROWS` in the table `reply` of the words files. "Down to 60%" and "say 60" are the strength itself, and
"more than 60%" is none of these.
A step of the size has no amount: "lower the size by a third" is "smaller".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mailbot.intents.changes.other_numbers import counts_beings, is_price
from mailbot.intents.changes.phrase_patterns import any_of
from mailbot.intents.changes.said_levels import LEVEL, with_tenths
from mailbot.intents.details import bounds
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.lexicon import LANGUAGES, lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply
from styles.language.written_numbers import digit, number, numerals

#: Kind of an item that is a step of the strength; its text is the number of percentage points.
POINTS = "points"
#: Kind of an item that multiplies the strength; its text is the factor.
FACTOR = "factor"
#: Rows of the words behind an amount, before it and of its signs, by direction.
_ROWS = {-1: ("less", "lower", "minus"), 1: ("more", "raise", "plus")}
#: Percentage points that a number without a sign can mean.
_LEAST, _MOST = 5, 95
#: Per cents of the whole.
_WHOLE = 100
#: Steps of the size, as phrases of the table `again`.
_SIZES = {-1: "smaller", 1: "bigger"}
#: Most that a strength is multiplied or divided by.
_MOST_TIMES = 10
#: Kinds of the words that may stand beside a number without a sign in its clause.
_BESIDE = (
    *("filler", "courtesy", "polite", "ask", "want", "make", "again", "further", "another", "limit", "and"),
    *("strength_word", "size_word", "fit", "prefer", "correction", "no", "between", "photo", "now"),
)
#: Characters of the ending of a Japanese verb at most, and of a Chinese particle.
_SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _SaidStep:
    """Hold a step, and where it is said."""

    start: int
    end: int
    sign: int  #: -1 for less, 1 for more
    kind: str  #: of its item: `POINTS`, `FACTOR` or `LEVEL`
    text: str  #: of its item
    is_bare: bool = False  #: neither a per cent sign nor a fraction, so that it may count anything


def with_said_steps(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with those of each step joined to one of the kind `again`."""
    text, places = "", list[tuple[int, int]]()
    for item in items:
        sign = item.raw[0] if item.is_number and item.raw.startswith("-") else ""  # "-10%"
        said = sign + with_tenths(item.text)
        places.append((len(text), len(text) + len(said)))
        text += f"{said} "
    found = [*items]
    if is_price(text):  # "another 10% off?"
        return tuple(found)
    for step in reversed(_steps(text)):
        inside = [at for at, (begin, stop) in enumerate(places) if step.start < stop and step.end > begin]
        if inside and (joined := _joined(items, inside[0], inside[-1] + 1, step)):
            found[inside[0] : inside[-1] + 1] = [joined]
    return tuple(found)


def _joined(items: Sequence[Item], first: int, last: int, step: _SaidStep) -> Item | None:
    """Return the item of a step, None where its words mean something else: "ten more minutes", "dix"."""
    said = items[first:last]
    clause = range(bounds.before(items, first, bounds.parts_requests), _end(items, last))
    ahead, rest = items[clause.start : first], items[last : clause.stop]
    is_size = any(item.has("size") for item in said)  # "un quart plus grand"
    is_phrase = len(said) == 1 and said[0].has("again") and not said[0].is_number  # "once" is 11 in Spanish
    is_named = any(item.mention and not item.has("numbers") for item in said)  # "dix" is a painter, too
    is_counted = any(item.is_unknown and item.text[0] < FIRST_CJK for item in items[last : last + 1])
    is_beside = step.kind == FACTOR and any(item.mention for item in items)
    if is_size or is_phrase or is_named or is_beside or (is_counted and step.kind != POINTS):
        return None
    is_of_things = any(item.has("photo", "versions", "gallery", "of") for item in items[last : last + 1])
    if step.is_bare and (is_of_things or not _is_alone(ahead, rest)):
        return None
    raw = " ".join(item.raw for item in said if item.raw)
    if step.kind != LEVEL and any(item.has("size_word") for item in (*ahead, *said, *rest)):
        return Item(text=_SIZES[step.sign], raw=raw, kinds=frozenset(("again", "size")))
    return Item(text=step.text, raw=raw, kinds=frozenset(("again", step.kind)))


def _end(items: Sequence[Item], last: int) -> int:
    return bounds.behind(items, last - 1, bounds.parts_requests)


def _is_alone(ahead: Sequence[Item], rest: Sequence[Item]) -> bool:
    """Tell whether no word before or behind a step has another meaning: "we looked at it" 5 times more."""
    near = (*ahead, *(item for item in rest if not _is_ending(item)))
    return all(item.is_mark or item.has(*_BESIDE) for item in near)


def _is_ending(item: Item) -> bool:
    """Tell whether an item ends a Japanese sentence, or is a Chinese particle: "下げ て", "でお願い"."""
    return item.text[0] >= FIRST_CJK and (len(item.text) <= _SHORT or item.has("after"))


def _steps(text: str) -> list[_SaidStep]:
    """Return the steps of a folded text by their places; of two at one place the first found counts."""
    found = list[_SaidStep]()
    for pattern, power in _multiples():
        found += [step for match in pattern.finditer(text) if (step := _multiple(match, power))]
    for pattern, sign in _patterns():
        for match in pattern.finditer(text):
            step = None if counts_beings(text[: match.start()]) else _step(match, sign)
            if step and all(step.end <= one.start or step.start >= one.end for one in found):
                found.append(step)
    return sorted(found, key=lambda step: step.start)


def _step(match: re.Match[str], sign: int) -> _SaidStep | None:
    """Return the step of a match, None where its number is none."""
    if fraction := match.groupdict().get("fraction"):
        value, is_bare = _fractions()[_bare(fraction)], False
    else:
        said = _bare(match["number"])
        value, is_bare = int(said) if said.isdecimal() else number(said), not match["unit"]
    if not value or (is_bare and not _LEAST <= value <= _MOST):
        return None
    kind, text = POINTS, f"{sign * value}"
    if match["to"]:
        kind, text = LEVEL, f"{min(value, _WHOLE)}"
    elif fraction:
        kind, text = FACTOR, f"{1 + sign * value / _WHOLE:.2f}"
    return _SaidStep(start=match.start(), end=match.end(), sign=sign, kind=kind, text=text, is_bare=is_bare)


def _multiple(match: re.Match[str], power: int) -> _SaidStep | None:
    """Return the step of a match that multiplies or divides the strength, None for a number out of range."""
    said = _bare(match["number"])
    value = int(said) if said.isdecimal() else digit(said, LANGUAGES) or number(said)
    if not 1 < value <= _MOST_TIMES:
        return None
    start, end = match.span()
    text = f"{value**power:.2f}"
    return _SaidStep(start=start, end=end, sign=power, kind=FACTOR, text=text, is_bare=True)


@cache
def _multiples() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Return the patterns of multiples with their powers: "five times stronger", "divide it by two"."""
    figure = rf"(?<![\w.,])(?P<number>\d{{1,2}}|{any_of(numerals())})"
    times, by = any_of(reply("times")), any_of(reply("by_number"))
    how = rf"(?![a-z])(?:\s+(?:{any_of(reply('how'))})(?![a-z]))?"
    what = rf"(?:\s*(?:{any_of(lexicon().phrases('article'))})?\s*(?:{any_of(reply('strength_of'))}))?"
    strong = any_of(reply("as_strong"))
    more, less = any_of((*reply("more"), *reply("as_strong"))), any_of(reply("less"))
    is_strength = r"(?!\s*(?:[の的]?\s*[大サ尺]|[いよ良好美]))"  # no size, and not "10 times better"
    return tuple(
        (re.compile(pattern), power)
        for pattern, power in (
            (rf"{figure}\s*(?:{times})\s+(?:{more}){how}", 1),
            (rf"{figure}\s*(?:{times})\s+(?:{less}){how}", -1),
            (
                rf"(?:(?:{strong})\s*)?{figure}\s*(?:{any_of(reply('times_alone'))})(?:\s*に(?:\s*して)?)?{is_strength}",
                1,
            ),
            (rf"(?<![a-z])(?:{any_of(reply('multiply'))}){what}\s*(?:(?:{by})\s+)?{figure}", 1),
            (rf"(?<![a-z])(?:{any_of(reply('divide'))}){what}\s*(?:(?:{by})\s+)?{figure}", -1),
        )
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Return the patterns of steps with their signs: each with the groups `number` or `fraction`."""
    units = rf"{any_of(lexicon().phrases('percent'))}|{any_of(reply('points'))}"
    numeral = rf"(?:{any_of(numerals())})"
    in_words = rf"(?<![a-z]){numeral}(?:\s*{numeral})*(?![a-z])"
    figure = rf"(?<![\d.,])\d{{1,3}}(?![\d.,]*\d)|{in_words}"
    amount = (
        rf"(?:(?<![a-z])(?P<fraction>{any_of(lexicon().fractions)})(?![a-z])"
        rf"|(?P<number>{figure})\s*(?P<unit>%|(?:{units})(?![a-z]))?)"
    )
    link, how = rf"(?:(?:{any_of(reply('link'))})\s+)?", rf"(?:\s+(?:{any_of(reply('how'))})(?![a-z]))?"
    by, to = (
        rf"(?:(?<![a-z])(?:{any_of(reply('by'))})\s+)?",
        rf"(?P<to>(?<![a-z])(?:{any_of(reply('up_to'))})\s*)?",
    )
    things = any_of((*reply("strength_of"), *lexicon().phrases("size_word")))
    article = rf"(?:{any_of(lexicon().phrases('article'))})"
    what = rf"(?:\s*(?:{article}\s+)?(?:{things})(?![a-z]))??"  # last: the Italian "all'80" is no "all"
    found = list[tuple[re.Pattern[str], int]]()
    for sign, (behind, before, signs) in _ROWS.items():  # "mais fraco" begins as "mais"
        patterns = (
            rf"{to}{by}{amount}\s*{link}(?<![a-z])(?:{any_of(reply(behind))})(?![a-z]){how}",
            rf"(?:再\s*)?(?<![a-z])(?:{any_of(reply(before))})(?![a-z]){what}\s*{to}{by}{amount}",
            rf"(?P<to>)(?<!\w)(?:{any_of(reply(signs))})\s*{amount}",
        )
        found += [(re.compile(pattern), sign) for pattern in patterns]
    another = rf"(?P<to>)(?<![a-z])(?:{any_of(reply('another'))})\s*(?P<number>{figure})"
    found.append((re.compile(rf"{another}\s*(?P<unit>%|(?:{units})(?![a-z]))(?!\s*的)"), 1))  # "another 10 %"
    said = rf"(?P<to>(?<![a-z])(?:{any_of(reply('say'))})(?![a-z])\s*)(?:{article}\s+)?{amount}"
    found.append((re.compile(said), 1))  # "a bit less so? Say 55 per cent"
    return tuple(found)


@cache
def _fractions() -> dict[str, int]:
    return {_bare(fold(phrase)): percent for phrase, percent in lexicon().fractions.items()}


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text)
