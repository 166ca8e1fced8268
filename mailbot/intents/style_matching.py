"""Find a style by the words that people write: in any case, with hyphens or typos, by name or title.

    echo          text, shortened for an answer that repeats it
    normalised    text as it is compared; `words` are its words
    Catalogue     the styles by their names and titles
      .default    the style for a mail that names none
      .exact      the style of exactly this name
      .within     the styles that are named somewhere in these words
      .sharing    all styles with these words in their name, title or artist
      .part       the only style with these words in its name, title or artist
      .typo       the style that these words nearly name
      .near       names to suggest

A typo counts as the name if rapidfuzz's WRatio reaches 80 and no other style comes within 8. Real typos score
83 and more. "kandinsky" scores 60 with "candy": it is an unknown name, and does not ask for sweets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from textwrap import shorten
from typing import NamedTuple

from rapidfuzz import fuzz, process

from styles.contract import StyleSummary
from styles.language.lexicon import FILLERS
from styles.language.reserved_names import is_reserved

#: Least WRatio of a misspelt style's name, and its least lead over the next style.
TYPO_SCORE, TYPO_MARGIN = 80, 8
#: Least WRatio of a suggested name, and the most suggestions.
NEAR_SCORE, NEAR_COUNT = 55, 3
#: Least letters of a misspelt name: WRatio finds "and" in "candy" at 90.
_SHORTEST_TYPO = 4
#: Least ratio of a misspelt word of a title or a surname: "hokusia" scores 86.
WORD_SCORE = 85
#: Least letters of a misspelt surname, and of a word that alone can mean a style ("hat").
_SHORTEST_SURNAME, _SHORTEST_WORD = 5, 3
#: Characters of a name that an answer repeats.
_MAX_ECHO = 40
#: Articles that may stand before a name.
ARTICLES = ("the", "a", "an", "der", "die", "das", "le", "la", "les")


def echo(text: str) -> str:
    """Shorten the words that an answer repeats, between two words."""
    return shorten(text, _MAX_ECHO, placeholder=" …")


def normalised(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"['’`]", "", "".join(c for c in folded if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """Split text into lower-case words of letters and digits, without accents and apostrophes."""
    return re.findall(r"[^\W_]+", normalised(text))


class StyleMatch(NamedTuple):
    """Hold a style that the words from `start` up to `end` name."""

    start: int
    end: int
    name: str


class Catalogue:
    """Find styles by name, title and artist. A title such as "Help" is no name. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self.names = tuple(style.name for style in styles)
        #: A name or title without spaces -> the style's name. A name wins over another style's title.
        self._names: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        for phrase, name in [*((s.name, s.name) for s in styles), *((s.title, s.name) for s in styles)]:
            self._add(words(phrase), name)
        #: Every word of a style's name, title and artist.
        self._vocabulary = {s.name: frozenset(words(f"{s.name} {s.title} {s.artist}")) for s in styles}
        #: Words that identify a style. An artist's first name does not: Frances is no Francis.
        self._telling = sorted(
            {w for s in styles for w in (*words(f"{s.name} {s.title}"), *words(s.artist)[-1:]) if len(w) > 3}
        )
        self._longest = max((phrase.count(" ") + 1 for phrase in self._phrases), default=0)

    def _add(self, phrase: list[str], name: str) -> None:
        for known in (phrase, phrase[1:] if phrase[:1] and phrase[0] in ARTICLES else []):
            if known and not is_reserved(" ".join(known)):
                self._names.setdefault("".join(known), name)
                self._phrases.setdefault(" ".join(known), name)

    def default(self, name: str) -> str:
        """Return the default style, or the first style if the default no longer exists."""
        return name if name in self.names else next(iter(self.names), name)

    def exact(self, phrase: Sequence[str]) -> str | None:
        """Return the style of exactly this name, spaces and a leading article aside."""
        bare = phrase[1:] if phrase[:1] and phrase[0] in ARTICLES else phrase
        return self._names.get("".join(phrase)) or self._names.get("".join(bare))

    def within(self, phrase: Sequence[str]) -> tuple[StyleMatch, ...]:
        """Return the styles that neighbouring words name, in order; of overlapping names the longest."""
        found: dict[int, StyleMatch] = {}
        free = [True] * len(phrase)
        for length in range(min(self._longest + 1, len(phrase)), 0, -1):
            for start in range(len(phrase) - length + 1):
                name = self._names.get("".join(phrase[start : start + length]))
                if name and all(free[start : start + length]):
                    found[start] = StyleMatch(start, start + length, name)
                    free[start : start + length] = [False] * length
        return tuple(found[start] for start in sorted(found))

    def part(self, phrase: Sequence[str]) -> str | None:
        """Return the only style with all these words in its name, title or artist: "hokusai", "the wave"."""
        sharing = self.sharing(phrase) or self.sharing(self._corrected(phrase))
        return sharing[0] if len(sharing) == 1 else None

    def typo(self, phrase: Sequence[str]) -> str | None:
        """Return the one style whose name these words are except for a typo."""
        wanted = " ".join(phrase)
        ranked = self._ranked(wanted, strict=True) if len(wanted) >= _SHORTEST_TYPO else []
        if not ranked or ranked[0][0] < TYPO_SCORE:
            return None
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return ranked[0][1] if ranked[0][0] - second >= TYPO_MARGIN else None

    def near(self, text: str) -> tuple[str, ...]:
        """Return up to three names: styles with such a word or artist first, then similar names."""
        wanted = words(text)
        alike = [name for score, name in self._ranked(" ".join(wanted), strict=False) if score >= NEAR_SCORE]
        sharing = self.sharing(wanted) or self.sharing(self._corrected(wanted))
        return tuple(dict.fromkeys([*sharing, *alike]))[:NEAR_COUNT]

    def sharing(self, phrase: Sequence[str]) -> list[str]:
        """Return every style with all these words in its name, title or artist."""
        if not any(len(word) >= _SHORTEST_WORD and word not in FILLERS for word in phrase):
            return []
        return [name for name, known in self._vocabulary.items() if known.issuperset(phrase)]

    def _corrected(self, phrase: Sequence[str]) -> list[str]:
        """Return the words, with misspelt words of titles and surnames corrected: "hokusia"."""
        return [self._nearest(word) if len(word) >= _SHORTEST_SURNAME else word for word in phrase]

    def _nearest(self, word: str) -> str:
        found = process.extractOne(word, self._telling, scorer=fuzz.ratio, score_cutoff=WORD_SCORE)
        return found[0] if found else word

    def _ranked(self, wanted: str, *, strict: bool) -> list[tuple[float, str]]:
        """Return each style's best score, best first; `strict` leaves out names of another length."""
        best: dict[str, float] = {}
        for phrase, name in self._phrases.items():
            # WRatio scores parts of a longer text highly ("wave" in "the waves of war"), which are no typos.
            if strict and max(len(phrase), len(wanted)) >= 1.5 * min(len(phrase), len(wanted)):
                continue
            together = fuzz.ratio(phrase.replace(" ", ""), wanted.replace(" ", ""))
            best[name] = max(best.get(name, 0.0), fuzz.WRatio(phrase, wanted), together)
        return sorted(((score, name) for name, score in best.items()), key=lambda pair: (-pair[0], pair[1]))
