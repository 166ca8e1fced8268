"""Tell whether a word for a size or a strength is part of a tale, and asks for nothing.

is_told    "our small one took his first steps", "at school they put up a poster with the wave"
is_aside   "we were sixty yards out when the bottom came away, gently, like a tray"
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.details import bounds
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item

#: Kinds of words of a request, and those that may stand before an option at the beginning of a sentence.
_ASKS, _OPENS = ("ask", "make", "want", "keep", "courtesy"), ("and", "courtesy", "limit")
#: Kinds of the words of a clause that says what somebody is.
_OF_LIFE = ("copula", "statement", "now", "article", "own", "being", "caption", "filler", "letter")
#: Words of a tale from which an option behind its comma belongs to it.
_TALE = 3


def is_told(items: Sequence[Item], at: int) -> bool:
    """Tell whether an option is part of a tale: "our small one took his first steps"."""
    if any(map(str.isdigit, items[at].text)):  # "in A3"
        return False
    if _is_quality(items, at) or _is_seen(items, at):
        return True
    if all(item.has(*_OPENS) for item in items[:at]) and not items[at].has("letter"):
        return False  # "Piccola che devo mandarla su whatsapp"
    start = bounds.before(items, at, _ends_tale)
    clause = items[start : bounds.behind(items, at, _ends_tale)]
    is_asked = any(item.mention or item.has(*_ASKS, "limit") for item in clause)
    is_asked = is_asked or (at > start and items[at - 1].has(*NUMBERED))  # "la prima piccola"
    is_noun = " " not in items[at].text or (at > start and items[at - 1].has("own"))
    is_part = _told(clause) > 1 and is_noun and not is_asked and items[at].raw[0] < FIRST_CJK
    return is_part or is_aside(items, at)


def _is_seen(items: Sequence[Item], at: int) -> bool:
    """Tell whether a poster is one that the sender saw: "having looked at the poster, I'd like the wave"."""
    before = items[bounds.before(items, at) : at]
    lead = before[-1:] if items[at].has("letter") else ()
    is_led = any(item.has("article", "own", "place") for item in lead)
    is_asked = any(item.has(*_ASKS, "for") and not item.has("article", "place") for item in before)
    return is_led and not is_asked and any(item.has("letter", "place") for item in before[:-1] or lead)


def is_aside(items: Sequence[Item], at: int) -> bool:
    """Tell whether an option stands behind a comma of a tale that asks for nothing: "there I am, tiny, …"."""
    if not items[at].has("size", "strength") or items[at].raw[0] >= FIRST_CJK:
        return False
    is_word = " " not in items[at].text or items[at].has("again")
    is_asked = any(item.mention or item.is_number or item.has(*_ASKS, "fit") for item in items)
    is_behind = any(item.is_mark for item in items[:at])
    return is_word and is_behind and not is_asked and _told(items[:at]) >= _TALE


def _is_quality(items: Sequence[Item], at: int) -> bool:
    """Tell whether a clause only says what somebody is: "my kids were small; they are big now".

    Of what a style shows it says what it was: "The waves were huge, like in the Hokusai picture".
    """
    clause = items[bounds.before(items, at) : bounds.behind(items, at)]
    others = [item for item in clause if item is not items[at]]
    is_said = any(item.has("copula") and not item.has("and") for item in others) and items[at].has("size")
    is_past = any({"copula", "letter"} <= item.kinds for item in others)
    return is_said and all(
        (is_past and item.mention) or (item.has(*_OF_LIFE) and not item.has("make", "want", "cue"))
        for item in others
    )


def _told(items: Sequence[Item]) -> int:
    return sum(item.is_unknown or item.has("letter", "caption") for item in items)


def _ends_tale(item: Item) -> bool:
    return item.is_mark or item.has("reason")
