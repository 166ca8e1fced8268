"""Read which styles a sentence asks for: one, a blend, a choice, or several paintings.

    Pick    what a sentence says about styles
    pick    a sentence and its wanted mentions -> Pick

The words between two styles tell how they belong together:

    "mosaic and wave"            a blend
    "mosaic or wave"             a choice
    "mosaic, wave"               a painting in each
    "one in mosaic, one in wave" a painting in each
    "van gogh, starry night"     one style, named twice

A percentage belongs to the style beside it. If it is the only one and stands at the end, it is the strength
of the whole: "mosaic and wave 60%".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Literal

from mailbot.intents.options import percent_at
from mailbot.intents.sentence import Item, Sentence
from styles.contract import MAX_BLEND
from styles.errors import BadOption
from styles.language.lexicon import Lexicon
from styles.messages import gettext_noop

How = Literal["one", "blend", "choice", "each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Hold what a sentence says about styles."""

    how: How
    names: tuple[str, ...]  #: styles, or one blend as `mosaic:0.5,great-wave:0.5`
    alternatives: tuple[str, ...] = ()  #: other styles that the same words mean
    strength: float | None = None
    taken: tuple[int, ...] = ()  #: indices of the numbers that are shares, or the strength
    photos: tuple[int, ...] = ()  #: numbers of the photos, from 0, if each name is for one; -1 is the last


@dataclass(slots=True, kw_only=True)
class _Part:
    """Hold one style of a sentence, or several that the same words mean."""

    start: int
    end: int
    styles: tuple[str, ...]
    share: float | None = None
    is_share_last: bool = False
    photo: int | None = None


@dataclass(slots=True, kw_only=True)
class _Shares:
    """Collect percentages while a sentence is read."""

    taken: list[int] = field(default_factory=list)
    alone: float | None = None  #: a percentage of no style


#: Kinds of words that mean a photo by its number.
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
#: Most words between a style and the number of its photo.
_ORDINAL_WORDS = 4


def pick(
    sentence: Sentence, wanted: Sequence[int], words: Lexicon, best: Callable[[Sequence[str]], str]
) -> Pick:
    """Return the styles of the wanted mentions; `best` chooses one of several. Raises `BadOption`."""
    parts = _merged(sentence, wanted)
    shares = _read_shares(sentence, parts, words)
    how = _how(sentence, parts)
    if len(parts) > 1 and how in ("choice", "each") and sum(part.share is not None for part in parts) > 1:
        how = "blend"
    names = [best(part.styles) for part in parts]
    photos = tuple(part.photo for part in parts if part.photo is not None)
    make = partial(Pick, taken=tuple(shares.taken))
    if len(set(names)) == 1:
        part = parts[0]
        strength = shares.alone if part.share is None else part.share
        strength = _half(sentence, words) if strength is None else strength
        rest = tuple(name for name in part.styles if name != names[0])
        return make(how="one", names=(names[0],), alternatives=rest, strength=strength, photos=photos[:1])
    if len(set(photos)) == len(parts):
        return make(how="each", names=tuple(names), photos=photos)
    if how != "blend":
        strength = shares.alone if shares.alone is not None else parts[-1].share
        return make(how=how, names=tuple(dict.fromkeys(names)), strength=strength)
    strength = _whole(parts, shares)
    blend = _blend(list(zip(names, (part.share for part in parts), strict=True)))
    if len(blend) == 1:
        return make(how="one", names=tuple(blend), strength=strength)
    written = ",".join(f"{name}:{share:.3g}" for name, share in blend.items())
    return make(how="blend", names=(written,), strength=strength)


def _merged(sentence: Sentence, wanted: Sequence[int]) -> list[_Part]:
    """Return the parts; mentions that agree, such as an artist and a title, become one."""
    parts: list[_Part] = []
    for at in wanted:
        mention = sentence.items[at].mention
        styles = mention.styles if mention else ()
        same = next((part for part in parts if set(part.styles) & set(styles)), None)
        if same:
            same.styles = tuple(name for name in same.styles if name in styles)
            same.end = max(same.end, at + 1) if parts[-1] is same else same.end
        else:
            parts.append(_Part(start=at, end=at + 1, styles=styles))
    for part, before, after in zip(parts, [None, *parts], [*parts[1:], None], strict=False):
        part.photo = _photo(sentence.items, part, before, after)
    return parts


def _photo(items: Sequence[Item], part: _Part, before: _Part | None, after: _Part | None) -> int | None:
    """Return the number of the photo that a part is for, None if it names none."""
    lead = items[max(before.end if before else 0, part.start - _ORDINAL_WORDS) : part.start]
    tail = items[part.end : min(after.start if after else len(items), part.end + _ORDINAL_WORDS)]
    for zone in (lead[::-1], tail):
        for item in zone:
            if found := [number for kind, number in _ORDINALS.items() if item.has(kind)]:
                return found[0]
    return None


def _how(sentence: Sentence, parts: Sequence[_Part]) -> How:
    if "mix" in sentence.kinds:
        return "blend"
    between = [item for a, b in pairwise(parts) for item in sentence.items[a.end : b.start]]
    lead = sentence.items[max(0, parts[0].start - 2) : parts[0].start]
    is_apart = any(item.has("separate", "one_each") for item in between) or any(
        item.has("separate") and not item.has("and") for item in sentence.items
    )
    if is_apart or any(item.has("one_each") for item in lead):
        return "each"
    if any(item.has("and", "with") for item in between):
        return "blend"
    return "choice" if any(item.has("or") for item in between) else "each"


def _read_shares(sentence: Sentence, parts: Sequence[_Part], words: Lexicon) -> _Shares:
    """Set the share of each part that has one."""
    items = sentence.items
    shares = _Shares()
    if len(parts) == 2 and (ratio := _ratio(items, words)):
        numbers, parts[0].share, parts[1].share = ratio
        shares.taken += numbers
        return shares
    before: _Part | None = None
    joined = True
    for at, item in enumerate(items):
        current = next((part for part in parts if part.start <= at < part.end), None)
        if current:
            before, joined = current, False
            continue
        share = percent_at(items, at, words)
        after = next((part for part in parts if part.start > at), None)
        if (
            share is None
            and len(parts) > 1
            and after
            and item.text in words.amounts
            and _leads(items, at, after)
        ):
            share = words.amounts[item.text] / 100
        if share is not None:
            shares.taken.append(at)
            _give(shares, share, before if not joined else None, after)
        joined = joined or item.has("and", "or", "with") or item.text == ","
    return shares


def _give(shares: _Shares, share: float, before: _Part | None, after: _Part | None) -> None:
    """Give a share to the style before it, or to that behind it, or to the whole."""
    if before and before.share is None:
        before.share, before.is_share_last = share, True
    elif after and after.share is None:
        after.share = share
    elif shares.alone is None:
        shares.alone = share


def _leads(items: Sequence[Item], at: int, part: _Part) -> bool:
    """Tell whether only small words stand between an amount and a style: "a bit of wave"."""
    return all(item.has("of", "article", "amounts", "filler") for item in items[at + 1 : part.start])


def _ratio(items: Sequence[Item], words: Lexicon) -> tuple[list[int], float, float] | None:
    """Return a pair of numbers that make 100 together: "60/40", "fifty-fifty"."""
    numbers = [(at, _number(item, words)) for at, item in enumerate(items)]
    found = [(at, number) for at, number in numbers if number is not None]
    for (a, first), (b, second) in pairwise(found):
        if b - a <= 2 and first + second == 100 and not any(item.text == "%" for item in items[a : b + 2]):
            return [a, b], first / 100, second / 100
    return None


def _number(item: Item, words: Lexicon) -> int | None:
    return int(item.text) if item.is_number and item.text.isdigit() else words.numbers.get(item.text)


def _half(sentence: Sentence, words: Lexicon) -> float | None:
    """Return the strength of "half mosaic" and "mosaic, half", but not of "my better half as mosaic"."""
    items = [item for item in sentence.items if not item.has("courtesy") and not item.is_mark]
    ends = (items[0], items[-1]) if items else ()
    return 0.5 if any(words.amounts.get(item.text) == 50 for item in ends) else None


def _whole(parts: Sequence[_Part], shares: _Shares) -> float | None:
    """Return the strength of a blend, and take it from the style beside which it stands."""
    given = [part for part in parts if part.share is not None]
    if shares.alone is None and len(given) == 1:
        only = given[0]
        if (only is parts[-1] and only.is_share_last) or only.share == 1:
            strength, only.share = only.share, None
            return strength
    return shares.alone


def _blend(weights: Sequence[tuple[str, float | None]]) -> dict[str, float]:
    """Return shares that sum to 1; styles without one divide the rest equally. Raises `BadOption`."""
    given = math.fsum(weight for _, weight in weights if weight is not None)
    without = sum(weight is None for _, weight in weights)
    if without and given >= 1:
        message = gettext_noop(
            "The shares of a blend make 100% together, so {given:.0%} leaves nothing for the rest."
        )
        raise BadOption(message, given=given)
    shares: dict[str, float] = {}
    for style, weight in weights:
        share = (1 - given) / without if weight is None else weight
        if share:
            shares[style] = shares.get(style, 0.0) + share
    total = math.fsum(shares.values())
    if not total:
        raise BadOption(gettext_noop("A blend of nothing but 0% would be no painting: give one style more."))
    if len(shares) > MAX_BLEND:
        message = gettext_noop("I blend up to {most} styles, and you named {count}.")
        raise BadOption(message, most=MAX_BLEND, count=len(shares))
    return {style: share / total for style, share in shares.items()}
