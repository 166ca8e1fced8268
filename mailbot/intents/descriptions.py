"""Find the style that words describe: "the one where somebody screams on the bridge".

    Descriptions  the longer names of styles, by the stems of their words
      .find       words -> the style of which most of a name's words are among them
    stems         the stems of some words

The order of the words does not matter, nor do their endings. Four letters are a stem, or a Chinese character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from styles.contract import StyleSummary
from styles.language.lexicon import lexicon
from styles.language.titles import unmarked
from styles.language.tokens import words

#: Letters of a stem, and the fewest stems of a description: fewer are a title, such as "Starry Sky".
_STEM, _FEWEST = 4, 2
#: Share of a description's stems that must be said: with three of four it is clear, with two of three not.
_MOST = 0.75
#: Fewest Chinese characters of a description, and those that tell nothing.
_FEWEST_HAN = 3
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SMALL_HAN = frozenset("的上那有人个画在和一了中下里这幅名")
#: Kinds of words that tell nothing about a painting.
_SMALL = frozenset(("filler", "article", "cue", "place", "for", "photo", "that", "letter", "ask", "want"))


class Descriptions:
    """Find styles by what their paintings show. Immutable."""

    def __init__(self, styles: Iterable[StyleSummary]) -> None:
        self._rows = [
            (found, style.name)
            for style in styles
            for name in style.other_names
            if len(found := stems(words(unmarked(name)))) >= _fewest(found)
        ]

    def find(self, written: Sequence[str]) -> str:
        """Return the name of the style that these words describe, "" for none and for several."""
        said = stems(written)
        found = {
            name: len(row & said)
            for row, name in self._rows
            if len(row & said) >= _fewest(row) and len(row & said) >= _MOST * len(row)
        }
        return next(iter(found)) if len(found) == 1 else ""

    def tells(self, name: str, written: Sequence[str]) -> bool:
        """Tell whether one of some words describes a style."""
        said = stems(written)
        return any(row & said for row, style in self._rows if style == name)


def stems(written: Iterable[str]) -> frozenset[str]:
    """Return the stems of words, but for those that tell nothing."""
    return frozenset(stem for word in written for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    if characters := _HAN.findall(word):
        yield from (each for each in characters if each not in _SMALL_HAN)
    elif len(word) >= _STEM and word.isalpha() and not lexicon().of(word) & _SMALL:
        yield word[:_STEM]


def _fewest(row: frozenset[str]) -> int:
    return _FEWEST_HAN if any(map(_HAN.match, row)) else _FEWEST
