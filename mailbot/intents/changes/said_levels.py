"""Read a strength that a reply says without a per cent sign: "back to 50", "weaker, 45", "四十五".

with_levels  items -> the same, with each such number as one item of the kind `LEVEL`
with_tenths  the text of an item -> the same, with per cent for Chinese and Japanese tenths: "两成"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mailbot.intents.changes.other_numbers import is_other
from mailbot.intents.changes.wished_numbers import is_wished
from mailbot.intents.details import bounds
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.lexicon import lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply
from styles.language.written_numbers import number

#: Kind of an item that is a strength without a per cent sign, its text; the least one and the most.
LEVEL, _LEAST, _WHOLE = "level", 5, 100
#: Kind of the item for the shares of a blend of two.
_SHARES = "shares"
#: Kinds of the items for steps of the strength.
_STEPS = ("points", "factor")
#: Marks behind such a number.
_CLAUSE_ENDS = (".", ",", "!", "?", ";", ")", "。", "，", "！", "？", "、")
#: Kinds of words beside such a number.
_BESIDE = (
    *("filler", "courtesy", "ask", "want", "make", "again", "polite", "limit", "and", "strength_word"),
    *("thanks", "praise", "fit", "correction"),
)
#: Kinds of words of a story in the clause of such a number, and of its wishes: “see you at 7”.
_TOLD, _WISHED = ("letter", "caption", "being"), ("ask", "want", "prefer")
#: Steps in which people count a strength: beside an unknown word another number may be anything.
_ROUND = 5
#: Characters of a Chinese or Japanese word before a strength, at most, and items of any.
_SHORT = 2
#: Items of a number in words, at most.
_LONGEST = 5
#: Chinese and Japanese tenths.
_TENTHS, _HAN = re.compile(r"([1-9一二两三四五六七八九])\s?[成割]"), "零一二三四五六七八九"


def with_tenths(text: str) -> str:
    """Return the text of an item with per cent for its tenths: "两成" is "20 %"."""
    return _TENTHS.sub(lambda match: f"{_value(match[1])}0 %", text)


def _value(digit: str) -> int:
    return int(digit) if digit.isdecimal() else _HAN.index(digit.replace("两", "二"))


def with_levels(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; a number is the strength behind "to", or alone in its clause: "60 please"."""
    items = _with_digits(items)
    is_free = not any(item.mention or item.has("unit") for item in items)
    is_only = sum(item.is_number or item.has(*_STEPS) for item in items) == 1  # "+10 - 10" is neither
    wished = next((at for at in range(len(items)) if is_free and is_only and _wishes(items, at)), None)
    for at, item in enumerate(items):
        behind = items[at + 1] if at + 1 < len(items) else None
        is_led = _is_led(items, at)
        is_last = behind is None or _ends_clause(behind) or _is_beside(behind) or _is_hedged(items, at)
        ratio = None if any(one.mention for one in items) else lexicon().ratios.get(item.text)
        if ratio:
            yield Item(text=f"{ratio}/{_WHOLE - ratio}", raw=item.raw, kinds=frozenset(("again", _SHARES)))
        elif at == wished:
            yield Item(text=item.text, raw=item.raw, kinds=frozenset(("again", LEVEL)))
        elif wished is not None and wished < at < _end(items, wished):
            continue
        elif (
            not (_is_level(item) and is_free and is_last)
            or is_other(items, at, _end(items, at))
            or _tells(items, at)
        ):
            yield item
        elif is_led or (is_only and _is_bare(items, at)):
            yield Item(text=item.text, raw=item.raw, kinds=frozenset(("again", LEVEL)))
        else:
            yield item


def _ends_clause(item: Item) -> bool:
    return item.text in _CLAUSE_ENDS


def _begins_clause(item: Item) -> bool:
    return item.text in (*_CLAUSE_ENDS, ":", "：")


def _is_beside(item: Item) -> bool:
    """Tell whether a word may stand beside a strength: "55 or so", or the end of a Japanese sentence."""
    if item.has("of"):  # "10 of us"
        return False
    is_end = item.text >= FIRST_CJK and item.has("after")  # "50 かな"
    return item.has(*_BESIDE) or is_end or _is_hedge(item)


def _is_hedged(items: Sequence[Item], at: int) -> bool:
    """Tell whether the words of a clause behind a number only leave it open: "60 from before"."""
    rest = items[at + 1 : bounds.behind(items, at)]
    return "".join(item.text.replace(" ", "") for item in rest) in _hedges()


def _is_hedge(item: Item) -> bool:
    return item.text.replace(" ", "") in _hedges()


def _is_level(item: Item) -> bool:
    return item.is_number and item.text.isdigit() and _LEAST <= int(item.text) <= _WHOLE


def _wishes(items: Sequence[Item], at: int) -> bool:
    end = _end(items, at)
    return _is_level(items[at]) and not is_other(items, at, end) and is_wished(items, at, end)


def _end(items: Sequence[Item], at: int) -> int:
    """Return the index behind a number and its per cent sign."""
    return at + 1 + any(item.has("percent") for item in items[at + 1 : at + 2])


def _tells(items: Sequence[Item], at: int) -> bool:
    """Tell whether the clause of a number tells something else than a strength: “we leave at 10”."""
    start, end = bounds.before(items, at, _begins_clause), bounds.behind(items, at, _ends_clause)
    clause, lead = items[start:end], items[at - 1] if at > start else None
    if any(one.has("strength_word") for one in clause) or (lead and " " in lead.text):  # "back to"
        return False
    if all(one.is_number or one.is_mark or _is_beside(one) for one in clause):  # "hmm 60 vai"
        clause = [one for one in items[start:at] if not _is_hedge(one)]
    is_strange = any((one.is_unknown and one.text < FIRST_CJK) or one.has(*_TOLD) for one in clause)
    is_wish = any(one.has(*_WISHED) for one in clause)
    is_story = not is_wish and any(one.has("statement") and not one.has("photo", "and") for one in clause)
    is_led = _is_led(items, at) and not (lead and lead.has("place"))
    return is_strange and is_story if is_led else is_strange or is_story


def _is_bare(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number is a strength: alone in the first or last clause, or in a text behind a word."""
    start, end = bounds.before(items, at), bounds.behind(items, at)
    near = (*items[start:at], *items[at + 1 : end])
    beside = [item for item in near if not (_is_beside(item) or item.has("size"))]  # "80 e grande"
    is_outer = start == 0 or all(item.is_mark for item in items[end:])
    title = "".join(item.text for item in items[start:at])
    is_titled = bool(title) and end == at + 1 and int(items[at].text) % _ROUND == 0  # "强火 90"
    is_word = len(title) <= _SHORT if title[:1] >= FIRST_CJK else len(beside) == 1 and beside[0].is_unknown
    is_whole = start == 0 and all(item.is_mark for item in items[end:])
    return (not beside and is_outer) or (is_titled and is_whole and is_word and at - start <= _SHORT)


def _is_led(items: Sequence[Item], at: int) -> bool:
    """Tell whether the words before a number lead to a strength; Chinese ones may be cut into items."""
    loose = at - (at > 0 and items[at - 1].has("filler"))  # "down to maybe 40"
    before = [item.text for item in items[max(0, at - 2) : at]]
    apart = (" ".join(item.text for item in items[max(0, end - 2) : end]) for end in (at, loose))
    return any(bool(_lead().search(text)) for text in (*before[-1:], "".join(before), *apart))


def _with_digits(items: Sequence[Item]) -> Sequence[Item]:
    """Return the items with digits for a number in words at the end of a clause: "Quarenta e cinco."."""
    found, at = list[Item](), 0
    while at < len(items):
        for end in range(min(len(items), at + _LONGEST), at, -1):
            run = items[at:end]
            is_last = end == len(items) or items[end].is_mark or items[end].has(*_BESIDE)
            is_first = at == 0 or items[at - 1].is_mark or _is_led(items, at)
            is_said = not any(item.is_mark or item.is_number or item.mention for item in run)
            if is_last and is_first and is_said and (value := _said(run)):
                raw = " ".join(item.raw for item in run)
                found.append(Item(text=f"{value}", raw=raw, is_number=True))
                at = end
                break
        else:
            found.append(items[at])
            at += 1
    return found


def _said(run: Sequence[Item]) -> int:
    return number("".join(item.text.replace(" ", "") for item in run))


@cache
def _hedges() -> frozenset[str]:
    """Return the words that leave a number open: "60 or so", "about 60"."""
    return frozenset(fold(phrase).replace(" ", "") for phrase in reply("hedge"))


@cache
def _lead() -> re.Pattern[str]:
    """Return the pattern of the words before a strength, at the end of an item."""
    phrases = sorted((fold(phrase) for phrase in reply("to_level")), key=len, reverse=True)
    spelt = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?:^|\s)(?:{spelt})$")
