"""Find styles by the words that people write: names, titles, artists, movements, single words, typos.

    Grade       how clearly words mean a style
    NamedStyles   the styles that some words mean
    Catalogue   the styles of the registry
      .find     the styles of exactly these words
      .word     the styles with this word in a name or title
      .typo     the styles that these words nearly name
      .described  the style that these words describe
      .near     names to suggest
      .default  the style for a mail that names none

Words are compared without spaces, so "starrynight" is "starry night". A name may stand without its article.
Names that mean something else in a mail, such as a title "Help", are ignored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from textwrap import shorten
from typing import NamedTuple

from rapidfuzz import fuzz, process

from mailbot.intents.description_search import Descriptions
from mailbot.intents.name_spellings import (
    artist_names,
    initial,
    is_swapped,
    misspelt,
    near_han,
    sounded,
    spellings,
    with_bare,
    words,
)
from styles.contract import StyleSummary
from styles.language.lexicon import lexicon
from styles.language.reserved_names import is_reserved_key
from styles.language.translated_titles import unmarked

#: Least ratio of a misspelt name, and its least lead over the next style: real typos score 80 and more.
TYPO_SCORE, TYPO_MARGIN = 80, 5
#: Least ratio of one misspelt word, and of one with few letters: "mozaic" scores 83, "lunch" and "munch" 80.
WORD_SCORE, SHORT_SCORE = 82, 88
#: Letters up to which a word is short, from which it can be misspelt, and of a shortest word.
SHORT, SHORTEST_TYPO, SHORTEST_WORD = 5, 5, 3
#: Least WRatio of a suggested name, and the most suggestions.
NEAR_SCORE, NEAR_COUNT = 55, 3
#: Characters of a name that an answer repeats.
_MAX_ECHO = 40
#: The space behind an elision, as the words of a sentence are joined.
_ELIDED = re.compile(r"(?<=\w['’`´]) ")


class Grade(IntEnum):
    """Rank how clearly words mean a style."""

    TYPO = 0
    WORD = 1  #: one word of a title: "wave"
    TAG = 2  #: a movement: "cubist"
    ARTIST = 3
    NAME = 4


class NamedStyles(NamedTuple):
    """Hold the styles that some words mean, best first."""

    grade: Grade
    styles: tuple[str, ...]


def echo(text: str) -> str:
    """Shorten the words that an answer repeats, between two words; "c' est" is "c'est"."""
    return shorten(_ELIDED.sub("", text), _MAX_ECHO, placeholder=" …")


class Catalogue:
    """Find styles by the words for them. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self.names = tuple(style.name for style in styles)
        self._known = {style.name: len(style.other_names) for style in styles}
        self._entries: dict[str, NamedStyles] = {}
        self._artists: set[str] = set()
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        #: Names with their spaces, for suggestions.
        self._phrases: dict[str, str] = {}
        self._longest = 1
        self._add_names(styles)
        self._add_others(styles)
        #: The styles of each word, sorted once, since each word of a mail is sought here.
        self._by_word = {
            word: NamedStyles(Grade.WORD, self._by_fame(names)) for word, names in self._words.items()
        }
        #: Names that can be misspelt, by their first sounds, which people get right.
        self._spelt: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._entries:
            if len(name) >= SHORTEST_TYPO:
                self._spelt[initial(name)].append(name)
        #: Names in Japanese and Chinese, by how they sound.
        self._sounded = {sounded(name): name for name in reversed(self._entries) if not name.isascii()}
        self.descriptions = Descriptions(styles)
        #: Characters of other scripts than the Latin, at which runs without spaces are cut.
        self.runs = frozenset(name for name in self._entries if not name.isascii())

    def _add_names(self, styles: Sequence[StyleSummary]) -> None:
        for phrase, name in [*((s.name, s.name) for s in styles), *((s.title, s.name) for s in styles)]:
            for written in with_bare(phrase):
                self._add(written, Grade.NAME, (name,))
        shared: defaultdict[str, list[str]] = defaultdict(list)
        for style in styles:
            for phrase in style.other_names:
                for written in with_bare(unmarked(phrase)):
                    shared[" ".join(written)].append(style.name)
            for word in dict.fromkeys(words(f"{style.name} {style.title}")):
                if len(word) >= SHORTEST_WORD:
                    self._words[word].append(style.name)
        for phrase, names in shared.items():
            found = self._by_fame(names)
            self._add(phrase.split(), Grade.NAME if len(found) == 1 else Grade.ARTIST, found)

    def _add_others(self, styles: Sequence[StyleSummary]) -> None:
        """Add artists, then movements: a name wins over an artist, and an artist over a movement."""
        artists: defaultdict[str, list[str]] = defaultdict(list)
        tags: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for style in styles:
            for phrase in artist_names(style.artist):
                artists[phrase].append(style.name)
                self._artists.add(phrase.replace(" ", ""))
            for rank, tag in enumerate(style.tags):
                tags[" ".join(words(tag))].append((rank, style.name))
        for phrase, names in artists.items():
            self._add(phrase.split(), Grade.ARTIST, self._by_fame(names))
        self._tags = {tag: self._by_rank(found) for tag, found in tags.items()}
        for phrase, movement in lexicon().movements.items():
            if named := self.tagged(movement):
                self._add(phrase.split(), Grade.TAG, named)
        for phrase, named in self._tags.items():
            self._add(phrase.split(), Grade.TAG, named)

    def _add(self, phrase: Sequence[str], grade: Grade, styles: tuple[str, ...]) -> None:
        if phrase and not is_reserved_key(" ".join(phrase)):
            for written in spellings("".join(phrase)):
                self._entries.setdefault(written, NamedStyles(grade, styles))
            self._longest = max(self._longest, len(phrase))
            if grade is Grade.NAME:
                self._phrases.setdefault(" ".join(phrase), styles[0])

    @property
    def longest(self) -> int:
        """Words of the longest name, and one more, since people put spaces into names."""
        return self._longest + 1

    @classmethod
    def of(cls, styles: Sequence[StyleSummary]) -> Catalogue:
        """Return the catalogue of these styles, which is made once until one of them changes."""
        return _made(tuple((s.name, s.title, s.artist, s.other_names, s.tags) for s in styles))

    def default(self, name: str) -> str:
        """Return the default style, or the first style if the default no longer exists."""
        return name if name in self.names else next(iter(self.names), name)

    def find(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return what exactly these words mean; a plural means the same: "your van Goghs"."""
        joined = "".join(phrase)
        return self._entries.get(joined) or (
            self._entries.get(joined[:-1]) if joined[-1:] == "s" and phrase[-1] != "s" else None
        )

    def is_artist(self, phrase: Sequence[str]) -> bool:
        """Tell whether these words are an artist's name in Latin script."""
        return "".join(phrase) in self._artists

    def word(self, word: str) -> NamedStyles | None:
        """Return the styles that have this word in a name or title."""
        return self._by_word.get(word)

    def tagged(self, movement: str) -> tuple[str, ...]:
        """Return the styles of a movement."""
        return self._tags.get(" ".join(words(movement)), ())

    def typo(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the styles that these words name except for a typo; none of two that are equally near."""
        written = "".join(phrase)
        one = SHORT_SCORE if len(written) <= SHORT else WORD_SCORE
        least = TYPO_SCORE if len(phrase) > 1 else one
        if not written.isascii() and (name := self._sounded.get(sounded(written))):
            return NamedStyles(Grade.TYPO, self._entries[name].styles)
        if name := near_han(written, self.runs):
            return NamedStyles(Grade.TYPO, self._entries[name].styles)
        names = self._spelt.get(initial(written), []) if len(written) >= SHORTEST_TYPO else []
        if swapped := next((name for name in names if is_swapped(name, written)), ""):
            return NamedStyles(Grade.TYPO, self._entries[swapped].styles)
        alike = misspelt(written, names, least)
        if not alike:
            return None
        best = alike[0][1]
        found = [self._entries[name].styles for name, score, _ in alike if score > best - TYPO_MARGIN]
        common = set(found[0]).intersection(*found[1:])
        return NamedStyles(Grade.TYPO, tuple(style for style in found[0] if style in common))

    def described(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the style whose painting these words describe."""
        name = self.descriptions.find(phrase)
        return NamedStyles(Grade.TAG, (name,)) if name else None

    def guessed(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the styles that these words fit best, whichever of their names they are from."""
        styles = self.descriptions.guess(phrase)
        return NamedStyles(Grade.TAG, self._by_fame(styles)) if styles else None

    def _by_fame(self, styles: Iterable[str]) -> tuple[str, ...]:
        """Return the styles, best known first: those with the most other names."""
        return tuple(sorted(set(styles), key=lambda name: (-self._known[name], name)))

    def _by_rank(self, styles: Sequence[tuple[int, str]]) -> tuple[str, ...]:
        """Return the styles of a movement: first those on whose cards it stands first, best known first."""
        ranks = {name: rank for rank, name in styles}
        return tuple(sorted(self._by_fame(ranks), key=lambda name: ranks[name]))

    def near(self, text: str, movement: str = "") -> tuple[str, ...]:
        """Return up to three names: styles of the movement first, then by words, then by similar names."""
        wanted = words(text)
        sharing = [name for word in wanted for name in self._words.get(word, ())]
        entry = self.find(wanted)
        phrase = " ".join(wanted)
        ranked = process.extract(
            phrase, self._phrases.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR_SCORE, limit=8
        )
        alike = [self._phrases[name] for name, _, _ in ranked]
        tagged = self.tagged(movement) if movement else ()
        return tuple(dict.fromkeys([*(entry.styles if entry else ()), *tagged, *sharing, *alike]))[
            :NEAR_COUNT
        ]


@lru_cache(maxsize=2)
def _made(rows: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...]) -> Catalogue:
    return Catalogue(
        [
            StyleSummary(name=name, title=title, artist=artist, other_names=names, tags=tags, aliases={})
            for name, title, artist, names, tags in rows
        ]
    )
