"""Split what a person wrote into sentences of known words.

    Mention     words that mean a style, here or elsewhere
    Item        one piece of a sentence: a mention, a known phrase, a number, a mark, or an unknown word
    Sentence    the items of one sentence, or of a subject or an address's tag
    SentenceReader   text -> sentences, by a catalogue and the languages of the mail

A name of a style takes precedence over a phrase of the lexicon: "big-bang" is no size. Of overlapping names
or phrases the longest from the left counts. Reading is linear in the text, which is cut to bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from mailbot.intents.catalogue import SHORTEST_WORD, Catalogue, Grade, NamedStyles
from styles.language.language_detection import shortened
from styles.language.lexicon import Lexicon
from styles.language.tokens import Token, segment, split, tokenize, unwrapped

#: Characters of a text that are read, and most tokens of one sentence.
MAX_TEXT, MAX_TOKENS = 6000, 150
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?")
#: Letters of scripts without a word file, and words up to which their sentence is read all the same.
_FOREIGN, _FEW = re.compile(r"[\u0370-\u1dff\ua000-\uf8ff]"), 5
#: The first character of Chinese and Japanese.
FIRST_CJK = "\u3000"
#: Kinds of words that can also be the name of a style: "léger", "tableau".
_AMBIGUOUS = frozenset(("strength", "after"))
#: Kinds of words that say nothing by themselves: "frame", "nearly".
_UNSAID = frozenset(("edits", "region", "past"))
#: Kinds of words that can also be a word of a title: "night", "field".
_RARE = frozenset(("letter", "caption"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Hold the styles that some words of a sentence mean."""

    grade: Grade
    styles: tuple[str, ...]  #: empty for a style that exists elsewhere only
    raw: str  #: the words as they were written
    movement: str = ""  #: of a style from elsewhere
    is_artist: bool = False
    is_described: bool = False  #: by what its painting shows


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
    def mentions(self) -> Iterator[int]:
        """Indices of the items that are mentions."""
        return (at for at, item in enumerate(self.items) if item.mention)


class SentenceReader:
    """Read texts by the names of a catalogue and the words of some languages."""

    def __init__(self, catalogue: Catalogue, words: Lexicon) -> None:
        self.catalogue = catalogue
        self.words = words
        self._runs = catalogue.runs | words.runs

    def sentences(self, text: str, where: str) -> list[Sentence]:
        """Return the sentences of a text, empty ones left out."""
        found = []
        for line, tokens in split(self._tokens(unwrapped(text[:MAX_TEXT]))):
            if items := self._items(tokens[:MAX_TOKENS]):
                is_question = tokens[-1].text == "?"
                found.append(Sentence(items=items, where=where, line=line, is_question=is_question))
        return found

    def one(self, text: str, where: str) -> Sentence:
        """Return a text as one sentence, such as a subject; `where` names the part of the mail."""
        tokens = self._tokens(text[:MAX_TEXT])[:MAX_TOKENS]
        return Sentence(items=self._items(tokens), where=where, is_question="?" in text)

    def _tokens(self, text: str) -> list[Token]:
        return segment(shortened(tokenize(text)), self._runs)

    def _items(self, tokens: Sequence[Token]) -> tuple[Item, ...]:
        found: list[Item] = []
        at = 0
        while at < len(tokens):
            at, item = self._item(tokens, at)
            found.append(item)
        return tuple(_settled(found))

    def _item(self, tokens: Sequence[Token], at: int) -> tuple[int, Item]:
        """Return the item that begins at a token, and its end."""
        named, entry = self._named(tokens, at)
        end, phrase = self._phrase(tokens, at)
        is_common = phrase and not _RARE.issuperset(self.words.of(phrase))
        if entry and named >= end and not (entry.grade is Grade.WORD and is_common):
            raw = _raw(tokens[at:named])
            kinds = _AMBIGUOUS & self.words.of(phrase) if named == end else frozenset[str]()
            is_artist = self.catalogue.is_artist([token.text for token in tokens[at:named] if token.is_word])
            mention = Mention(grade=entry.grade, styles=entry.styles, raw=raw, is_artist=is_artist)
            return named, Item(text=phrase if kinds else raw, raw=raw, kinds=kinds, mention=mention)
        token = tokens[at]
        if not phrase:
            is_mark, is_number = token.kind == "mark", bool(_NUMBER.fullmatch(token.text))
            return at + 1, Item(text=token.text, raw=token.raw, is_mark=is_mark, is_number=is_number)
        elsewhere = None
        movement = self.words.elsewhere.get(phrase, self.words.movements.get(phrase, ""))
        if movement:
            elsewhere = Mention(grade=Grade.NAME, styles=(), raw=_raw(tokens[at:end]), movement=movement)
        is_mark = end == at + 1 and token.kind == "mark"
        return end, Item(
            text=phrase,
            raw=_raw(tokens[at:end]),
            kinds=self.words.of(phrase),
            mention=elsewhere,
            is_mark=is_mark,
        )

    def _named(self, tokens: Sequence[Token], at: int) -> tuple[int, NamedStyles | None]:
        """Return the end and the styles of the longest name that begins at a token."""
        if not tokens[at].is_word:
            return at, None
        found: tuple[int, NamedStyles | None] = (at, None)
        written: list[str] = []
        for end in range(at, len(tokens)):
            token = tokens[end]
            if token.is_word:
                written.append(token.text)
            elif token.text in ",\n()+":
                break
            if len(written) > self.catalogue.longest:
                break
            if token.is_word and (entry := self.catalogue.find(written)):
                found = (end + 1, entry)
        if found[1] or len(tokens[at].text) < SHORTEST_WORD:
            return found
        return at + 1, self.catalogue.word(tokens[at].text)

    def _phrase(self, tokens: Sequence[Token], at: int) -> tuple[int, str]:
        """Return the end and the text of the longest phrase that begins at a token, "" for no phrase."""
        for end in range(min(len(tokens), at + self.words.longest), at, -1):
            phrase = " ".join(token.text for token in tokens[at:end])
            if phrase in self.words.kinds and not self._cuts_name(tokens, at, end):
                return end, phrase
        return at, ""

    def _cuts_name(self, tokens: Sequence[Token], at: int, end: int) -> bool:
        """Tell whether a phrase ends within a name of several words: "en grande" before "vague"."""
        for start in range(at + 1, end):
            named, entry = self._named(tokens, start)
            if named > end and entry and entry.grade >= Grade.TAG:
                return True
        return False


def _settled(items: Sequence[Item]) -> Iterator[Item]:
    """Take words that are a style and mean something else too, such as "léger", for that beside a style."""
    sure = [item for item in items if item.mention and item.mention.styles and not item.kinds]
    for at, item in enumerate(items):
        if not (item.mention and item.mention.styles and item.kinds):
            yield item
        elif (
            sure
            and not (at and (item.raw[:1].isupper() or items[at - 1].text == "%"))
            and not any(one.mention and set(one.mention.styles) & set(item.mention.styles) for one in sure)
        ):
            yield replace(item, mention=None)
        else:
            yield replace(item, kinds=frozenset())


def _raw(tokens: Sequence[Token]) -> str:
    glue = "" if tokens and tokens[0].kind == "cjk" else " "
    return glue.join(token.raw for token in tokens)
