"""Read which styles a sentence asks for: one, a blend, a choice, or several paintings.

    Pick      what a sentence says about styles
    pick      a sentence and its wanted mentions -> Pick
    together  the picks of several sentences -> Pick

The words between two styles tell how they belong together:

    "mosaic and wave"            a blend
    "mosaic or wave"             a choice
    "mosaic, wave"               a painting in each
    "one in mosaic, one in wave" a painting in each
    "van gogh, starry night"     one style, named twice

A percentage belongs to the style beside it. If it is the only one and stands at the end, it is the strength
of the whole: "mosaic and wave 60%". Percentages that do not make 100 together are strengths of several
paintings: "mosaic 60%, wave 80%".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Literal

from mailbot.intents.mentions.shares import Part, are_apart, blend, fraction, read_shares, whole
from mailbot.intents.sentence import Item, Sentence
from styles.language import blend_syntax
from styles.language.lexicon import Lexicon

How = Literal["one", "blend", "choice", "each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Hold what a sentence says about styles."""

    how: How
    names: tuple[str, ...]  #: styles, or one blend as `mosaic:0.5,great-wave:0.5`
    alternatives: tuple[str, ...] = ()  #: other styles that the same words mean
    strength: float | None = None
    strengths: Mapping[str, float] = field(default_factory=dict)  #: by style, where they differ
    taken: tuple[int, ...] = ()  #: indices of the numbers that are shares, or the strength
    photos: tuple[int, ...] = ()  #: numbers of the photos, from 0, if they are for some; -1 is the last
    is_in_order: bool = False  #: the photos are guessed by their order, so they must be as many as the names

    @property
    def styles(self) -> frozenset[str]:
        """The styles that are painted, those of a blend apart."""
        return frozenset(part.partition(":")[0] for name in self.names for part in name.split(","))


#: Number of all photos that have none of their own: "the rest in udnie".
REST = -9
#: Kinds of words that mean one photo by its number, from 0; -1 is the last.
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
#: Kinds of words that mean photos by their numbers.
NUMBERS = {**{kind: (number,) for kind, number in ORDINALS.items()}, "first_two": (0, 1), "rest": (REST,)}
#: Kinds of words between the number of one photo and its style: "the first one should be in the scream".
_LINKS = ("cue", "for", "article", "style_of", "make", "filler", "photo", "courtesy", "fit", "one_each")
#: Most words between a style and the number of its photo.
_ORDINAL_WORDS = 4


def pick(
    sentence: Sentence, wanted: Sequence[int], words: Lexicon, best: Callable[[Sequence[str]], str]
) -> Pick:
    """Return the styles of the wanted mentions; `best` chooses one of several. Raises `BadOption`."""
    parts = _merged(sentence, wanted)
    shares = read_shares(sentence, parts, words)
    how = _how(sentence, parts)
    given = [part for part in parts if part.share is not None]
    if len(given) > 1 and "mix" not in sentence.kinds:
        if not shares.are_percents or not (_is_apart(sentence, parts) or are_apart(parts)):
            how = "blend"
        elif how == "blend":
            how = "each"
    names = [best(part.styles) for part in parts]
    photos = tuple(number for part in parts for number in part.photos)
    make = partial(Pick, taken=tuple(shares.taken))
    if len(set(names)) == 1:
        part = parts[0]
        strength = shares.alone if part.share is None else part.share
        strength = fraction(sentence, part, words) if strength is None else strength
        rest = tuple(name for name in part.styles if name != names[0])
        return make(how="one", names=(names[0],), alternatives=rest, strength=strength, photos=photos)
    strengths = {name: part.share for name, part in zip(names, parts, strict=True) if part.share is not None}
    is_of_all = len(given) == 1 and given[0] is parts[-1]
    make_each = make if is_of_all else partial(make, strengths=strengths)
    if all(part.photos for part in parts) and len(set(photos)) == len(photos):
        each = tuple(name for name, part in zip(names, parts, strict=True) for _ in part.photos)
        return make_each(how="each", names=each, photos=photos)
    if how == "blend":  # "half of each" is no strength
        shares.taken += [at for at, item in enumerate(sentence.items) if item.text in words.amounts]
        make = partial(Pick, taken=tuple(shares.taken))
    if how == "each" and _has_subjects(sentence.items, parts):
        return make_each(how=how, names=tuple(names), photos=tuple(range(len(names))), is_in_order=True)
    if how != "blend":
        strength = parts[-1].share if shares.alone is None and is_of_all else shares.alone
        return make_each(how=how, names=tuple(dict.fromkeys(names)), strength=strength)
    strength = whole(parts, shares)
    mixed = blend(list(zip(names, (part.share for part in parts), strict=True)))
    how = "blend" if len(mixed) > 1 else "one"
    return make(how=how, names=(blend_syntax.write(mixed),), strength=strength)


def together(picks: Sequence[Pick]) -> Pick:
    """Return what several sentences ask for: a painting each."""
    if len(picks) == 1:
        return picks[0]
    names = tuple(
        name
        for one in picks
        for name in (one.names * max(1, len(one.photos)) if one.how == "one" else one.names)
    )
    photos = tuple(number for one in picks for number in one.photos)
    strengths = {name: one.strength for one in picks for name in one.names if one.strength is not None}
    is_numbered = len(photos) == len(names)
    return Pick(
        how="each",
        names=names if is_numbered else tuple(dict.fromkeys(names)),
        strengths=strengths,
        photos=photos if is_numbered else (),
    )


def _merged(sentence: Sentence, wanted: Sequence[int]) -> list[Part]:
    """Return the parts; mentions that agree, such as an artist and a title, become one."""
    parts: list[Part] = []
    for at in wanted:
        mention = sentence.items[at].mention
        styles = mention.styles if mention else ()
        same = next((part for part in parts if set(part.styles) & set(styles)), None)
        if same:
            same.styles = tuple(name for name in same.styles if name in styles)
            same.end = max(same.end, at + 1) if parts[-1] is same else same.end
        else:
            parts.append(Part(start=at, end=at + 1, styles=styles))
    for part, numbers in zip(parts, _photos(sentence.items, parts), strict=True):
        part.photos = numbers
    return parts


def _photos(items: Sequence[Item], parts: Sequence[Part]) -> list[tuple[int, ...]]:
    """Return the numbers of the photos that each part is for, none if it names none.

    All numbers stand before their styles ("the first in udnie"), or all behind them ("udnie for the first").
    """
    before = [0, *(part.end for part in parts)]
    after = [*(part.start for part in parts[1:]), len(items)]
    leads = [
        [item for item in items[at : part.start] if not _is_share(item)][::-1]
        for at, part in zip(before, parts, strict=False)
    ]
    tails = [
        [item for item in items[part.end : at] if not _is_share(item)]
        for at, part in zip(after, parts, strict=True)
    ]
    if len(parts) == 1:
        return [_of_one(leads[0]) or _of_one(tails[0], is_behind=True)]
    led, followed = [_numbers(lead) for lead in leads], [_numbers(tail) for tail in tails]
    return followed if not led[0] and all(followed) else led


def _of_one(items: Sequence[Item], *, is_behind: bool = False) -> tuple[int, ...]:
    """Return the photo that the only style is for; nothing for a "first" with other words between."""
    for at, item in enumerate(items):
        if not item.kinds.isdisjoint(NUMBERS):
            nouns = [one for one in items[at + 1 : at + 2] if is_behind]
            is_noun = any(one.is_unknown or one.has("letter", "caption", "make") for one in nouns)
            if any(one.text == "," for one in items[:at]):  # "only the second one, udnie please"
                is_noun = not all(one.has(*_LINKS) for one in items[at + 1 :])
            return () if is_noun or (is_behind and not at) else _numbers([item])
        if not (item.has(*_LINKS) or item.text in (":", "=", "-", *("," * (not is_behind)))):
            return ()
    return ()


def _is_share(item: Item) -> bool:
    return item.is_number or item.text in ("%", "(", ")") or item.has("percent")


def _numbers(items: Sequence[Item]) -> tuple[int, ...]:
    found = (
        numbers for item in items[:_ORDINAL_WORDS] for kind, numbers in NUMBERS.items() if item.has(kind)
    )
    return next(found, ())


def _how(sentence: Sentence, parts: Sequence[Part]) -> How:
    if "mix" in sentence.kinds and "choose" not in sentence.kinds:
        return "blend"
    if (len(parts) > 1 and _has_subjects(sentence.items, parts)) or _is_apart(sentence, parts):
        return "each"
    between = _between(sentence, parts)
    if any(item.has("and", "with") for item in between) and "choose" not in sentence.kinds:
        return "blend"
    if "choose" in sentence.kinds:
        return "choice"
    return "choice" if any(item.has("or") for item in between) else "each"


def _is_apart(sentence: Sentence, parts: Sequence[Part]) -> bool:
    """Tell whether words say that there are several paintings: "one in udnie", "separately"."""
    lead = sentence.items[max(0, parts[0].start - 2) : parts[0].start]
    return (
        any(item.has("separate", "one_each") for item in _between(sentence, parts))
        or any(item.has("separate") and not item.has("and") for item in sentence.items)
        or any(item.has("one_each") for item in lead)
    )


def _between(sentence: Sentence, parts: Sequence[Part]) -> list[Item]:
    return [item for a, b in pairwise(parts) for item in sentence.items[a.end : b.start]]


def _has_subjects(items: Sequence[Item], parts: Sequence[Part]) -> bool:
    """Tell whether each style has a thing of its own: "the dog in udnie and the cat in mosaic"."""
    gaps = [items[a.end : b.start] for a, b in pairwise(parts)]
    return all(
        any(item.has("caption") or (item.is_unknown and item.raw.isascii()) for item in gap)
        and any((item.has("cue", "for") and not item.has("with")) or item.text == ":" for item in gap)
        for gap in gaps
    )
