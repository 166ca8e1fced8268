"""Read how a mail wants the last painting changed: again, the same, stronger, more subtle, bigger, smaller.

    Change       what is asked for
    asked        the items of a sentence that ask for a change
    read_change  text -> Change

The phrases are the table `again` of the word files. What else the mail says (a style, "60%", "keep the
colours") is read by the rest of `mailbot.intents`, for which these words then mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from mailbot.intents.changes.blend_changes import MIX, Mix
from mailbot.intents.changes.change_amounts import AMOUNTS, DOUBLED, SHARES, USUAL, Amounts
from mailbot.intents.changes.change_items import with_steps
from mailbot.intents.changes.complaints import without_likeness
from mailbot.intents.changes.degrees import degree_at
from mailbot.intents.changes.picture_choices import chooses_more, is_only, says_where
from mailbot.intents.changes.said_levels import LEVEL
from mailbot.intents.changes.said_steps import FACTOR, POINTS
from mailbot.intents.details.misspelt_options import with_options
from mailbot.intents.details.refused_options import is_option_refused
from mailbot.intents.mentions.contrasts import corrections
from mailbot.intents.mentions.refusals import refused
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.photo_numbers import REST, in_reply, left_out, numbers_of
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import key, tokenize
from styles.language.word_rows import reply

#: Words up to which a sentence can ask for a change; a longer one tells a story.
MAX_WORDS = 16
#: Characters of a text that are read.
MAX_TEXT = 4_000
#: Rows of the table that change the strength and the size by a step: "too weak" asks for more as well.
_STRENGTH = {"stronger": 1, "too_weak": 1, "too_alike": 1, "weaker": -1, "too_strong": -1}
_SIZE = {"larger": 1, "too_small": 1, "smaller": -1, "too_large": -1}
#: Items before a change among which the thing is that it is for.
_NEAR = 3
#: Kinds of words for all pictures.
_ALL = ("every", "these", "counts")
#: Kinds of words by which a clause asks for something, and those by which it tells a story.
_ASKING, _TELLING = ("ask", "want", "make", "courtesy"), ("letter", "caption")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold what a mail says about the painting before."""

    strength: float = 0  #: steps; below 0: weaker
    size: int = 0  #: steps; below 0: smaller
    is_same: bool = False  #: as last time
    is_again: bool = False
    is_swapped: bool = False  #: the shares of a blend are exchanged
    is_exchanged: bool = False  #: the styles of two pictures have been
    is_undone: bool = False  #: as it was before the last painting
    amounts: Amounts = Amounts()
    mixes: tuple[Mix, ...] = ()  #: what is wanted of single styles of a blend
    pictures: tuple[int, ...] = ()  #: numbers of those that are meant, from 0, -1 is the last; empty for all
    left_out: frozenset[int] = frozenset()  #: numbers of those that its words leave out
    count: int = 1  #: paintings before, as far as they are known

    @property
    def is_any(self) -> bool:
        """Whether the mail asks for the painting before, changed or not."""
        is_step = bool(self.strength or self.size or self.amounts.is_any or self.mixes)
        return is_step or self.is_same or self.is_again or self.is_swapped or self.is_undone

    @property
    def is_repeat(self) -> bool:
        """Whether the mail asks for the painting before as it was."""
        is_changed = replace(self, is_again=False, is_same=False).is_any or self.amounts.shares is not None
        return (self.is_again or self.is_same) and not is_changed

    def has(self, option: str) -> bool:
        """Tell whether an option changes: `strength` or `size`."""
        amounts = self.amounts
        if option == "strength":
            return bool(self.strength or amounts.is_of_strength)
        return option == "size" and bool(self.size or amounts.is_doubled or amounts.is_usual_size)

    def obeys(self, item: Item, words: Lexicon) -> bool:
        """Tell whether what a word asks for is done."""
        if (option := _option(item, words)) in ("strength", "size"):
            return self.has(option)
        if item.has(SHARES):
            return self.amounts.shares is not None
        if item.has(MIX):
            return Mix.of(item.text) in self.mixes
        done = {
            "same": self.is_same,
            "same_size": not self.has("size"),
            "same_strength": not self.has("strength"),
            "again": self.is_again,
            "swap": self.is_swapped or self.is_exchanged,
            "undo": self.is_undone
            or (self.amounts.level is not None and item.text in _backs()),  # "back to 50"
        }
        return done.get(words.changes.get(item.text, ""), False)


def asked(sentence: Sentence, words: Lexicon) -> tuple[int, ...]:
    """Return the indices of the items that ask for a change. The sentence has its amounts as items."""
    if sum(len(item.text.split()) for item in sentence.words) > MAX_WORDS:
        return ()
    items = sentence.items
    return tuple(
        at
        for at, item in enumerate(items)
        if item.has("again")
        and not item.mention
        and not (is_option_refused(items, at, words) or _is_denied(items, at))
        and not is_of_thing(items, at)
        and not _is_told(sentence.clause(at), item, words)
    )


def _is_denied(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "not" behind an amount takes it back: "triple pas, double seulement"."""
    no, end = [*items[at + 1 : at + 3], None, None][:2]
    return items[at].has(*AMOUNTS) and no is not None and no.has("not") and (end is None or end.is_mark)


def read_change(text: str, catalogue: Catalogue, count: int = 1) -> Change:
    """Return the change that a text asks for of `count` pictures. Takes time linear in its length."""
    text = text[:MAX_TEXT]
    words = relative(detect(tokenize(text)))
    said = SentenceReader(catalogue, words).sentences(text, "text")
    numbered = [in_reply(with_options(one, words), count) for one in said]
    written = without_likeness(numbered, words)
    sentences = [with_steps(one, words, is_mixed=True) for one in written]
    if any(_names_style(one) for one in sentences):
        sentences = [with_steps(one, words, is_mixed=False) for one in written]
    found = _asked_last(sentences, words)
    items = [item for item, _ in found]
    rows = {words.changes[item.text] for item in items if item.text in words.changes}
    amounts = Amounts.of(items)
    degree = next((own for item, own in reversed(found) if words.changes.get(item.text) in _STRENGTH), 1)
    pictures = (
        number
        for one in [one for one in sentences if is_only(one)] or sentences
        if len(one.words) <= MAX_WORDS
        for item in one.items
        for number in numbers_of(item)
        if number != REST
    )
    return Change(
        strength=0 if amounts.is_of_strength or "undo" in rows else _step(rows, _STRENGTH) * degree,
        size=0 if amounts.is_usual_size else _step(rows, _SIZE),
        is_same="same" in rows,
        is_again="again" in rows
        or any(_wants_each(one) or chooses_more(one) or (count > 1 and is_only(one)) for one in sentences),
        is_swapped="swap" in rows,
        is_undone="undo" in rows and not amounts.is_of_strength,
        amounts=amounts,
        mixes=tuple(Mix.of(item.text) for item in items if item.has(MIX)),
        pictures=tuple(dict.fromkeys(pictures)),
        left_out=frozenset().union(*(left_out(one, count) for one in said)),
    )


@cache
def _backs() -> frozenset[str]:
    return frozenset(map(key, reply("bare_back")))


def _wants_each(sentence: Sentence) -> bool:
    """Tell whether a sentence wants the pictures that there are: "both in one mail", "both side by side".

    Nobody can have them "both in one picture".
    """
    is_of_all = "apart" in sentence.kinds and not sentence.kinds.isdisjoint(_ALL)
    is_other = not sentence.kinds.isdisjoint(("not", "mix")) or says_where(sentence)
    return is_of_all and not (sentence.has_mention or is_other)


def _asked_last(sentences: Sequence[Sentence], words: Lexicon) -> list[tuple[Item, float]]:
    """Return the items that ask for a change, and by how much of a step.

    Those taken back are left out: "stronger? Nah, actually softer".
    """
    found: list[tuple[Item, float]] = []
    for one in sentences:
        changes = asked(one, words)
        last = max((at for at in corrections(one.items) if changes and at < changes[-1]), default=-1)
        said = [(one.items[at], degree_at(one.items, at)) for at in changes]
        found += [each for each, at in zip(said, changes, strict=True) if at < last]
        newer = [each for each, at in zip(said, changes, strict=True) if at > last]
        options = {_option(item, words) for item, _ in newer if last >= 0}
        found = [each for each in found if _option(each[0], words) not in options] + newer
    return found


def _option(item: Item, words: Lexicon) -> str:
    """Return what an item changes: `strength`, `size`, or itself."""
    row = words.changes.get(item.text, "")
    if item.has(POINTS, FACTOR, LEVEL) or row in _STRENGTH:
        return "strength"
    return "size" if item.has(DOUBLED, USUAL) or row in _SIZE else item.text


def _names_style(sentence: Sentence) -> bool:
    """Tell whether a sentence names a style by more than a word of its title, and does not refuse it."""
    unwanted = refused(sentence)
    return any(
        mention.styles and mention.grade > Grade.WORD
        for at in sentence.mentions
        if (mention := sentence.items[at].mention) and at not in unwanted
    )


def is_of_thing(items: Sequence[Item], at: int) -> bool:
    """Tell whether a change is that of a thing in the photo: "make the dog bigger"."""
    before = items[max(0, at - _NEAR) : at]
    is_thing = len(before) > 1 and before[-1].has("caption", "region") and not before[-1].has("photo")
    return is_thing and any(item.has("article", "own") for item in before[:-1])


def _is_told(clause: tuple[Item, ...], item: Item, words: Lexicon) -> bool:
    """Tell whether a clause only tells something: "we walked 10% more", "the waves were bigger than …"."""
    at = next(at for at, one in enumerate(clause) if one is item)
    is_step = _option(item, words) in ("strength", "size")  # "again with a frame of wood" is none
    behind = takewhile(lambda one: not one.has("and"), clause[at + 1 :])  # "tamanho normal e a 45 %"
    is_than = is_step and any(one.has("than") for one in behind)
    if not (is_than or item.has(POINTS)) or any(one.has(*_ASKING) for one in clause):
        return False
    if is_than:  # "it was smaller than you would think"
        return any(one.is_unknown or one.mention or one.has(*_TELLING, "statement") for one in clause)
    return any(one.is_unknown or one.has(*_TELLING) for one in clause[: at + 2])


def _step(rows: set[str], steps: dict[str, int]) -> int:
    """Return the step that the rows agree on, 0 if they do not."""
    found = {steps[row] for row in rows & steps.keys()}
    return found.pop() if len(found) == 1 else 0
