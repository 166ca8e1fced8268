"""Read the options that are for some of the photos only: "udnie for all of them, the last one bigger".

    PhotoOptions    the options of each photo that has its own
    photo_options   sentences -> these options, and the sentences without the words for them

A sentence is cut at its marks, and before each "and" and "but". A piece that names a photo by its number and
says an option is about that photo. It is taken out, so that nothing else is read into it. Of a piece with a
style only the option is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mailbot.intents.details import bounds
from mailbot.intents.details.excepted_photos import is_excepted
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.photo_numbers import NUMBERS, REST, numbers_of
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Kinds of words that say an option.
_SAYING = ("strength", "strength_word", "percent", "size", "size_word", "pixel", "color", "keep", "original")
#: Kinds of words that begin a piece, and those by which a piece goes on about the photo before.
_BEGINS, _GOES_ON = ("and", "limit", "separate"), ("limit", "with")
#: Kinds of sentences in which an option is not that of a photo.
_NEVER = {"mix", "or", "correction"}
#: An item in place of one that is read already.
_READ = Item(text=";", raw=";", is_mark=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoOptions:
    """Hold the options of the photos that have their own, by their numbers from 0."""

    own: Mapping[int, Options]
    sentences: tuple[Sentence, ...]  #: without the words for these options


def photo_options(sentences: Sequence[Sentence], count: int, words: Lexicon) -> PhotoOptions:
    """Return the options that the sentences of a mail with `count` photos say for some of them."""
    own: dict[int, Options] = {}
    left = []
    numbered = [{number for item in one.items for number in numbers_of(item)} for one in sentences]
    for one, here in zip(sentences, numbered, strict=True):
        others = set[int]().union(*numbered) - here
        is_all = len(here) == 1 and bool(others)
        found = list(_found(one, words, is_all=is_all)) if count > 1 and not one.kinds & _NEVER else []
        for numbers, said, _ in found:
            for number in numbers:
                own[number] = said.over(own.get(number, Options()))
        read = {at for _, _, taken in found for at in taken}
        items = tuple(_READ if at in read else item for at, item in enumerate(one.items))
        left.append(replace(one, items=items) if read else one)
    return PhotoOptions(own=_of_each(own, count), sentences=tuple(left))


def _found(
    sentence: Sentence, words: Lexicon, *, is_all: bool
) -> Iterator[tuple[tuple[int, ...], Options, Sequence[int]]]:
    """Yield the photos that a piece is about, its options, and the indices of the items that say them.

    Where `is_all`, the whole sentence is about the photo that it names first.
    """
    before: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    items = sentence.items
    for piece in _pieces(items):
        bare = [items[at] for at in piece if not items[at].is_mark]
        named = tuple(
            number
            for at in piece
            if not (is_excepted(items, at) or (at and [*numbers_of(items[at - 1])]))  # "the last | one is"
            for number in numbers_of(items[at])
        )
        goes_on = is_all or items[piece[0]].text == ":" or bool(bare and bare[0].has(*_GOES_ON))
        last = named or last
        before = last if named or goes_on else ()
        styles = [item for item in bare if item.mention]
        said = _said(sentence, piece, words)
        if not before and own and not styles and said == Options(strength=said.strength) != Options():
            yield own, Options(), piece  # "the second at 40%, one should still know the children"
        elif before and said != Options() and len(styles) < 2:
            own = before
            yield before, said, [at for at in piece if not styles or _says(items, at)]


def _pieces(items: Sequence[Item]) -> Iterator[range]:
    """Yield the indices of each piece; a mark belongs to the piece behind it."""
    start = 0
    for at in range(1, len(items)):
        is_joint = all(bounds.parts_requests(item) or item.has("and") for item in items[start:at])
        if (bounds.parts_requests(items[at]) or items[at].has(*_BEGINS)) and not is_joint:
            yield range(start, at)
            start = at
    yield range(start, len(items))


def _said(sentence: Sentence, piece: Sequence[int], words: Lexicon) -> Options:
    items = tuple(sentence.items[at] for at in piece)
    return read_options(replace(sentence, items=items), words)


def _says(items: Sequence[Item], at: int) -> bool:
    """Tell whether an item says an option, or is a number beside one that does."""
    item, after = items[at], items[at + 1 : at + 2]
    if item.mention or item.has(*NUMBERS):
        return False
    is_counted = item.is_number or bool(item.kinds & {"numbers", "amounts"})
    return item.has(*_SAYING) or item.text == "%" or is_counted or any(one.text == "%" for one in after)


def _of_each(own: Mapping[int, Options], count: int) -> Mapping[int, Options]:
    """Return the options by numbers within `count`; those of the rest are for all that have none."""
    found = {at % count: said for at, said in own.items() if at != REST and -count <= at < count}
    rest = own.get(REST)
    return found if rest is None else {**dict.fromkeys(range(count), rest), **found}
