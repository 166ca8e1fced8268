"""Read a style for each photo by what the photos show: "the baby Kandinsky, grandpa the scream".

    with_things  sentences of a mail -> the same, in which these styles are wanted
    by_things    the sentences -> a style for each photo

A mail that names as many styles as it has photos, and gives each style a thing of its own, wishes one for
each photo, in their order. All things stand before their styles, or all behind them: "Kandinsky for the baby,
…". A photo's number is a thing, too, and says which photo it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Item

#: Items between the mark before a thing and its style, at most.
_LONGEST = 9
#: Evidence of a style in a mail that gives each photo one.
_LEAST = 2.0
#: Kinds of words that are a thing, and of words that can stand beside it.
_THINGS = ("caption", "being", "photo", "person_title", "given_name", "region", "venue", "letter")
_SMALL = (
    *("article", "own", "filler", "courtesy", "ask", "make", "paint", "cue", "for", "of", "style_of"),
    *("copula", "alike", "after", "stroke", "in_style", "fit", "with", "one_each", "described", "place"),
)
#: Kinds of words of a mail that mixes its styles, or wishes each of them of every photo.
_TOGETHER = frozenset(("mix", "amounts", "choose", "versions", "apart", "likes"))
#: Kinds of words by which a sentence that tells something asks for it.
_ORDERS = frozenset(("ask", "want", "make", "paint"))
#: Marks that do not end the words about a thing: "Rex: wave", "Mr Brown (maths)".
_WITHIN = (":", "=", "-", "(", ")", '"')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Styled:
    """Hold one style of a sentence."""

    start: int  #: index of its first item
    end: int  #: index behind its last item
    styles: tuple[str, ...]


def with_things(groups: Sequence[Sequence[WeighedSentence]], count: int) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail with `count` photos, where each photo's thing makes its style wanted."""
    if not _of_photos([one for group in groups for one in group], count):
        return [[*group] for group in groups]
    return [[_wanted(one) if one.sentence.where == "text" else one for one in group] for group in groups]


def by_things(
    sentences: Sequence[WeighedSentence],
    count: int,
    best: Callable[[Sequence[str]], str],
    selection: Selection | None,
) -> Selection | None:
    """Return a style for each of `count` photos, None unless each has a thing.

    `best` chooses one of several styles. The `selection` tells the options, and the strength of all.
    """
    found = _of_photos(sentences, count)
    if not found:
        return None
    free = iter([number for number in range(count) if number not in dict(found)])
    photos = tuple(next(free) if number is None else number for number, _ in found)
    names = tuple(best(styles) for _, styles in found)
    if selection and selection.how == "each" and selection.names == names:
        return replace(selection, photos=photos, is_in_order=True)
    strength, taken = (selection.strength, selection.taken) if selection else (None, ())
    return Selection(how="each", names=names, photos=photos, strength=strength, taken=taken, is_in_order=True)


def _of_photos(sentences: Sequence[WeighedSentence], count: int) -> list[tuple[int | None, tuple[str, ...]]]:
    """Return the styles with the numbers of their photos, where said; none unless each has a thing."""
    text = [one for one in sentences if one.sentence.where == "text"]
    named = [(one, styled) for one in text if (styled := _styled(one))]
    styles = [each.styles for _, styled in named for each in styled]
    if not 1 < count == len(styles) == len(set(styles)):
        return []
    is_together = any(not one.sentence.kinds.isdisjoint(_TOGETHER) for one, _ in named)
    if is_together or not (len(named) == 1 or all(one.named for one, _ in named)):
        return []
    for words in (_before, _behind):
        things = [thing for one, styled in named for thing in words(one.sentence.items, styled)]
        if all(map(_is_thing, things)) and _are_wanted(named, things):
            numbers = [next((n for item in thing for n in numbers_of(item)), None) for thing in things]
            said = [number for number in numbers if number is not None]
            is_known = len(said) == len(set(said)) and all(0 <= number < count for number in said)
            return list(zip(numbers, styles, strict=True)) if is_known else []
    return []


def _styled(one: WeighedSentence) -> list[_Styled]:
    """Return the styles of a sentence, those that agree and stand together as one: "Turner's shipwreck"."""
    found: list[_Styled] = []
    for at in one.scores:
        styles = one.sentence.styles_at(at)
        is_meant = at in one.wanted or _is_name(one.sentence.items[at])
        if not styles or at in one.refused or not is_meant:
            continue
        both = tuple(name for name in found[-1].styles if name in styles) if found else ()
        if both:
            found[-1] = replace(found[-1], end=at + 1, styles=both)
        else:
            found.append(_Styled(start=at, end=at + 1, styles=styles))
    return found


def _is_name(item: Item) -> bool:
    """Tell whether a word names a style or an artist clearly, and describes none."""
    mention = item.mention
    return mention is not None and mention.grade >= Grade.ARTIST and not mention.is_described


def _before(items: Sequence[Item], styled: Sequence[_Styled]) -> Iterator[Sequence[Item]]:
    """Yield the words that lead to each style, from the mark or the "and" before its thing on."""
    for start, end in pairwise([0, *(at for each in styled for at in (each.start, each.end))]):
        if any(each.start == end for each in styled):
            cut = (at + 1 for at in range(start, end) if _parts(items[at]))
            yield items[max(cut, default=start) : end]


def _behind(items: Sequence[Item], styled: Sequence[_Styled]) -> Iterator[Sequence[Item]]:
    """Yield the words behind each style that name what it is for, up to the next mark or "and"."""
    for each in styled:
        end = next((at for at in range(each.end, len(items)) if _parts(items[at])), len(items))
        tail = items[each.end : end]
        yield tail if any(item.has("for") and not item.has("of") for item in tail[:1]) else ()


def _parts(item: Item) -> bool:
    """Tell whether an item parts the things of a sentence: a mark, or an "and"."""
    return (item.is_mark and item.text not in _WITHIN) or (item.has("and") and not item.mention)


def _is_thing(words: Sequence[Item]) -> bool:
    """Tell whether words name one thing and say nothing else."""
    if not 0 < len(words) <= _LONGEST:
        return False
    is_labelled = words[-1].text == ":" and len(words) > 1
    is_letter = len(words[0].raw) == 1 and words[0].raw.isascii() and words[0].raw.isupper()
    named = [item for item in words if _names(item)]
    others = [item for item in words if not (item.is_mark or _names(item))]
    return (bool(named) or is_labelled or is_letter) and all(item.has(*_SMALL) for item in others)


def _names(item: Item) -> bool:
    """Tell whether a word names a thing, which may be called as a style from elsewhere: "the black one".

    "Me" names none: "the wave for me and the scream for my sister" wishes both of each photo.
    """
    if item.has("courtesy"):
        return False
    return item.is_unknown or item.is_elsewhere or bool(numbers_of(item)) or item.has(*_THINGS)


def _are_wanted(
    named: Sequence[tuple[WeighedSentence, Sequence[_Styled]]], things: Sequence[Sequence[Item]]
) -> bool:
    """Tell whether something speaks for a style, or each stands right beside its thing.

    "The hotel had a Turner, the bar a Kandinsky" only tells.
    """
    is_told = any(map(_is_verb_of_tale, chain.from_iterable(things)))
    if is_told and all(one.sentence.kinds.isdisjoint(_ORDERS) for one, _ in named):
        return False
    is_bare = all(not thing[-1].has("cue", "place") for thing in things)
    return is_bare or any(score >= _LEAST for one, _ in named for score in one.scores.values())


def _is_verb_of_tale(item: Item) -> bool:
    return item.has("letter") and item.has("filler") and not item.has("person_title")


def _wanted(one: WeighedSentence) -> WeighedSentence:
    """Return a sentence in which all styles are wanted."""
    named = {at for each in _styled(one) for at in range(each.start, each.end)} & one.scores.keys()
    raised = {at: max(one.scores[at], THRESHOLD) for at in named - one.refused}
    return replace(one, scores={**one.scores, **raised})
