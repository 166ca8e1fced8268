"""Split what a person wrote into sentences of known words.

    Mention     words that mean a style, here or elsewhere
    Item        one piece of a sentence: a mention, a known phrase, a number, a mark, or an unknown word
    Sentence    the items of one sentence, or of a subject or an address's tag
    SentenceReader   text -> sentences, by a catalogue and the languages of the mail
    bare_subject   a subject without what mail programs add
    numbered       a text with the photos' numbers in place of their file names
    tags           what is written in the bot's addresses

A name of a style takes precedence over a phrase of the lexicon: "big-bang" is no size. Of overlapping names
or phrases the longest from the left counts. Reading is linear in the text, which is cut to bounds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.intents.catalogue import SHORTEST_WORD, Catalogue, Grade, NamedStyles
from mailbot.parsing.parse import StyleRequest
from styles.language.lexicon import Lexicon
from styles.language.tokens import Token, segment, split, tokenize, unwrapped

#: Characters of a text that are read, and most tokens of one sentence.
MAX_TEXT, MAX_TOKENS = 6000, 150
#: A number, with its pixels if they are one word with it.
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3}|px)?")
#: Prefixes of answers, forwarded mails and gateways: "Re:", "WG:", "[EXTERNAL]".
_PREFIX = re.compile(
    r"^\s*(?:(?:(?P<reply>re|aw|sv|vs|antw|antwort|res|rif|odp|ynt|回复|回覆|答复|返信|r)|fwd?|wg|tr|rv|vl|enc|i|doorst"
    r"|emailing|external|转发|轉寄|転送)\s*(?:\[\d+\])?\s*[:：]|\[[^\[\]]{1,30}\])\s*",
    re.IGNORECASE,
)
#: Photos that can be meant by their file names, and the fewest letters of one.
_NUMBERED, _SHORTEST_NAME = 4, 4
#: Characters of a subject that are read.
_MAX_SUBJECT = 500
#: Letters of scripts without a word file, and words up to which their sentence is read all the same.
_FOREIGN, _FEW = re.compile(r"[\u0370-\u1dff\ua000-\uf8ff]"), 5
#: Kinds of words that can also be a word of a title: "night", "field".
_RARE = frozenset(("letter", "caption"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Hold the styles that some words of a sentence mean."""

    grade: Grade
    styles: tuple[str, ...]  #: empty for a style that exists elsewhere only
    raw: str  #: the words as they were written
    movement: str = ""  #: of a style from elsewhere


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
        return not (self.kinds or self.mention or self.is_mark or self.is_number)

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
        """Number of unknown words; those of a script without a word file are small words at best."""
        unknown = [item for item in self.items if item.is_unknown]
        is_foreign = len(self.words) <= _FEW and all(_FOREIGN.match(item.text) for item in unknown)
        return 0 if is_foreign else len(unknown)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of all phrases."""
        return frozenset[str]().union(*(item.kinds for item in self.items))

    def styles_at(self, at: int) -> tuple[str, ...]:
        """Return the styles that an item means; none for a style from elsewhere, and for other items."""
        mention = self.items[at].mention
        return mention.styles if mention else ()

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
        for line, tokens in split(segment(tokenize(unwrapped(text[:MAX_TEXT])), self._runs)):
            if items := tuple(self._items(tokens[:MAX_TOKENS])):
                is_question = tokens[-1].text == "?"
                found.append(Sentence(items=items, where=where, line=line, is_question=is_question))
        return found

    def one(self, text: str, where: str) -> Sentence:
        """Return a text as one sentence, such as a subject."""
        tokens = segment(tokenize(text[:MAX_TEXT]), self._runs)[:MAX_TOKENS]
        return Sentence(items=tuple(self._items(tokens)), where=where, is_question="?" in text)

    def _items(self, tokens: Sequence[Token]) -> Iterator[Item]:
        at = 0
        while at < len(tokens):
            end, item = self._item(tokens, at)
            yield item
            at = end

    def _item(self, tokens: Sequence[Token], at: int) -> tuple[int, Item]:
        """Return the item that begins at a token, and its end."""
        named, entry = self._named(tokens, at)
        end, phrase = self._phrase(tokens, at)
        is_common = phrase and not _RARE.issuperset(self.words.of(phrase))
        if entry and named >= end and not (entry.grade is Grade.WORD and is_common):
            raw = _raw(tokens[at:named])
            return named, Item(
                text=raw, raw=raw, mention=Mention(grade=entry.grade, styles=entry.styles, raw=raw)
            )
        token = tokens[at]
        if not phrase:
            is_mark, is_number = token.kind == "mark", bool(_NUMBER.fullmatch(token.text))
            return at + 1, Item(text=token.text, raw=token.raw, is_mark=is_mark, is_number=is_number)
        mention = None
        movement = self.words.elsewhere.get(phrase, self.words.movements.get(phrase, ""))
        if movement:
            mention = Mention(grade=Grade.NAME, styles=(), raw=_raw(tokens[at:end]), movement=movement)
        is_mark = end == at + 1 and token.kind == "mark"
        return end, Item(
            text=phrase,
            raw=_raw(tokens[at:end]),
            kinds=self.words.of(phrase),
            mention=mention,
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
            if phrase in self.words.kinds:
                return end, phrase
        return at, ""


def _raw(tokens: Sequence[Token]) -> str:
    glue = "" if tokens and tokens[0].kind == "cjk" else " "
    return glue.join(token.raw for token in tokens)


def bare_subject(subject: str) -> tuple[str, bool]:
    """Return the subject without its prefixes, and whether it is that of an answer."""
    bare, is_reply = subject[:_MAX_SUBJECT].strip(), False
    while match := _PREFIX.match(bare):
        is_reply = is_reply or bool(match["reply"])
        bare = bare[match.end() :]
    return bare, is_reply


def numbered(request: StyleRequest) -> str:
    """Return the text with the photos' file names as numbers: "beach.jpg in udnie" means the first."""
    text = request.text
    for number, photo in enumerate(request.images[:_NUMBERED], start=1) if len(request.images) > 1 else ():
        stem = photo.name.rpartition(".")[0] or photo.name
        if len(stem) >= _SHORTEST_NAME:
            name = rf"(?<!\w){re.escape(stem)}(?:\.\w{{1,5}})?(?!\w)"
            text = re.sub(name, f"photo {number}", text, flags=re.IGNORECASE)
    return text


def tags(request: StyleRequest, own: Collection[str]) -> Iterator[str]:
    """Yield the words behind the `+` in those of the bot's addresses to which the mail was written."""
    for address in request.recipients:
        local, _, domain = address.lower().rpartition("@")
        bare, _, tag = local.partition("+")
        if tag and f"{bare}@{domain}" in own:
            yield re.sub(r"[-_.]+", " ", tag)
