"""Read a style for each photo from a whole mail: "The first is the dog, the wave for him. The second: …".

Numbers of photos and styles that take turns through the sentences of a text belong together. Any words may
stand between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, takewhile

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.paintings.photo_numbers import NUMBERS, REST, is_excepted
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Sentence

#: Photos that can have a style each by their numbers.
_MOST = 4
#: Items among which a sentence names the thing that its style is for.
_LEAD = 5


def in_order(
    sentences: Sequence[WeighedSentence], count: int, best: Callable[[Sequence[str]], str]
) -> Selection | None:
    """Return a style for each of `count` photos, None unless a text has as many numbers as styles, by turns.

    `best` chooses among several styles of an artist.
    """
    text = [one for one in sentences if one.sentence.where == "text"]
    if not 1 < count <= _MOST or not any(one.named for one in text):
        return None
    if named := _by_nouns([one for one in text if one.named], count, best):
        return named
    found = list(_merged(event for one in text for event in _events(one)))
    numbers = [event for event in found if isinstance(event, int)]
    styles = [event for event in found if not isinstance(event, int)]
    kinds = [isinstance(event, int) for event in found]
    photos = [number if number == REST else number % count for number in numbers]
    is_full = len(styles) == len(set(photos)) == len(photos) == count
    if not is_full or any(a == b for a, b in pairwise(kinds)):
        return None
    return Selection(how="each", names=tuple(best(names) for names in styles), photos=tuple(photos))


def _by_nouns(
    named: Sequence[WeighedSentence], count: int, best: Callable[[Sequence[str]], str]
) -> Selection | None:
    """Return a style for each photo, where as many sentences give one to a thing: "The kitchen wants X."."""
    styles = [list(_merged(iter([one.sentence.styles_at(at) for at in one.named]))) for one in named]
    is_each = len(named) == count and all(len(each) == 1 for each in styles)
    if not (is_each and all(_is_of_thing(one.sentence) for one in named)):
        return None
    names = tuple(best(each[0]) for each in styles if isinstance(each[0], tuple))
    if len(set(names)) < count:
        return None
    return Selection(how="each", names=names, photos=tuple(range(count)), is_in_order=True)


def _is_of_thing(sentence: Sentence) -> bool:
    """Tell whether a sentence begins with a thing in the photo: "For the cliffs …", "The kitchen …"."""
    lead = list(takewhile(lambda item: not (item.mention or item.is_mark), sentence.items[:_LEAD]))
    nouns = [noun for one, noun in pairwise(lead) if one.has("article") and not one.has("own")]
    return any(noun.is_unknown or noun.has("caption", "letter") for noun in nouns)


def _events(one: WeighedSentence) -> Iterator[int | tuple[str, ...]]:
    """Yield the numbers of photos and the styles of a sentence, in their order."""
    items = one.sentence.items
    meant = one.wanted or [at for at in one.scores if at not in one.refused]
    for at, item in enumerate(items):
        if at in meant and one.sentence.styles_at(at):
            yield one.sentence.styles_at(at)
        elif not item.mention and not is_excepted(items, at):
            yield from (numbers[0] for kind, numbers in NUMBERS.items() if item.has(kind))


def _merged(events: Iterator[int | tuple[str, ...]]) -> Iterator[int | tuple[str, ...]]:
    """Yield the events with one for several in a row that agree, such as an artist and a title."""
    last: int | tuple[str, ...] | None = None
    for event in events:
        if isinstance(event, tuple) and isinstance(last, tuple) and (both := set(last) & set(event)):
            last = tuple(name for name in last if name in both)
        elif event != last:
            if last is not None:
                yield last
            last = event
    if last is not None:
        yield last
