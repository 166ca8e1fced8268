"""Find the words of a mail that mean photos, and the clauses in which they stand.

    photo_words    the words of sentences that mean photos
    PhotoClause    the items between two marks, with the photos that they are about
    photo_clauses  sentences -> their clauses
    meant_styles   the styles that a sentence asks for or mentions
    photos_at      the photos that a word means

"The first train" is no photo. A number means one if no noun follows, or if it begins a clause of a mail that
numbers photos elsewhere, too: "The first shows our hut".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mailbot.intents.details import bounds
from mailbot.intents.details.excepted_photos import is_excepted
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.paintings.painting_counts import count_at, is_of_us
from mailbot.intents.paintings.photo_numbers import REST, numbers_of
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Sentence
from styles.language.lexicon import Lexicon

#: Kinds of words before a number at the beginning of a clause.
_LEADS = ("article", "and", "cue", "for", "filler", "only", "limit", "sequence", "courtesy", "photo", "place")
#: Kinds of words that make a clause a mere list of photos: "the first, the third and the last".
_LISTS = ("article", "and", "photo", "for", "cue", "of")
#: Fewest photos of which a number means all.
_FEWEST = 3
#: Kinds of words that are nouns behind a number: "the first class".
_NOUNS = ("letter", "caption", "place", "versions", "past", "amounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoClause:
    """Hold a clause and what it is about."""

    sentence: int  #: number of its sentence
    items: tuple[Item, ...]
    photos: frozenset[int]  #: numbers from 0 that it names, and `REST`
    excepted: frozenset[int]  #: numbers that it names as exceptions
    styles: tuple[tuple[str, ...], ...]  #: the styles that it asks for
    counts_all: bool = False  #: it counts as many as there are: “les trois”

    def has(self, *kinds: str) -> bool:
        """Tell whether a word of the clause is of one of these kinds."""
        return any(item.has(*kinds) for item in self.items)

    @property
    def is_list(self) -> bool:
        """Whether it holds numbers of photos and nothing else."""
        is_bare = all(
            numbers_of(item) or item.is_mark or (item.has(*_LISTS) and not item.has("want", "make"))
            for item in self.items
        )
        return bool(self.photos) and REST not in self.photos and is_bare


def photo_words(sentences: Sequence[WeighedSentence], count: int, words: Lexicon) -> list[frozenset[int]]:
    """Return for each sentence the indices of the words that mean photos of a mail with `count` photos."""
    named = [
        [at for at, item in enumerate(one.sentence.items) if any(_fits(n, count) for n in numbers_of(item))]
        for one in sentences
    ]
    clear = [
        {at for at in found if _is_clear(one.sentence.items, at, words)}
        for one, found in zip(sentences, named, strict=True)
    ]
    if not any(clear):
        return [frozenset()] * len(sentences)
    return [
        frozenset(at for at in found if at in sure or _begins(one.sentence, at))
        for one, found, sure in zip(sentences, named, clear, strict=True)
    ]


def photo_clauses(sentences: Sequence[WeighedSentence], count: int, words: Lexicon) -> Iterator[PhotoClause]:
    """Yield the clauses of sentences in a mail with `count` photos."""
    for number, (one, named) in enumerate(zip(sentences, photo_words(sentences, count, words), strict=True)):
        items, meant = one.sentence.items, meant_styles(one)
        for span in _spans(one.sentence):
            here = named.intersection(span)
            excepted = {at for at in here if is_excepted(items, at)}
            yield PhotoClause(
                sentence=number,
                items=tuple(items[at] for at in span),
                photos=_within((items[at] for at in here - excepted), count),
                excepted=_within((items[at] for at in excepted), count),
                styles=tuple(one.sentence.styles_at(at) for at in span if at in meant),
                counts_all=any(_is_count(items, at, count, words) for at in span),
            )


def _is_count(items: Sequence[Item], at: int, count: int, words: Lexicon) -> bool:
    """Tell whether a number counts all photos of a mail: "las tres", "tutte e tre", "三张都".

    A “two” may count the paintings of one photo.
    """
    if count < _FEWEST or count_at(items, at, words) != count or is_of_us(items, at):
        return False
    before, behind = items[max(0, at - 1) : at], items[at + 1 : at + 2]
    is_led = any(item.has("article", "every", "and") for item in before)
    is_led = is_led or not items[at].text.isascii() or any(item.has("photo") for item in behind)
    is_noun = any(item.is_unknown or item.has(*_NOUNS, "gallery") for item in behind if not item.mention)
    return (
        is_led or not items[at].text.isascii() or any(item.has("photo") for item in behind)
    ) and not is_noun


def meant_styles(one: WeighedSentence) -> Sequence[int]:
    """Return the indices of the styles that a sentence asks for, or mentions where it asks for none."""
    meant = one.wanted or [at for at in one.scores if at not in one.refused]
    return [at for at in meant if one.sentence.styles_at(at)]


def photos_at(item: Item, count: int) -> frozenset[int]:
    """Return the photos that a word means in a mail with `count` photos, by numbers from 0, and `REST`."""
    return _within([item], count)


def _within(items: Iterable[Item], count: int) -> frozenset[int]:
    """Return the numbers of those photos that a mail with `count` photos has, from 0, and `REST`."""
    numbers = [number for item in items for number in numbers_of(item)]
    return frozenset(
        number if number == REST else number % count for number in numbers if _fits(number, count)
    )


def _fits(number: int, count: int) -> bool:
    return number == REST or -count <= number < count


def _spans(sentence: Sentence) -> Iterator[range]:
    """Yield the indices of each clause: the items between two marks, a mark and a "but", or an "and skip"."""
    start, items = 0, sentence.items
    for at, item in enumerate(items):
        is_turn = item.has("and") and any(one.has("skip") for one in items[at + 1 : at + 2])
        if bounds.parts_requests(item) or item.has("limit") or is_turn:
            if at > start:
                yield range(start, at)
            start = at + item.is_mark
    if start < len(items):
        yield range(start, len(items))


def _is_clear(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether no noun stands behind a number, or its own phrase ends with one: "first picture"."""
    item, after = items[at], items[at + 1] if at + 1 < len(items) else None
    if after is None or after.is_mark or item.raw[:1] >= FIRST_CJK or any(c.isdigit() for c in item.text):
        return True
    if words.of(item.text.rpartition(" ")[2]).isdisjoint(NUMBERED):
        return True
    is_noun = after.is_unknown or after.is_number or (after.has(*_NOUNS) and not after.has("photo", "filler"))
    return after.has("meant", "aside") or not is_noun


def _begins(sentence: Sentence, at: int) -> bool:
    """Tell whether a number begins a clause: "And the first shows our hut"."""
    span = next(span for span in _spans(sentence) if at in span)
    return all(one.has(*_LEADS) for one in sentence.items[span.start : at])
