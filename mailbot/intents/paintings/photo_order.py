"""Read a style for each photo from a whole mail: "The first is the dog, the wave for him. The second: …".

Any words may stand between the numbers of photos and their styles, and sentences, too. All numbers stand
before their styles, or all behind them. Where a mail says that its photos are in order, as many styles as
there are photos need no numbers: "First my father, Léger for him. Then me: the night café".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, takewhile

from mailbot.intents.details.excepted_photos import is_excepted
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.photo_numbers import REST
from mailbot.intents.paintings.photo_references import meant_styles, photo_words, photos_at
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import ORDINALS, Sentence
from styles.language.lexicon import Lexicon

#: Items among which a sentence names the thing that its style is for.
_LEAD = 5
#: Evidence of a style in a mail that numbers all of its photos.
_LEAST = 2.0
#: Kinds of words between two numbers of photos that have one style.
_JOINTS = ("and", "article", "photo", "for", "cue")
#: Words such as "then" and "finally" by which a mail goes through its photos, at least.
_STEPS = 2

_StyleNames = tuple[str, ...]
_NamedEvent = frozenset[int] | _StyleNames  # photos or styles, as they are named
_Group = tuple[frozenset[int], _StyleNames]


def in_order(
    sentences: Sequence[WeighedSentence],
    count: int,
    words: Lexicon,
    best: Callable[[Sequence[str]], str],
) -> Selection | None:
    """Return a style for each of `count` photos, None unless each style has photos of its own.

    `best` chooses among several styles of an artist.
    """
    text = [one for one in sentences if one.sentence.where == "text"]
    if not 1 < count <= len(ORDINALS):
        return None
    events = list(_merged(_events(text, count, words)))
    groups = _numbered(events) or _numbered_behind(events) or _in_sequence(text, events, count)
    if not groups:
        named = [one for one in text if one.named]
        return None if any(isinstance(each, frozenset) for each in events) else _by_nouns(named, count, best)
    names = [best(styles) for _, styles in groups]
    photos = [(number, name) for (numbers, _), name in zip(groups, names, strict=True) for number in numbers]
    is_full = REST in dict(photos) or len(photos) == count
    if not any(one.named for one in text) and not (is_full and _is_likely(text)):
        return None
    numbers, each = zip(*sorted(photos), strict=True)
    return Selection(how="each", names=each, photos=numbers)


def _is_likely(text: Sequence[WeighedSentence]) -> bool:
    """Tell whether something speaks for one of the styles."""
    return max((score for one in text for score in one.scores.values()), default=0.0) >= _LEAST


def _numbered(events: Sequence[_NamedEvent]) -> list[_Group]:
    """Return each style with the photos before it, none unless each style has photos that no other has."""
    groups: list[_Group] = []
    numbers = frozenset[int]()
    for event in events:
        if isinstance(event, frozenset):
            numbers = event
        elif numbers:
            groups.append((numbers - {REST} or numbers, event))
            numbers = frozenset()
        elif not groups or groups[-1][1] != event:
            return []
    named = [number for found, _ in groups for number in found]
    is_apart = len(named) == len(set(named)) and numbers <= set(named)
    return groups if len({styles for _, styles in groups}) > 1 and is_apart else []


def _numbered_behind(events: Sequence[_NamedEvent]) -> list[_Group]:
    """Return each style with the photos behind it: "udnie for the first, the scream for the second"."""
    is_led = bool(events) and isinstance(events[0], tuple)
    return _numbered(events[::-1])[::-1] if is_led else []


def _in_sequence(text: Sequence[WeighedSentence], events: Sequence[_NamedEvent], count: int) -> list[_Group]:
    """Return the styles in the order of the photos, if a mail says so and names as many."""
    kinds = [kind for one in text for item in one.sentence.items for kind in item.kinds]
    styles = [event for event in events if isinstance(event, tuple)]
    is_said = "in_order" in kinds or kinds.count("sequence") >= _STEPS
    if not is_said or len(styles) != count or len(set(styles)) < count:
        return []
    return [(frozenset((number,)), each) for number, each in enumerate(styles)]


def _by_nouns(
    named: Sequence[WeighedSentence], count: int, best: Callable[[Sequence[str]], str]
) -> Selection | None:
    """Return a style for each photo, where as many sentences give one to a thing: "The kitchen wants X."."""
    styles = [list(_merged(one.sentence.styles_at(at) for at in one.named)) for one in named]
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


def _events(text: Sequence[WeighedSentence], count: int, words: Lexicon) -> Iterator[_NamedEvent]:
    """Yield the photos and the styles of sentences, in their order; photos of a list are one event."""
    is_any_named = any(
        (mention := one.sentence.items[at].mention) and mention.grade > Grade.WORD
        for one in text
        for at in meant_styles(one)
    )
    for one, numbers in zip(text, photo_words(text, count, words), strict=True):
        items = one.sentence.items
        wanted = meant_styles(one)
        names = {one.sentence.styles_at(at) for at in wanted}
        meant = [at for at in one.scores if at in wanted or one.sentence.styles_at(at) in names]
        grades = {at: mention.grade for at in meant if (mention := items[at].mention)}
        is_named = any(grade > Grade.WORD for grade in grades.values()) or (is_any_named and not one.named)
        listed = frozenset[int]()
        for at, item in enumerate(items):
            if at in numbers and not is_excepted(items, at):
                listed |= photos_at(item, count)
            elif listed and not (item.is_mark or item.has(*_JOINTS)):
                yield listed
                listed = frozenset()
            if at in grades and (grades[at] > Grade.WORD or not is_named):  # no "beer" beside a painting
                yield one.sentence.styles_at(at)
        if listed:
            yield listed


def _merged(events: Iterator[_NamedEvent]) -> Iterator[_NamedEvent]:
    """Yield the events with one for several in a row that agree, such as an artist and a title."""
    last: _NamedEvent | None = None
    for event in events:
        if isinstance(event, tuple) and isinstance(last, tuple) and (both := set(last) & set(event)):
            last = tuple(name for name in last if name in both)
        elif event != last:
            if last is not None:
                yield last
            last = event
    if last is not None:
        yield last
