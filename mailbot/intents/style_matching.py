"""Finding a style by what people write: any case, hyphen or title, and a typo forgiven.

    echo          text, as short as an answer repeats it
    plain, words  text, and its words, for comparing
    Catalogue     the styles by their names and titles
      .default    the style of who names none
      .exact      the style whose name this is, whole
      .within     the styles that are named somewhere in these words
      .sharing    all that have these words in their name, title or artist
      .part       the only style that has these words in its name, title or artist
      .typo       the style that these words nearly name
      .near       names to suggest

A typo is forgiven when rapidfuzz's WRatio reaches 80 and no other style comes within 8: real typos score
83 and more, "kandinsky" scores 60 with "candy" and is a name we do not know, not a wish for sweets.
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

#: WRatio from which on a misspelt name is taken for a style's, and its lead over the next style.
TYPO_SCORE, TYPO_MARGIN = 80, 8
#: WRatio from which on a name is worth suggesting, and how many are.
NEAR_SCORE, NEAR_COUNT = 55, 3
#: Shorter words are too like too many others: WRatio finds "and" in "candy" at 90.
_SHORTEST_TYPO = 4
#: Ratio from which on a single word is a misspelt one of a title or a surname: "hokusia" scores 86.
WORD_SCORE = 85
#: Letters from which on that is looked at, and from which on a word alone can be a style's: "hat".
_SHORTEST_SURNAME, _SHORTEST_WORD = 5, 3
#: Characters of a mail that an answer repeats.
_MAX_ECHO = 40
#: Words before a name that are no part of it.
ARTICLES = ("the", "a", "an", "der", "die", "das", "le", "la", "les")


def echo(text: str) -> str:
    """Words to be repeated to their writer, no more than a sentence has room for, and none cut."""
    return shorten(text, _MAX_ECHO, placeholder=" …")


def plain(text: str) -> str:
    """The text in lower case, without accents and apostrophes."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"['’`]", "", "".join(c for c in folded if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """Lower-case words of letters and digits without accents; apostrophes vanish, the rest separates."""
    return re.findall(r"[^\W_]+", plain(text))


class StyleMatch(NamedTuple):
    """A style named by the words from `start` up to `end`."""

    start: int
    end: int
    name: str


class Catalogue:
    """The styles, by everything that they may be called, which a title such as "Help" is not. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self.names = tuple(style.name for style in styles)
        #: What a style is called, without spaces -> its name. A name wins over another's title.
        self._names: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        for phrase, name in [*((s.name, s.name) for s in styles), *((s.title, s.name) for s in styles)]:
            self._add(words(phrase), name)
        #: Every word of a style's name, title and artist.
        self._vocabulary = {s.name: frozenset(words(f"{s.name} {s.title} {s.artist}")) for s in styles}
        #: Those that tell a style, which an artist's first name does not: Frances is no Francis.
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
        """The style of who names none; the first one where that is not there any more."""
        return name if name in self.names else next(iter(self.names), name)

    def exact(self, phrase: Sequence[str]) -> str | None:
        """The style called exactly so, spaces and a leading article aside."""
        bare = phrase[1:] if phrase[:1] and phrase[0] in ARTICLES else phrase
        return self._names.get("".join(phrase)) or self._names.get("".join(bare))

    def within(self, phrase: Sequence[str]) -> tuple[StyleMatch, ...]:
        """The styles named by neighbouring words, in order; of names that overlap the longest counts."""
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
        """The only style with all these words in its name, title or artist: "hokusai", "the wave"."""
        sharing = self.sharing(phrase) or self.sharing(self._corrected(phrase))
        return sharing[0] if len(sharing) == 1 else None

    def typo(self, phrase: Sequence[str]) -> str | None:
        """The one style whose name these words are but for a typo."""
        wanted = " ".join(phrase)
        ranked = self._ranked(wanted, strict=True) if len(wanted) >= _SHORTEST_TYPO else []
        if not ranked or ranked[0][0] < TYPO_SCORE:
            return None
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return ranked[0][1] if ranked[0][0] - second >= TYPO_MARGIN else None

    def near(self, text: str) -> tuple[str, ...]:
        """Up to three names: those with such a word or by such an artist first, then the most alike."""
        wanted = words(text)
        alike = [name for score, name in self._ranked(" ".join(wanted), strict=False) if score >= NEAR_SCORE]
        sharing = self.sharing(wanted) or self.sharing(self._corrected(wanted))
        return tuple(dict.fromkeys([*sharing, *alike]))[:NEAR_COUNT]

    def sharing(self, phrase: Sequence[str]) -> list[str]:
        """Every style with all these words in its name, title or artist."""
        if not any(len(word) >= _SHORTEST_WORD and word not in FILLERS for word in phrase):
            return []
        return [name for name, known in self._vocabulary.items() if known.issuperset(phrase)]

    def _corrected(self, phrase: Sequence[str]) -> list[str]:
        """The words, with each that is nearly one of a title or a surname as that one: "hokusia"."""
        return [self._nearest(word) if len(word) >= _SHORTEST_SURNAME else word for word in phrase]

    def _nearest(self, word: str) -> str:
        found = process.extractOne(word, self._telling, scorer=fuzz.ratio, score_cutoff=WORD_SCORE)
        return found[0] if found else word

    def _ranked(self, wanted: str, *, strict: bool) -> list[tuple[float, str]]:
        """Each style's best score, best first; `strict` leaves out names of another length."""
        best: dict[str, float] = {}
        for phrase, name in self._phrases.items():
            # WRatio scores parts of a longer text highly ("wave" in "the waves of war"): no typo does that.
            if strict and max(len(phrase), len(wanted)) >= 1.5 * min(len(phrase), len(wanted)):
                continue
            together = fuzz.ratio(phrase.replace(" ", ""), wanted.replace(" ", ""))
            best[name] = max(best.get(name, 0.0), fuzz.WRatio(phrase, wanted), together)
        return sorted(((score, name) for name, score in best.items()), key=lambda pair: (-pair[0], pair[1]))
