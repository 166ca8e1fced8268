"""Hold the sentences of a mail as items: `sentence_reader.py` makes them.

Mention     words that mean a style, here or elsewhere
Item        one piece of a sentence: a mention, a known phrase, a number, a mark, or an unknown word
Sentence    the items of one sentence, or of a subject or an address's tag
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from mailbot.intents.names.name_index import Grade

#: Letters of scripts without a word file, and words up to which their sentence is read all the same.
_FOREIGN, _FEW = re.compile(r"[\u0370-\u1dff\ua000-\uf8ff]"), 5
#: The first character of Chinese and Japanese.
FIRST_CJK = "\u3000"
#: Kinds of words that mean one photo by its number, from the first on, and those that mean photos by numbers.
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
NUMBERED = (*ORDINALS, "last", "first_two", "first_three", "last_two", "last_three", "middle_two", "rest")
#: A Roman number.
ROMAN = re.compile(r"[IVX]{2,}")
#: Kinds of words for people and places, and of all words that say nothing by themselves: "frame", "nearly".
OF_LIFE = ("being", "name_of", "person_title", "given_name", "venue", "copula")
_UNSAID = frozenset(
    (
        *("edits", "region", "past", "delight", "aside", "meant", "sequence", "these", "hue"),
        *("whole", "lower", "several", "unit", *OF_LIFE),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Hold the styles that some words of a sentence mean."""

    grade: Grade
    styles: tuple[str, ...]  #: empty for a style that exists elsewhere only
    raw: str  #: the words as they were written
    movement: str = ""  #: of a style from elsewhere
    is_artist: bool = False
    is_described: bool = False  #: by what its painting shows
    seen: float | None = None  #: features of the painting that are described, beyond the fewest for a request


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Hold one piece of a sentence."""

    text: str  #: folded tokens with spaces
    raw: str
    kinds: frozenset[str] = frozenset()
    mention: Mention | None = None
    is_mark: bool = False
    is_number: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether neither the catalogue nor the lexicon knows this word."""
        return self.kinds <= _UNSAID and not (self.mention or self.is_mark or self.is_number)

    @property
    def is_elsewhere(self) -> bool:
        """Whether this names a style that the catalogue lacks."""
        return self.mention is not None and not self.mention.styles

    def has(self, *kinds: str) -> bool:
        """Tell whether this is a phrase of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Hold the items of one sentence."""

    items: tuple[Item, ...]
    where: str  #: `subject`, `text` or `tag`
    line: int = 0  #: number of its line in the text
    is_question: bool = False

    @cached_property
    def words(self) -> tuple[Item, ...]:
        """Items that are no marks."""
        return tuple(item for item in self.items if not item.is_mark)

    @cached_property
    def unknown(self) -> int:
        """Number of unknown words; those of a script without a word file are small words at best.

        Chinese and Japanese ones in a row count as one, since no space says where a word ends.
        """
        unknown = [item for item in self.items if item.is_unknown]
        is_foreign = len(self.words) <= _FEW and all(_FOREIGN.match(item.text) for item in unknown)
        runs = sum(a.is_unknown and b.is_unknown and b.raw[0] >= FIRST_CJK for a, b in pairwise(self.items))
        return 0 if is_foreign else len(unknown) - runs

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of all phrases in the sentence."""
        return frozenset[str]().union(*(item.kinds for item in self.items))

    def styles_at(self, at: int) -> tuple[str, ...]:
        """Return the styles that an item means; none for a style from elsewhere, and for other items."""
        mention = self.items[at].mention
        return mention.styles if mention else ()

    def clause(self, at: int) -> tuple[Item, ...]:
        """Return the items between the marks around an item."""
        start = max((index for index in range(at) if self.items[index].is_mark), default=-1)
        end = next((index for index in range(at, len(self.items)) if self.items[index].is_mark), None)
        return self.items[start + 1 : end]

    @property
    def has_mention(self) -> bool:
        """Whether any item is a mention, the first one included."""
        return any(item.mention for item in self.items)

    @property
    def mentions(self) -> Iterator[int]:
        """Indices of the items that are mentions."""
        return (at for at, item in enumerate(self.items) if item.mention)
