"""Tell whether a number in a reply is no strength, but something else: "I'm 40", "20 for the party".

is_other       whether it is refused, dates, counts, is a price, or an age
counts_beings  whether words lead to an age or a number of people: "I'm around", "wir sind"
is_price       whether a text is about a price: "how much is it, 20?", "another 10% off"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from mailbot.intents.changes.phrase_patterns import any_of
from mailbot.intents.details import bounds
from mailbot.intents.details.joined_items import is_of_ten
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.word_rows import reply

#: Items before a number among which words date it, and a "not" refuses it: "doesn't want it at 60".
_DATING, _REFUSING = 3, 4
#: Items behind a Chinese or Japanese number among which a wish stands: "母は60がいいって".
_WISH = 3
#: Kinds of a "not", and of a wish.
_NOT, _WISHING = ("not", "not_after"), ("want", "prefer", "likes", "make", "keep", "change")


def is_other(items: Sequence[Item], at: int, end: int) -> bool:
    """Tell whether the number at an index is no strength; `end` is behind it and its per cent sign."""
    before = items[bounds.before(items, at) : at]
    behind = items[end : bounds.behind(items, end - 1)]
    is_cjk = bool(behind) and behind[0].raw[0] >= FIRST_CJK
    is_cjk_wish = is_cjk and any(item.has(*_WISHING) for item in behind[:_WISH])
    lead = _text(item for item in items[:at] if not item.has("now"))
    is_aged = not is_cjk_wish and counts_beings(lead)
    return (
        is_of_ten(items, at)
        or _is_dated(items, at)
        or is_aged
        or bool(_ending("counting").search(_text(before)))
        or _is_for_purpose(before, behind)
        or _is_refused(before, behind)
        or is_price(_text(items))
    )


def counts_beings(before: str) -> bool:
    """Tell whether a folded text before a number leads to an age or a number of people: "I'm around"."""
    return bool(_ending("beings").search(before.rstrip()))


def is_price(text: str) -> bool:
    """Tell whether a folded text asks for a price, or for a lower one: "how much is it, 20?"."""
    return bool(_phrases("price").search(text))


def _is_dated(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number is an hour, a day, or has a counter behind it: "um 20", "a las 8", "20枚"."""
    before = _text(item for item in items[max(0, at - _DATING) : at] if not item.has("single"))
    behind = "".join(item.text for item in items[at + 1 : at + 2])
    return bool(_ending("dating").search(before)) or behind.startswith(reply("counter"))


def _is_for_purpose(before: Sequence[Item], behind: Sequence[Item]) -> bool:
    """Tell whether somebody wants a number of things for something: "I want 20 for the party"."""
    if not any(item.has("want") for item in before) or any(item.has("make", "keep") for item in before):
        return False
    lead = behind[0] if len(behind) > 1 else None
    is_for = lead is not None and lead.has("for") and not lead.has("of")
    return is_for or bool(lead and _phrases("purpose").match(lead.text))


def _is_refused(before: Sequence[Item], behind: Sequence[Item]) -> bool:
    """Tell whether a "not" refuses a number: "she doesn't want 60", "60にしないで"."""
    if len(before) > 1 and before[0].has("no") and not before[1].has(*_WISHING):  # "no dai torna a 60"
        before = before[1:]
    near = before[-_REFUSING:]
    if any(item.has(*_NOT) and not item.has("nor") for item in near) or _phrases("refusing").search(
        _text(near)
    ):
        return True
    is_cjk = bool(behind) and behind[0].raw[0] >= FIRST_CJK
    return is_cjk and bool(_phrases("unwanted").search("".join(item.text for item in behind)))


def _text(items: Iterable[Item]) -> str:
    return " ".join(item.text for item in items)


@cache
def _phrases(row: str) -> re.Pattern[str]:
    """Return the pattern of the phrases of a row anywhere in a folded text."""
    return re.compile(rf"(?<![a-z])(?:{any_of(reply(row))})(?![a-z])")


@cache
def _ending(row: str) -> re.Pattern[str]:
    """Return the pattern of the phrases of a row at the end of a folded text: "I'm", "I'm around"."""
    return re.compile(rf"(?<![a-z])(?:{any_of(reply(row))})(?:\s*(?:{any_of(reply('hedge'))}))?$")
