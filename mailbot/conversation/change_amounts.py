"""Read by how much a mail wants the last painting changed: "10% more", "50/50", "double the size".

    Amounts       what is asked for
    read_amounts  text -> the text without these words, and what they ask for

The words are the table `reply` of the words files. All languages are read at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from styles.language.lexicon import lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply

#: Shares of a blend of two: "60/40", "50:50".
_SHARES = re.compile(r"(?<![\d/:.,])(\d{1,2})\s?[/:]\s?(\d{1,2})(?![\d/:.,]\d|%)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Hold the amounts of a change."""

    points: int = 0  #: percentage points of the strength; below 0: weaker
    shares: tuple[int, int] | None = None  #: of a blend of two, which make 100
    is_doubled: bool = False  #: the size
    is_usual_size: bool = False

    @property
    def is_any(self) -> bool:
        """Whether the strength or the size is meant; shares mean nothing where the painting is no blend."""
        return bool(self.points or self.is_doubled or self.is_usual_size)


def read_amounts(text: str) -> tuple[str, Amounts]:
    """Return the text without the words that say an amount, and the amounts."""
    text, points = unicodedata.normalize("NFC", text), 0
    for pattern, sign in _steps():
        points += sign * sum(int(match[1]) for match in pattern.finditer(text))
        text = pattern.sub(" ", text)
    pairs = [(int(match[1]), int(match[2])) for match in _SHARES.finditer(text)]
    whole = [pair for pair in pairs if sum(pair) == 100 and all(pair)]
    text, doubled = _sizes("double").subn(" ", text)
    text, usual = _sizes("usual").subn(" ", text)
    amounts = Amounts(
        points=points,
        shares=whole[0] if whole else None,
        is_doubled=bool(doubled),
        is_usual_size=bool(usual),
    )
    return text, amounts


@cache
def _steps() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Return the patterns of steps of the strength, with their signs; in Chinese the words stand first."""
    percent = rf"\s*(?:%|％|{_any_of(lexicon().phrases('percent'))})\s*"
    link, how = rf"(?:(?:{_any_of(reply('link'))})\s+)?", rf"(?:\s+(?:{_any_of(reply('how'))}))?"
    found = []
    for row, sign in (("more", 1), ("less", -1)):
        behind, first = _any_of(reply(row)), _any_of(reply(f"{row}_first"))
        found += [
            (rf"(?<!\d)(\d{{1,3}}){percent}{link}(?:{behind})(?![a-zà-ÿ]){how}", sign),
            (rf"再?(?:{first})(\d{{1,3}}){percent}", sign),
        ]
    return tuple((re.compile(pattern, re.IGNORECASE), sign) for pattern, sign in found)


@cache
def _sizes(row: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-zà-ÿ])(?:{_any_of(reply(row))})(?![a-zà-ÿ])", re.IGNORECASE)


def _any_of(phrases: Iterable[str]) -> str:
    """Return the pattern of phrases, the longest first, with and without their accents."""
    return "|".join(_spelt(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _spelt(phrase: str) -> str:
    return "".join(
        r"\s+" if character == " " else f"(?:{re.escape(character)}|{re.escape(fold(character))})"
        for character in phrase
    )
