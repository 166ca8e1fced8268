"""Read what one line asks for: styles, an intent of the table, a size, a strength.

The name of a style takes precedence over every word of the table: "big-bang" is no size. A phrase of the
table must be the whole line except for fillers ("please paint it in all styles"). A phrase of one word must
be the whole line except for courtesies: "all of us" does not ask for a sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz import fuzz

from mailbot.intents.blends import Pick, pick
from mailbot.intents.line import Line, is_word
from mailbot.intents.style_matching import Catalogue
from styles.errors import BadOption, PainterError, UnknownStyle
from styles.language.intents import PHRASES, SIZES, Intent
from styles.language.lexicon import COURTESIES, FILLERS, NO_SIZE_BEFORE

#: Intents of a whole line; the other intents of the table stand beside a style.
_WHOLE = (Intent.SURPRISE, Intent.SHEET, Intent.LIST, Intent.HELP)
_INTENTS = {phrase: intent for phrase, intent in PHRASES.items() if intent in _WHOLE}
_SIZES = sorted(
    ((tuple(phrase.split()), intent) for phrase, intent in PHRASES.items() if intent in SIZES),
    key=lambda pair: -len(pair[0]),
)
#: Words up to which a line is searched for a phrase.
_LONGEST_LINE = 12
#: Least rapidfuzz ratio of a misspelt phrase, and its least number of letters.
_TYPO_SCORE, _SHORTEST_TYPO = 88, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LineIntent:
    """Hold what a line asks for."""

    line: Line
    rest: Line  #: the line without the words for a size
    pick: Pick | None = None
    intent: Intent | None = None  #: one of the sheet, the list, help and a surprise
    size: int | None = None  #: pixels
    strength: float | None = None
    problem: PainterError | None = None  #: why its blend is impossible


def read_intent(line: Line, catalogue: Catalogue, *, is_alone: bool) -> LineIntent:
    """Return what the line asks for; `is_alone` says that it is no part of a letter."""
    if catalogue.exact(line.words):
        return _line_intent(line, catalogue, is_alone=is_alone)
    if cut := _without_size(line, catalogue):
        rest, size, is_sure = cut
        intents = _line_intent(rest, catalogue, is_alone=is_alone)
        if is_sure or intents.intent or (intents.pick.is_all if intents.pick else not rest.content):
            return replace(intents, line=line, size=size)
    return _line_intent(line, catalogue, is_alone=is_alone)


def _line_intent(line: Line, catalogue: Catalogue, *, is_alone: bool) -> LineIntent:
    if intent := _intent(line, catalogue):
        return LineIntent(line=line, rest=line, intent=intent, strength=line.strength)
    try:
        picked = pick(line, catalogue, is_alone=is_alone)
    except (UnknownStyle, BadOption) as problem:
        return LineIntent(line=line, rest=line, problem=problem)
    return LineIntent(
        line=line, rest=line, pick=picked, strength=picked.strength if picked else line.strength
    )


def _intent(line: Line, catalogue: Catalogue) -> Intent | None:
    words = line.words
    if not words and "?" in line.bare:
        return Intent.HELP
    if len(words) > _LONGEST_LINE or catalogue.exact(words):
        return None
    spans = combinations(range(len(words) + 1), 2)
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):  # the longest first
        intent = _INTENTS.get(" ".join(words[start:end]))
        around = COURTESIES if end - start == 1 else FILLERS
        if intent and around.issuperset(words[:start] + words[end:]):
            return intent
    return None if catalogue.within(words) else _misspelt(words)


def _misspelt(words: Sequence[str]) -> Intent | None:
    bare = " ".join(word for word in words if word not in COURTESIES or word == "me")
    if len(bare) < _SHORTEST_TYPO:
        return None
    alike = (
        (fuzz.ratio(written, phrase), intent)
        for written in (bare, " ".join(words))
        for phrase, intent in _INTENTS.items()
    )
    score, intent = max(alike, key=lambda pair: pair[0])
    return intent if score >= _TYPO_SCORE else None


def _without_size(line: Line, catalogue: Catalogue) -> tuple[Line, int | None, bool] | None:
    """Return the line without its words for a size, the size, and whether these mean nothing else."""
    if len(line.words) > _LONGEST_LINE:
        return None
    named = {at for found in catalogue.within(line.words) for at in range(found.start, found.end)}
    for phrase, intent in _SIZES:
        for start in range(len(line.words) - len(phrase) + 1):
            end = start + len(phrase)
            if line.words[start:end] != phrase or not named.isdisjoint(range(start, end)):
                continue
            rest, is_apart = _cut(line, start, end)
            is_thanks = not NO_SIZE_BEFORE.isdisjoint(line.words[end : end + 1])
            return rest, None if is_thanks else SIZES[intent], is_thanks or is_apart or len(phrase) > 1
    return None


def _cut(line: Line, start: int, end: int) -> tuple[Line, bool]:
    """Return the line without some of its words, and whether these stood between commas."""
    at = [index for index, token in enumerate(line.tokens) if is_word(token)]
    before, after = line.tokens[: at[start]], line.tokens[at[end - 1] + 1 :]
    is_apart = before[-1:] == (",",) and after[:1] in ((",",), ())
    return replace(line, tokens=before + after), is_apart
