"""Read by how much of a step a reply wants a painting changed: "a bit weaker", "much stronger", "more".

    degree_at        items, the index of a step -> a half for "a bit", 2 for "much", else 1
    with_bare_steps  items -> the same, with a "more" or "less" alone in its clause as a step of the strength

A verb with how much is meant is such a step, too: "lower it a bit more" is less. Beside a word for the size
it is one of the size. The words are the rows `slightly`, `much`, `raise`, `lower` and those that begin with
`bare_` of the table `reply`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mailbot.intents.changes.phrase_patterns import any_of
from mailbot.intents.changes.said_steps import FACTOR
from mailbot.intents.sentence import Item
from styles.language.lexicon import lexicon
from styles.language.tokens import key
from styles.language.word_rows import reply, reply_row

#: Steps for "a bit" and for "much".
SLIGHT, MUCH = 0.5, 2.0
#: Kinds of words beside a bare "more".
_SMALL = (
    *("filler", "courtesy", "polite", "ask", "want", "make", "article", "and", "limit", "of", "further"),
    *("praise", "delight", "thanks", "photo", "only"),
)
#: Items before a step, at most, in which it is said how much: "a hair".
_NEAR = 3
#: Items that a bare step has at most.
_LONGEST = 5
#: The rows of the verbs that a step is said by, by the row that they mean.
_VERBS = {"bare_more": "raise", "bare_less": "lower"}
#: The steps that bare words mean, as phrases of the table `again`.
_STEPS = {"bare_more": ("slightly stronger", "stronger"), "bare_less": ("slightly weaker", "weaker")}
#: Those that they mean beside a word for the size.
_SIZES = {"bare_more": "bigger", "bare_less": "smaller"}
#: The row that halves the strength.
_HALF = "bare_half"


def degree_at(items: Sequence[Item], at: int) -> float:
    """Return by how much of a step an item is meant, by its own words and the ones beside it."""
    own = _bare(items[at].text)
    before = [
        _bare("".join(item.text for item in items[start:at])) for start in range(max(0, at - _NEAR), at)
    ]
    behind = "".join(_bare(item.text) for item in items[at + 1 : at + 2] if not item.is_mark)
    for row, degree in (("slightly", SLIGHT), ("much", MUCH)):
        phrases = _phrases(row)
        is_led = any(said in phrases for said in before) or own.startswith(phrases)
        if is_led or behind in phrases or (not own.isascii() and own.endswith(phrases)):
            return degree
    return 1.0


def with_bare_steps(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; those of a "more" or "less" are one step where its clause says nothing else."""
    start = 0
    for end in (*(at for at, item in enumerate(items) if item.is_mark), len(items)):
        yield from _with_step(items[start:end])
        yield from items[end : end + 1]
        start = end + 1


def _with_step(clause: Sequence[Item]) -> Sequence[Item]:
    """Return a clause with its bare step as one item, as it is if it has none, or tells of a later one."""
    if reply_row("later").is_in(" ".join(item.text for item in clause)):
        return clause  # "voy a subir un poco más tarde"
    for first in range(len(clause)):
        for last in range(min(len(clause), first + _LONGEST), first, -1):
            row = _row(clause[first:last])
            rest = [*clause[:first], *clause[last:]]
            if row and all(item.has(*_SMALL, "size_word") and not item.mention for item in rest):
                is_size = row in _SIZES and any(item.has("size_word") for item in clause)
                return [*clause[:first], _step(row, clause[first:last], is_size=is_size), *clause[last:]]
    return clause


def _row(items: Sequence[Item]) -> str:
    """Return the row of a bare step, or of a verb with how much is meant: "turn it down a touch"."""
    said, text = (mark.join(item.text for item in items) for mark in ("", " "))
    if row := next((row for row in (*_STEPS, _HALF) if _bare(said) in _phrases(row)), ""):
        return row
    if any(item.has("size") for item in items):  # "scale it down a bit"
        return ""
    return next((row for row in _VERBS if _turn(row).fullmatch(text)), "")


def _step(row: str, items: Sequence[Item], *, is_size: bool) -> Item:
    """Return the item of a bare step, of the size or of the strength."""
    raw = " ".join(item.raw for item in items)
    if row == _HALF:
        return Item(text="0.5", raw=raw, kinds=frozenset(("again", FACTOR)))
    if is_size:
        return Item(text=_SIZES[row], raw=raw, kinds=frozenset(("again", "size")))
    slight, whole = _STEPS[row]
    said = _bare("".join(item.text for item in items))
    is_slight = any(phrase in said for phrase in _phrases("slightly"))
    return Item(text=slight if is_slight else whole, raw=raw, kinds=frozenset(("again",)))


@cache
def _phrases(row: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_bare(key(phrase)) for phrase in reply(row)))


@cache
def _turn(row: str) -> re.Pattern[str]:
    """Return the pattern of the verbs of a row with how much is meant, before them or behind."""
    verb, article = any_of(reply(_VERBS[row])), any_of(lexicon().phrases("article"))
    thing = any_of((*reply("strength_of"), *lexicon().phrases("size_word")))
    degree = any_of((*reply("slightly"), *reply("much"), *lexicon().phrases("further")))
    end = r"(?:\s+|$)"
    what, how_much = rf"(?:(?:(?:{article})\s+)?(?:{thing}){end})?", rf"(?:(?:{degree}){end}){{1,2}}"
    return re.compile(rf"{how_much}(?:{verb}){end}{what}|(?:{verb}){end}{what}{how_much}{what}")


def _bare(text: str) -> str:
    return text.replace(" ", "")
