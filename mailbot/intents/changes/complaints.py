"""Read what a reply finds amiss with the last picture: "a bit strong", "ist zu klein", "ficou muito grande".

    with_complaints  the items of a sentence -> the same, with each complaint as one item: a change back
    without_likeness sentences -> the same without a "hardly a difference" that praises
    complains        whether a text finds a picture too large, too weak, too dark …

The words are rows of the table `reply` of the words files, of all languages at once. An order such as
"smaller" or "make it a bit small" is no complaint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest

from mailbot.intents.changes.phrase_patterns import any_of
from mailbot.intents.details import bounds
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply, reply_row

#: Phrases of the table `again` for "too …" and for "a bit …", by the rows of what a picture is.
_CHANGES = {
    "small": ("too small", "too small"),
    "large": ("too large", "too large"),
    "strong": ("too strong", "a bit too strong"),
    "weak": ("too weak", "a bit weak"),
}
#: Qualities of which "it is small" complains; "it is strong" may be praise.
_SIZES = ("small", "large")
#: The row of other qualities, which no change puts right: "too dark".
_OFF = "off"
#: The marks within a word at which an item ends: "un po' piccolo".
_APOSTROPHES = str.maketrans("'’", "  ")
#: What the Italian "is" before a size is read as; without its accent it is an "and": "e grande".
_SEEMS = "sembra"
#: Kinds of words that make an order of it, and those of them that do not.
_ORDERING, _NO_ORDER = ("ask", "want", "make", "paint", "courtesy"), ("thanks", "praise", "filler")
#: The row of the table `again` for a picture too much like its photo, kinds of words of praise, and of those
#: for that photo. "Between" is of the kind `mix`.
_ALIKE, _PRAISE, _PHOTO = (
    "too_alike",
    ("praise", "delight", "likes"),
    ("photo", "original", "filler", "article"),
)
#: Words behind a "not" among which praise is none: "not that great".
_DENIED = 2


def with_complaints(items: Sequence[Item]) -> Sequence[Item]:
    """Return the items with those of each complaint as one of the kind `again`."""
    text, places = "", list[tuple[int, int]]()
    for item, behind in zip_longest(items, items[1:]):
        said = _SEEMS if item.raw.lower() == "è" and behind and behind.has("size") else item.text
        places.append((len(text), len(text) + len(said)))
        text += f"{said} "
    found = [*items]
    complaints = ((match, quality) for match, quality in _complaints(text) if quality != _OFF)
    for match, quality in sorted(complaints, key=lambda one: one[0].start(), reverse=True):
        inside = [at for at, (begin, end) in enumerate(places) if match.start() < end and begin < match.end()]
        first, last = inside[0], inside[-1] + 1
        clause = items[bounds.before(items, first) : bounds.behind(items, last - 1)]
        is_sure = match["too"] or match["after"]
        if not any(item.mention for item in items[first:last]) and (is_sure or not _orders(clause)):
            raw = " ".join(item.raw for item in items[first:last] if item.raw)
            said = _CHANGES[quality][bool(match["slight"])]
            found[first:last] = [Item(text=said, raw=raw, kinds=frozenset(("again",)))]
    return found


def without_likeness(sentences: Sequence[Sentence], words: Lexicon) -> list[Sentence]:
    """Return sentences of a text in which "hardly a difference" asks for something only where it complains.

    It does of the photo alone, and where nobody praises: not "hardly any difference from a real one, wow!".
    """
    if not any(_is_alike(item, words) for one in sentences for item in one.items):
        return [*sentences]
    is_praised, found = False, list[Sentence]()
    for one in reversed(sentences):
        is_praised = is_praised or any(_is_praise(one.items, at) for at in range(len(one.items)))
        found.append(
            replace(
                one,
                items=tuple(
                    replace(item, kinds=frozenset(("filler",)))
                    if _is_alike(item, words) and not _is_amiss(one.items, at, is_praised=is_praised)
                    else item
                    for at, item in enumerate(one.items)
                ),
            )
        )
    return found[::-1]


def _is_alike(item: Item, words: Lexicon) -> bool:
    return words.changes.get(item.text) == _ALIKE


def _is_praise(items: Sequence[Item], at: int) -> bool:
    is_denied = any(item.has("not") for item in items[max(0, at - _DENIED) : at])
    return items[at].has(*_PRAISE) and not is_denied


def _is_amiss(items: Sequence[Item], at: int, *, is_praised: bool) -> bool:
    """Tell whether a likeness is amiss: behind a "but", or unpraised, and of nothing but the photo."""
    clause = items[bounds.before(items, at) : at]
    behind = items[at + 1 : bounds.behind(items, at)]
    is_limited = any(item.has("limit") for item in (*clause, *behind[-1:]))
    is_real = any(reply_row("authentic").is_in(item.text) for item in items if item is not items[at])
    return (is_limited or not is_praised) and not is_real and all(map(_is_of_photo, behind))


def _is_of_photo(item: Item) -> bool:
    is_said = item.has(*_PHOTO) and not item.has("mix", *_PRAISE)
    return is_said or reply_row("alike_than").is_in(item.text)


def complains(text: str) -> bool:
    """Tell whether a text finds that a picture is too much of something, or a bit."""
    return any(_is_excess(match) for match, _ in _complaints(fold(text.translate(_APOSTROPHES))))


def _is_excess(match: re.Match[str]) -> bool:
    """Tell whether a complaint says how much amiss it is, by more than a "very"."""
    return bool(match["too"] or match["after"] or match["slight"] or match["excess"])


def _orders(clause: Sequence[Item]) -> bool:
    return any(item.has(*_ORDERING) and not item.has(*_NO_ORDER) for item in clause)


def _complaints(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each complaint of a text with its quality; "nicht zu klein" and "もっと大きい" are none."""
    for quality, pattern in _patterns().items():
        for match in pattern.finditer(text):
            is_result = match["result"] and (match["degree"] or quality in _SIZES)
            if (is_result or match["alone"] or _is_excess(match)) and not _denial().search(
                text[: match.start()]
            ):
                yield match, quality


@cache
def _denial() -> re.Pattern[str]:
    """Return the pattern of words before what is then no complaint."""
    return re.compile(rf"(?<![a-z])(?:{any_of(reply('no_complaint'))})\s*$")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of complaints by their quality."""
    too = tuple(reply("too"))
    no_degree = (*too, *reply("no_complaint"))  # "稍微淡一点" is an order
    slight, much = (
        [one for one in reply(row) if not one.endswith(no_degree)] for row in ("slightly", "much")
    )
    excess, very = any_of(reply("excessive")), any_of((*much, *reply("very")))
    degree = rf"(?P<slight>{any_of(slight)})|(?P<excess>{excess})|{very}"
    first = rf"(?:^|(?<=[^\w\s] ))(?:{any_of(reply('result_first'))})(?![a-z])"  # not "send it small"
    lead = rf"(?:(?P<result>{first}|{any_of(reply('result'))})\s*)?(?:(?P<degree>{degree})\s*)?"
    after, end, enough = (any_of(reply(row)) for row in ("too_after", "complaint_end", "enough"))
    stop = rf"(?![a-z])(?!\s+(?:{enough})(?![a-z]))(?:(?<=[a-z])|(?=\s*(?:$|[^\w\s]|{end})))"
    return {
        quality: re.compile(
            rf"(?<![a-z]){lead}(?:(?P<too>{any_of(too)})\s*)?"
            rf"(?:(?P<alone>{any_of((*reply(f'alone_{quality}'), '-'))}){stop}"
            rf"|(?:{any_of(reply(f'is_{quality}'))})(?:\s*(?P<after>{after})(?![a-z])|{stop}))"
        )
        for quality in (*_CHANGES, _OFF)
    }
