"""Find styles by the words that people write: names, titles, artists, movements, single words, typos.

    Catalogue   the styles of the registry
      .find     the styles of exactly these words
      .word     the styles with this word in a name or title
      .slip     the word of a name that a word nearly is
      .typo     the styles that these words nearly name
      .described  the style that these words describe
      .near     names to suggest
      .default  the style for a mail that names none

Words are compared without spaces, so "starrynight" is "starry night". A name may stand without its article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from textwrap import shorten

from rapidfuzz import fuzz, process

from mailbot.intents.names.description_search import Descriptions
from mailbot.intents.names.name_index import LONG_WORD, SHORTEST_TYPO, Grade, NamedStyles, NameIndex
from mailbot.intents.names.name_spellings import (
    initial,
    is_near,
    is_swapped,
    misspelt,
    near_han,
    near_kana,
    sounded,
    words,
)
from mailbot.intents.names.painting_features import PaintingFeatures
from mailbot.intents.sentence import FIRST_CJK
from styles.contract import StyleSummary

#: Least ratio of a misspelt name, and its least lead over the next style: real typos score 80 and more.
TYPO_SCORE, TYPO_MARGIN = 80, 5
#: Least ratio of one misspelt word, and of one with few letters: "mozaic" scores 83, "lunch" and "munch" 80.
WORD_SCORE, SHORT_SCORE = 82, 88
#: Letters up to which a word is short.
SHORT = 5
#: Least WRatio of a suggested name, and the most suggestions.
NEAR_SCORE, NEAR_COUNT = 55, 3
#: Movement of styles from elsewhere that come near none.
_OTHER = "other"
#: Characters of a name that an answer repeats.
_MAX_ECHO = 40
#: The space behind an elision, as the words of a sentence are joined.
_ELIDED = re.compile(r"(?<=\w['’`´]) ")


def echo(text: str) -> str:
    """Shorten the words that an answer repeats, between two words; "c' est" is "c'est"."""
    return shorten(_ELIDED.sub("", text), _MAX_ECHO, placeholder=" …")


class Catalogue:
    """Find styles by the words for them. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self.names = tuple(style.name for style in styles)
        self._index = NameIndex(styles)
        self.descriptions = Descriptions(styles)
        self.features = PaintingFeatures(styles)
        self._artists = {style.name: style.artist for style in styles if style.artist}
        #: Characters of other scripts than the Latin, at which runs without spaces are cut.
        self.runs = frozenset(name for name in self._index.entries if not name.isascii())

    @property
    def longest(self) -> int:
        """Words of the longest name, and one more, since people put spaces into names."""
        return self._index.longest + 1

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
        return self._index.entries.get(joined) or (
            self._index.entries.get(joined[:-1]) if joined[-1:] == "s" and phrase[-1] != "s" else None
        )

    def is_artist(self, phrase: Sequence[str]) -> bool:
        """Tell whether these words are an artist's name in Latin script; "Munchs Schrei" has a genitive."""
        written = "".join(phrase)
        return not self._index.artists.isdisjoint((written, written.removesuffix("s")))

    def is_painter(self, phrase: str) -> bool:
        """Tell whether these words are an artist's name in any script."""
        written = words(phrase)
        return self.is_artist(written) or written in self._index.foreign_artists

    def of_same_artist(self, style: str) -> tuple[str, ...]:
        """Return the styles by the artist of a style, none where the artist is not known."""
        artist = self._artists.get(style)
        return tuple(name for name, by in self._artists.items() if by == artist)

    def word(self, word: str) -> NamedStyles | None:
        """Return the styles that have this word in a name or title."""
        return self._index.by_word.get(word)

    def slip(self, word: str) -> str:
        """Return the long word of a name of which this is one slip of the hand, or "".

        Two letters before the last are exchanged, or one of an artist's is wrong: no other word is so near.
        """
        if len(word) < LONG_WORD or not word.isascii() or word in self._index.long_words:
            return ""
        alike = self._index.by_letters.get("".join(sorted(word)), ())
        exchanged = (
            name for name in alike if name[-1] == word[-1] and is_near(name, word)
        )  # "schrie" is none
        near = (name for name in self._index.artists if len(name) > LONG_WORD and is_near(name, word))
        return next(exchanged, "") or next(near, "")

    def tagged(self, movement: str) -> tuple[str, ...]:
        """Return the styles of a movement."""
        return self._index.tagged(movement)

    def typo(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the styles that these words name except for a typo.

        Names that sound alike, differ in one Chinese character or have two letters swapped go first. Of the
        others, all within `TYPO_MARGIN` of the best are taken, and the styles that they share are returned.
        """
        written = "".join(phrase)
        one = SHORT_SCORE if len(written) <= SHORT else WORD_SCORE
        least = TYPO_SCORE if len(phrase) > 1 else one
        if not written.isascii():
            heard = self._index.sounded
            name = heard.get(sounded(written)) or heard.get(near_kana(written, heard), "")
            if name := name or near_han(written, self.runs):
                return NamedStyles(Grade.TYPO, self._index.entries[name].styles)
        names = self._index.spelt.get(initial(written), []) if len(written) >= SHORTEST_TYPO else []
        if swapped := next((name for name in names if is_swapped(name, written)), ""):
            return NamedStyles(Grade.TYPO, self._index.entries[swapped].styles)
        alike = misspelt(written, names, least)
        if not alike:
            return None
        best = alike[0][1]
        found = [self._index.entries[name].styles for name, score, _ in alike if score > best - TYPO_MARGIN]
        common = set(found[0]).intersection(*found[1:])
        return NamedStyles(Grade.TYPO, tuple(style for style in found[0] if style in common))

    def described(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the style whose painting these words describe.

        Features of one painting tell more than stems of words: "tubes and cones, red, blue and yellow".
        """
        name = self.descriptions.find(phrase)
        name = name and (self.features.clear(" ".join(phrase)) or name)
        return NamedStyles(Grade.TAG, (name,)) if name else None

    def guessed(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the styles that these words fit best, whichever of their names they are from."""
        styles = self._seen(self.descriptions.guess(phrase), phrase)
        return NamedStyles(Grade.TAG, self._index.by_fame(styles)) if styles else None

    def hinted(self, phrase: Sequence[str]) -> NamedStyles | None:
        """Return the styles that several of these words fit, though others are about something else."""
        styles = self._seen(self.descriptions.hint(phrase), phrase)
        if styles and (seen := self.features.clear(" ".join(phrase))):
            styles = (seen,)
        return NamedStyles(Grade.TAG, self._index.by_fame(styles)) if styles else None

    def _seen(self, styles: Sequence[str], phrase: Sequence[str]) -> tuple[str, ...]:
        """Return those of some styles of which words are features, since stems are short: "gemaltes Bild"."""
        text = " ".join(phrase)
        is_han = text[:1] >= FIRST_CJK
        return tuple(styles) if is_han else tuple(name for name in styles if name in self.features.of(text))

    def near(self, text: str, movement: str = "") -> tuple[str, ...]:
        """Return up to three names: the exact match first, then the movement, words and similar names.

        For a style that is known elsewhere there are always some, the best known ones if none is like it.
        """
        wanted = words(text)
        sharing = [name for word in wanted for name in self._index.words.get(word, ())]
        entry = self.find(wanted)
        phrase = " ".join(wanted)
        ranked = process.extract(
            phrase, self._index.phrases.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR_SCORE, limit=8
        )
        alike = [self._index.phrases[name] for name, _, _ in ranked]
        tagged = self.tagged(movement) if movement else ()
        famous = self._index.by_fame(self.names) if movement else ()
        similar = () if movement == _OTHER else alike  # "black and white" is like no name
        found = dict.fromkeys([*(entry.styles if entry else ()), *tagged, *sharing, *similar])
        return (tuple(found) or famous)[:NEAR_COUNT]


@lru_cache(maxsize=2)
def _made(rows: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...]) -> Catalogue:
    return Catalogue(
        [
            StyleSummary(name=name, title=title, artist=artist, other_names=names, tags=tags, aliases={})
            for name, title, artist, names, tags in rows
        ]
    )
