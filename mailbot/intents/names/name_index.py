"""Index the styles of the registry by all that people call them: names, titles, artists, movements, words.

    Grade         how clearly words mean a style
    NamedStyles   the styles that some words mean
    NameIndex     the styles by their names, and by single words of names

A name wins over an artist, and an artist over a movement. Names that mean something else in a mail, such as a
title "Help", are ignored. `catalogue.py` finds styles here by the words that people write.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from mailbot.intents.names.name_spellings import artist_names, initial, sounded, spellings, with_bare, words
from styles.contract import StyleSummary
from styles.language.lexicon import lexicon
from styles.language.reserved_names import is_ordinary, is_reserved_key
from styles.language.translated_titles import unmarked

#: Letters from which a name can be misspelt, and letters of a shortest word.
SHORTEST_TYPO, SHORTEST_WORD = 5, 3
#: Letters from which a word is too long to be another one with two letters exchanged.
#: The second is for words of other names, since those of other languages are like more words.
LONG_WORD, _LONGER_WORD = 6, 8

#: The dot between the names of somebody in Chinese and Japanese.
_DOT = re.compile("[·・]")


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


class NameIndex:
    """Hold the styles by their names. Immutable once it is made."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self._known = {style.name: len(style.other_names) for style in styles}
        #: Styles by names without spaces.
        self.entries: dict[str, NamedStyles] = {}
        self.artists: set[str] = set()
        #: Surnames of artists in other scripts than the Latin: "ムンク" of "エドヴァルド・ムンク".
        self.foreign_artists = {
            words(surname)
            for style in styles
            for phrase in style.other_names
            if (surname := _DOT.split(unmarked(phrase))[-1]) != phrase and surname in style.other_names
        }
        self.words: defaultdict[str, list[str]] = defaultdict(list)
        #: Names with their spaces, for suggestions.
        self.phrases: dict[str, str] = {}
        #: Words of the longest name.
        self.longest = 1
        self._add_names(styles)
        self._add_others(styles)
        #: The styles of each word, sorted once, since each word of a mail is sought here.
        self.by_word = {
            word: NamedStyles(Grade.WORD, self.by_fame(names)) for word, names in self.words.items()
        }
        #: Names that can be misspelt, by their first sounds, which people get right.
        self.spelt: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.entries:
            if len(name) >= SHORTEST_TYPO:
                self.spelt[initial(name)].append(name)
        said = {word for phrase in self.phrases for word in phrase.split() if len(word) >= _LONGER_WORD}
        #: Long words of names in Latin script.
        self.long_words = {word for word in (*said, *self.words, *self.artists) if len(word) >= LONG_WORD}
        #: The same by their letters, for those of which two are exchanged.
        self.by_letters: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(filter(str.isascii, self.long_words)):
            self.by_letters["".join(sorted(word))].append(word)
        #: Names in Japanese and Chinese, by how they sound.
        self.sounded = {sounded(name): name for name in reversed(self.entries) if not name.isascii()}

    def _add_names(self, styles: Sequence[StyleSummary]) -> None:
        for phrase, name in [*((s.name, s.name) for s in styles), *((s.title, s.name) for s in styles)]:
            for written in with_bare(phrase):
                self._add(written, Grade.NAME, (name,))
        shared: defaultdict[str, list[str]] = defaultdict(list)
        for style in styles:
            for phrase in map(unmarked, style.other_names):
                is_left = is_ordinary(phrase) and phrase != style.title
                for written in () if is_left else with_bare(phrase):
                    shared[" ".join(written)].append(style.name)
            for word in dict.fromkeys(words(f"{style.name} {style.title}")):
                if len(word) >= SHORTEST_WORD:
                    self.words[word].append(style.name)
        for phrase, names in shared.items():
            found = self.by_fame(names)
            self._add(phrase.split(), Grade.NAME if len(found) == 1 else Grade.ARTIST, found)

    def _add_others(self, styles: Sequence[StyleSummary]) -> None:
        """Add artists, then movements: a name wins over an artist, and an artist over a movement."""
        artists: defaultdict[str, list[str]] = defaultdict(list)
        tags: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for style in styles:
            for phrase in artist_names(style.artist):
                artists[phrase].append(style.name)
                self.artists.add(phrase.replace(" ", ""))
            for rank, tag in enumerate(style.tags):
                tags[" ".join(words(tag))].append((rank, style.name))
        for phrase, names in artists.items():
            self._add(phrase.split(), Grade.ARTIST, self.by_fame(names))
        self.tags = {tag: self._by_rank(found) for tag, found in tags.items()}
        for phrase, movement in lexicon().movements.items():
            if named := self.tagged(movement):
                self._add(phrase.split(), Grade.TAG, named)
        for phrase, named in self.tags.items():
            self._add(phrase.split(), Grade.TAG, named)

    def _add(self, phrase: Sequence[str], grade: Grade, styles: tuple[str, ...]) -> None:
        if phrase and not is_reserved_key(" ".join(phrase)):
            for written in spellings("".join(phrase)):
                self.entries.setdefault(written, NamedStyles(grade, styles))
            self.longest = max(self.longest, len(phrase))
            if grade is Grade.NAME:
                self.phrases.setdefault(" ".join(phrase), styles[0])

    def by_fame(self, styles: Iterable[str]) -> tuple[str, ...]:
        """Return the styles, best known first: those with the most other names."""
        return tuple(sorted(set(styles), key=lambda name: (-self._known[name], name)))

    def _by_rank(self, styles: Sequence[tuple[int, str]]) -> tuple[str, ...]:
        """Return the styles of a movement: first those on whose cards it stands first, best known first."""
        ranks = {name: rank for rank, name in styles}
        return tuple(sorted(self.by_fame(ranks), key=lambda name: ranks[name]))

    def tagged(self, movement: str) -> tuple[str, ...]:
        """Return the styles of a movement."""
        return self.tags.get(" ".join(words(movement)), ())
