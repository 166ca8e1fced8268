"""Tell whether a number in a reply is what a wish is for: "my dad wants 90", "60にして", "leave it at 20".

Such a number is the strength, whoever wishes it and why: "60, or nobody knows me". It counts nothing, since
no noun stands behind it: "my dad wants 20 copies".
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.details import bounds
from mailbot.intents.sentence import FIRST_CJK, Item

#: Kinds of words that wish something.
_WISHING = ("want", "prefer", "make", "keep", "likes", "change", "ask", "edits")
#: Kinds of those that tell something behind a subject.
_ORDERING = ("make", "keep", "change", "edits")
#: Kinds of words between them and the number: "wants it at 60"; a repeated wish, in short: "she too, 60".
_BETWEEN = ("place", "cue", "article", "filler", "between", "photo", "original", "correction", "further")
#: Kinds of words with which a sentence goes on behind the number, and those of what a number counts or dates.
_GOES_ON = (
    *("reason", "fallback", "and", "limit", "only", "before_not", "correction", "filler", "statement"),
    *("prefer", "likes", "want", "after", "change", "courtesy", "fit", "now", "further", "again", "equal"),
    "described_end",
)
_COUNTED = ("photo", "being", "caption", "unit", "versions", "gallery", "of", "size", "letter", "name_of")
#: Kinds of words that tell what has happened.
_TOLD = ("copula", "letter")
#: Words behind a number, at most, of a clause that begins with it.
_NEAR = 2


def is_wished(items: Sequence[Item], at: int, end: int) -> bool:
    """Tell whether the number at an index is wished; `end` is the index behind it and its per cent sign."""
    before = items[bounds.before(items, at) : at]
    behind = items[end : bounds.behind(items, end - 1)]
    after = behind[0] if behind else None
    if after and (not after.has(*_GOES_ON) or after.has(*_COUNTED)):
        return False
    if after and after.raw[0] >= FIRST_CJK:
        is_known = not any(item.is_unknown or item.has(*_TOLD) for item in (*before[-1:], *behind))
        return is_known or any(item.has(*_WISHING) for item in behind[: _NEAR + 1])
    if any(item.has("only") for item in (*before[-1:], *behind[:1])):  # "un 40 nomás"
        return True
    lead = next((item for item in reversed(before) if not _is_between(item)), None)
    if lead:
        return lead.has(*_WISHING) and not lead.has("letter") and not _is_said_of(before, lead)
    is_joined = after is not None and after.has("and")
    if is_joined and any(item.has("now") for item in before):  # "jetzt 60 und immer noch schön"
        return False
    is_more = any(item.has("further", "now") for item in before)  # "anche lei 60"
    is_said = not before and 0 < len(behind) <= _NEAR and not is_joined  # "55 he reckons"
    return (is_more or is_said) and not any(item.has(*_TOLD) for item in (*before, *behind[:1]))


def _is_said_of(before: Sequence[Item], verb: Item) -> bool:
    """Tell whether a verb is no order, but tells of somebody: "we leave at 10", "I turn 50"."""
    subject = before[: next(at for at, item in enumerate(before) if item is verb)]
    return verb.has(*_ORDERING) and any(
        item.has("being", "caption") or (item.has("statement") and not item.has("photo")) for item in subject
    )


def _is_between(item: Item) -> bool:
    return item.has(*_BETWEEN) and not item.has(*_WISHING, "being", "caption")
