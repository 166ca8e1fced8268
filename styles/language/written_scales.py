"""Read a number on a scale of ten as per cents: "on a scale of 1 to 10, a 3" is 30%.

    with_scales   a text -> the same, with per cents for such a number
    rates         whether words rate something: "I'd give it", "das ist"
    to_ten        the value of a number from 1 to 10, in digits or in words

The words are the rows `scale`, `scale_lead` and `rated` of the table `shares` of each file. A number that
rates something is left: "on a scale of 1 to 10 it's a 10".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from styles.language.alternatives import written_out
from styles.language.lexicon import LANGUAGES, word_file

#: Characters between a scale and its number at most.
_NEAR = 24
#: The top of the scales.
_TEN = 10


def with_scales(text: str) -> str:
    """Return a text with per cents for each number that is said together with a scale of ten."""
    for pattern in _patterns():
        text = pattern.sub(_percent, text)
    return text


def _percent(match: re.Match[str]) -> str:
    value = to_ten(match["number"].casefold())  # none for "fıve", which "five" matches
    before = re.split(r"[.!?\n]", match.string[max(0, match.start() - _NEAR) : match.start()])[-1]
    is_left = not value or rates(f"{before} {match['between']}")
    return match[0] if is_left else f"{_TEN * (value or 0)}%"


def to_ten(word: str) -> int | None:
    """Return the value of a number from 1 to 10, None for other words. A one in words is an article."""
    value = int(word) if word.isdecimal() else _numbers().get(word)
    return value if value in range(1, _TEN + 1) else None


def rates(text: str) -> bool:
    """Tell whether a text has a word by which a number rates something."""
    return bool(_rated().search(text))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a scale before its number, and behind it."""
    scale, leads, words = map(_any_of, (_row("scale"), _row("scale_lead"), _numbers()))
    number = (
        rf"(?P<number>(?<!\d)(?<!\d[.,])(?:10|[1-9])(?![\d%]|[.,]\d)|(?<![^\W\d_])(?:{words})(?![^\W\d_]))"
    )
    between = rf"(?P<between>[^\d\n.!]{{0,{_NEAR}}}?)"
    lead = rf"(?:\b(?:{leads})\s*)?"
    sought = (rf"{lead}(?:{scale}){between}{number}分?", rf"{number}{between}{lead}(?:{scale})")
    return tuple(re.compile(each, re.IGNORECASE) for each in sought)


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


@cache
def _rated() -> re.Pattern[str]:
    """Return the pattern of words by which a number rates something."""
    words = (rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in _row("rated"))
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def _numbers() -> dict[str, int]:
    """Return the words for the numbers from 2 to 10 in all languages; those for 1 are articles, too."""
    rows = (
        (value, word_file(code)["numerals"].get(f"{value}", ""))
        for code in LANGUAGES
        for value in range(2, 11)
    )
    return {word.strip(): value for value, written in rows for word in written.split(",") if word.strip()}


def _row(name: str) -> Iterator[str]:
    for language in LANGUAGES:
        for phrase in word_file(language)["shares"].get(name, "").split(","):
            if phrase.strip():
                yield from written_out(phrase.strip())
