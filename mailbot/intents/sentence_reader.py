"""Split what a person wrote into sentences of known words.

    SentenceReader   text -> sentences, by a catalogue and the languages of the mail

A name of a style takes precedence over a phrase of the lexicon: "big-bang" is no size. Of overlapping names
or phrases the longest from the left counts. Reading is linear in the text, which is cut to bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mailbot.intents.details.joined_items import with_middles, with_percents, without_amounts, without_mixes
from mailbot.intents.details.photo_numerals import with_photo_numbers
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import SHORTEST_WORD, Grade, NamedStyles
from mailbot.intents.sentence import NUMBERED, Item, Mention, Sentence
from styles.language.language_detection import shortened
from styles.language.lexicon import Lexicon
from styles.language.tokens import Token, segment, split, tokenize
from styles.language.wrapped_lines import unwrapped
from styles.language.written_numbers import with_digits
from styles.language.written_scales import with_scales

#: Characters of a text that are read, and most tokens of one sentence.
MAX_TEXT, MAX_TOKENS = 6000, 150
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?")
#: A name, and a strength that is written to it.
_GLUED = re.compile(r"([^\W\d_]{4,})(\d{2,3})")
#: Kinds of words that can also be the name of a style: "léger", "tableau".
_AMBIGUOUS = frozenset(("strength", "after"))
#: Kinds of words for a strength and those before a bare noun, and articles of names, none first.
_STRENGTHS = ("strength", "strength_word", "slight")
_LEADS = ("amounts", "in_style")
_ARTICLES = (
    (),
    ("la",),
    ("el",),
    ("il",),
    ("lo",),
    ("le",),
    ("a",),
    ("o",),
    ("die",),
    ("der",),
    ("das",),
    ("the",),
)
#: A word for the full strength that is a frequent name, too.
_GIVEN_NAME = "max"
#: Kinds of words that can also be a word of a title: "night", "field".
_RARE = frozenset(("letter", "caption"))


class SentenceReader:
    """Read texts by the names of a catalogue and the words of some languages."""

    def __init__(self, catalogue: Catalogue, words: Lexicon) -> None:
        self.catalogue = catalogue
        self.words = words
        self._runs = _joined(catalogue.runs, words.runs)
        self._units = words.phrases("pixel", "percent")

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
        tokens = [piece for token in shortened(tokenize(with_scales(text))) for piece in self._unglued(token)]
        return segment(with_digits(tokens, self._units), self._runs)

    def _unglued(self, token: Token) -> Sequence[Token]:
        """Return a token, cut where the number of a strength follows a name: "starrynight50"."""
        if token.kind == "word" and not (self._is_name(token.text) or self.words.of(token.text)):
            slip = self.catalogue.slip(token.text)
            token = Token(slip, token.raw, "word") if slip else token  # "kanidnsky" in the middle of a story
        glued = _GLUED.fullmatch(token.text) if token.kind == "word" else None
        if glued is None or self.catalogue.find([token.text]) or not self._is_name(glued[1]):
            return (token,)
        cut = len(token.raw) - len(glued[2])
        return Token(glued[1], token.raw[:cut], "word"), Token(glued[2], glued[2], "number")

    def _is_name(self, word: str) -> bool:
        return self.catalogue.find([word]) is not None or self.catalogue.word(word) is not None

    def _items(self, tokens: Sequence[Token]) -> tuple[Item, ...]:
        found: list[Item] = []
        at = 0
        while at < len(tokens):
            at, item = self._item(tokens, at)
            found.append(item)
        found = list(without_amounts(list(without_mixes(list(with_middles(found, self.words.numbers))))))
        found = list(_settled(list(with_photo_numbers([*with_percents(found)], self.words))))
        return tuple(
            Item(text=item.raw, raw=item.raw) if _is_given_name(found, at) else item
            for at, item in enumerate(found)
        )

    def _item(self, tokens: Sequence[Token], at: int) -> tuple[int, Item]:
        """Return the item that begins at a token, and its end."""
        named, entry = self._named(tokens, at)
        if not entry and (entry := self._named_by_strength(tokens, at)):
            named = at + 1
        end, phrase = self._phrase(tokens, at)
        is_common = phrase and not _RARE.issuperset(self.words.of(phrase))
        is_common = is_common and (len(tokens) > 1 or self.words.of(phrase) != {"filler"})  # "hat" alone
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
        if movement and not self._is_verb(tokens, at):
            elsewhere = Mention(grade=Grade.NAME, styles=(), raw=_raw(tokens[at:end]), movement=movement)
        is_mark = end == at + 1 and token.kind == "mark"
        return end, Item(
            text=phrase,
            raw=_raw(tokens[at:end]),
            kinds=self.words.of(phrase),
            mention=elsewhere,
            is_mark=is_mark,
        )

    def _is_verb(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether a word for a style is an order: "mandala grande" is "send it large" in Italian."""
        before = self.words.of(tokens[at - 1].text) if at else frozenset[str]()
        is_order = len(tokens) > 1 and "make" in self.words.of(tokens[at].text)
        return is_order and before.isdisjoint(("article", "cue", "style_of", "in_style", "want", "make"))

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

    def _named_by_strength(self, tokens: Sequence[Token], at: int) -> NamedStyles | None:
        """Return the styles of a noun behind a share, a "style" or a photo, or between an "a" and a strength.

        "Mitad ola", "en estilo ola", "la segunda en ola", "una ola suave": the name is "la ola".
        """
        before = self.words.of(tokens[at - 1].text) if at else frozenset[str]()
        behind = self.words.of(tokens[at + 1].text) if at + 1 < len(tokens) else frozenset[str]()
        is_light = {"article", "single"} <= before and not behind.isdisjoint(_STRENGTHS)
        is_led = not before.isdisjoint(_LEADS) or self._is_behind_photo(tokens, at)
        if not (is_light or is_led) or not tokens[at].is_word:
            return None
        word = tokens[at].text
        found = (self.catalogue.find([*article, word]) for article in _ARTICLES)
        return next(filter(None, found), None)

    def _is_behind_photo(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether a photo's number and an "in" stand before a word: "la segunda en ola"."""
        is_in = at > 1 and "cue" in self.words.of(tokens[at - 1].text)
        leads = (" ".join(token.text for token in tokens[start : at - 1]) for start in (at - 2, at - 3))
        return is_in and any(not self.words.of(lead).isdisjoint(NUMBERED) for lead in leads)

    def _phrase(self, tokens: Sequence[Token], at: int) -> tuple[int, str]:
        """Return the end and the text of the longest phrase that begins at a token, "" for no phrase."""
        for end in range(min(len(tokens), at + self.words.longest), at, -1):
            phrase = " ".join(token.text for token in tokens[at:end])
            is_known = phrase in self.words.kinds and not self._cuts_name(tokens, at, end)
            if is_known and not (end == at + 2 and self._named_by_strength(tokens, at + 1)):
                return end, phrase
        return at, ""

    def _cuts_name(self, tokens: Sequence[Token], at: int, end: int) -> bool:
        """Tell whether a phrase ends within a name of several words: "en grande" before "vague"."""
        for start in range(at + 1, end):
            named, entry = self._named(tokens, start)
            if named > end and entry and entry.grade >= Grade.TAG:
                return True
        return False


@lru_cache(maxsize=32)  # pairs of a catalogue and some languages
def _joined(names: frozenset[str], words: frozenset[str]) -> frozenset[str]:
    return names | words


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


def _is_given_name(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for an option is somebody's name: "my dog Tiny", "Max bitte größer".

    "Max please" alone and "Max strength" are a strength.
    """
    item = items[at]
    if item.mention or not (item.raw.istitle() and (item.text == _GIVEN_NAME or item.has("slight"))):
        return False
    before, behind = items[max(0, at - 1) : at], items[at + 1 : at + 2]
    if any(one.has("being", "copula", "own") for one in before):
        return True
    is_strength = any(one.is_number or one.has("strength_word") for one in (*before, *behind))
    is_strength = is_strength or any(one.has("cue", "place") for one in before)  # "at max"
    is_alone = all(one is item or one.is_mark or one.mention or one.has("courtesy") for one in items)
    return item.text == _GIVEN_NAME and not (is_strength or is_alone)


def _raw(tokens: Sequence[Token]) -> str:
    glue = "" if tokens and tokens[0].kind == "cjk" else " "
    return glue.join(token.raw for token in tokens)
