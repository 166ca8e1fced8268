"""Read the shares of a blend, and a strength that is said as a share: "70% scream", "a hint of wave".

Shares       the percentages of a sentence
read_shares  give each style its share
fraction     the strength of the one style of a sentence
are_apart    whether percentages are no shares of a blend
whole        the strength of a blend
blend        shares that sum to 1
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from mailbot.intents.paintings.ratios import Part, read_ratio
from mailbot.intents.paintings.said_shares import MOST, PINCH, vague
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.strengths import is_of_number, percent_at
from styles.contract import MAX_BLEND
from styles.errors import BadOption
from styles.language.lexicon import Lexicon
from styles.translatable import gettext_noop

#: Per cent of a half and of "mostly", and the most by which the shares of a blend miss 1.
_HALF, _LARGE, _ABOUT = 50, 75, 0.06
#: Kinds of words by which a percentage is that of each style.
_OF_EACH = ("separate", "every", "one_each")


@dataclass(slots=True, kw_only=True)
class Shares:
    """Collect percentages while a sentence is read."""

    taken: list[int] = field(default_factory=list)
    alone: float | None = None  #: a percentage of no style
    are_percents: bool = True  #: not words such as "a bit of"


def read_shares(
    sentence: Sentence, parts: Sequence[Part], words: Lexicon, apart: Sequence[Sentence] = ()
) -> Shares:
    """Set the share of each part that has one; sentences `apart` may say a ratio: "Say ninety to ten"."""
    items = sentence.items
    shares = Shares()
    if len(parts) > 1 and (numbers := read_ratio(items, parts, words, apart)):
        shares.taken, shares.are_percents = numbers, False
        return shares
    before: Part | None = None
    joined = True
    has_percent = any(percent_at(items, at, words) is not None for at in range(len(items)))
    has_amounts = len(parts) > 1 and not has_percent
    for at, item in enumerate(items):
        current = next((part for part in parts if part.start <= at < part.end), None)
        if current:
            before, joined = current, False
            continue
        share = percent_at(items, at, words)
        after = next((part for part in parts if part.start > at), None)
        is_mostly = len(parts) > 1 and any(part.share == MOST for part in parts)
        is_amount = has_amounts and item.text in words.amounts
        if share is None and len(parts) > 1 and not joined and _is_trailing(items, at, words.amounts):
            share, shares.are_percents = vague(words.amounts[item.text]), False
        if share is None and is_mostly and not joined and _is_trailing(items, at, words.strengths):
            share = PINCH if words.strengths[item.text] < MOST * 100 else None  # "mostly wave, scream faint"
        if share is None and is_amount and after and _leads(items, at, after):
            share, shares.are_percents = vague(words.amounts[item.text]), False
        if share is None and len(parts) > 1 and after and _is_hint(items, at, after):
            share, shares.are_percents = words.strengths.get(item.text, 0) / 100 or None, False
        if share is not None:
            shares.taken.append(at)
            is_alone = not any(one.mention for one in sentence.clause(at))  # "wave, say 70%, the rest scream"
            _give(shares, share, before if is_alone or not joined else None, after)
        joined = joined or _is_join(items, at)
    return shares


def _is_join(items: Sequence[Item], at: int) -> bool:
    """Tell whether an item parts two styles; "mosaic with 60%" is one."""
    item = items[at]
    if item.has("with") and not item.has("and") and at + 1 < len(items) and items[at + 1].is_number:
        behind = takewhile(lambda one: one.text != ",", items[at + 2 : at + 5])
        return any(one.mention for one in behind)  # "with 30% wave" is another
    return item.has("and", "or", "with") or item.text == ","


def are_apart(parts: Sequence[Part]) -> bool:
    """Tell whether percentages are strengths of several paintings: "mosaic 60%, wave 80%" is no blend."""
    given = [part.share for part in parts if part.share is not None]
    total = math.fsum(given)
    return len(given) == len(parts) and abs(total - 1) > _ABOUT


def _give(shares: Shares, share: float, before: Part | None, after: Part | None) -> None:
    """Give a share to the style before it, or to that behind it, or to the whole."""
    if before and before.share is None:
        before.share, before.is_share_last = share, True
    elif after and after.share is None:
        after.share = share
    elif shares.alone is None:
        shares.alone = share


def _leads(items: Sequence[Item], at: int, part: Part) -> bool:
    """Tell whether only small words stand between an amount and a style: "a bit of wave"."""
    return all(
        item.has("of", "article", "amounts") or (item.has("filler") and not item.has("cue"))
        for item in items[at + 1 : part.start]
    )


def _is_trailing(items: Sequence[Item], at: int, table: Mapping[str, int]) -> bool:
    """Tell whether an amount ends the clause of a style: "星空七成,呐喊三成"."""
    joins = ("and", "with", "mix", "separate")
    behind = (one for one in items[at + 1 :] if one.has(*joins) or not one.has("filler", "cue", "fit"))
    end = next(behind, None)
    is_end = end is None or end.is_mark or end.has(*joins)
    before = next((item for item in reversed(items[:at]) if not item.has("filler")), None)
    return is_end and items[at].text in table and before is not None and before.mention is not None


def _is_hint(items: Sequence[Item], at: int, part: Part) -> bool:
    """Tell whether a strength in words is a share: "just a hint of wave"."""
    return items[at].has("strength") and items[at + 1].has("of") and _leads(items, at, part)


def fraction(sentence: Sentence, part: Part, words: Lexicon) -> float | None:
    """Return the strength of "half mosaic" and "a hint of mosaic", but not of "my better half as mosaic"."""
    items = sentence.items
    bare = [at for at, item in enumerate(items) if not item.has("courtesy") and not item.is_mark]
    for at, item in enumerate(items):
        amount = words.amounts.get(item.text)
        is_comparative = amount == _LARGE and item.has("filler")  # "more suitable", "plutôt"
        if amount is None or item.mention or is_comparative or is_of_number(items, at, words):
            continue
        before, after = items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None
        is_half = amount == _HALF and at in (bare[0], bare[-1]) and not _is_of_thing(items, at)
        is_led = before is not None and (before.has("place", "cue", "for", "equal") or bool(before.mention))
        is_share = at == bare[-1] and is_led
        is_hint = (
            after is not None and after.has("of") and at < part.start <= at + 3 and items[at + 2].text != "a"
        )
        if (
            is_half
            or is_share
            or is_hint
            or _is_clause(sentence, at)
            or (after and after.has("strength_word"))
        ):
            return amount / 100
    return None


def _is_of_thing(items: Sequence[Item], at: int) -> bool:
    """Tell whether an amount is that of a thing or of people: "half the family loves Munch"."""
    noun = next((item for item in items[at + 1 :] if not item.has("article", "of", "own")), None)
    return noun is not None and (noun.is_unknown or noun.has("caption", "being"))


def _is_clause(sentence: Sentence, at: int) -> bool:
    """Tell whether an amount has a clause of its own: "Udnie, but only a third please"."""
    clause = sentence.clause(at)
    small = ("filler", "courtesy", "instead", "article", "exclaim", "limit", "fit")
    is_alone = all(item is sentence.items[at] or (item.has(*small) and not item.mention) for item in clause)
    return is_alone and clause[0] is not sentence.items[0]


def whole(sentence: Sentence, parts: Sequence[Part], shares: Shares) -> float | None:
    """Return the strength of a blend, and take it from the style beside which it stands.

    "50% each" of two styles are their shares.
    """
    given = [part for part in parts if part.share is not None]
    if shares.alone is None and len(given) == 1:
        only = given[0]
        if only.share and round(only.share * len(parts), 2) == 1 and not sentence.kinds.isdisjoint(_OF_EACH):
            return None
        if (only is parts[-1] and only.is_share_last) or only.share == 1:
            strength, only.share = only.share, None
            return strength
    return shares.alone


def blend(weights: Sequence[tuple[str, float | None]]) -> dict[str, float]:
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
