"""Read which styles a line names: one, a blend, or a choice.

A percentage belongs to the part beside it. If it is the only one and stands at the end, it belongs to the
whole: "mosaic and wave 60%". A part of one or two words that is joined to a style must be a style too. A
longer one is ignored: "mosaic and a hug from all of us".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mailbot.intents.line import Line, is_caption
from mailbot.intents.split import Clause, take_apart
from mailbot.intents.style_matching import Catalogue, StyleMatch, echo
from styles.contract import MAX_BLEND
from styles.errors import BadOption, UnknownStyle
from styles.language.lexicon import ABOUT, AMOUNTS, COURTESIES, HALF, PEOPLE

#: Words and tokens up to which a line can name a blend.
_MAX_WORDS, _MAX_TOKENS = 12, 24
#: Words up to which a part that is joined to a style must be one.
_LONGEST_UNKNOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Hold what a line says about styles."""

    shares: Mapping[str, float]  #: by name; they sum to 1
    either: bool = False  #: the bot chooses one of them
    strength: float | None = None
    is_all: bool = True  #: the line says nothing else
    dropped: str = ""  #: the part of a choice that names no known style

    @property
    def choices(self) -> tuple[str, ...]:
        """Styles of which a job takes one: names, or a blend as `mosaic:0.5,great-wave:0.5`."""
        if self.either or len(self.shares) == 1:
            return tuple(self.shares)
        return (",".join(f"{name}:{share:.3g}" for name, share in self.shares.items()),)


def pick(line: Line, catalogue: Catalogue, *, is_alone: bool) -> Pick | None:
    """Return the styles that the line names. Raises `UnknownStyle` and `BadOption`, both about a blend.

    In a blend a word of a style's title ("wave") is enough beside another style, or in a line that is alone.
    """
    if name := catalogue.exact(line.words):
        return _one(name, line)
    named = catalogue.within(line.words)
    if line.is_generic or len(line.words) > _MAX_WORDS or len(line.tokens) > _MAX_TOKENS:
        return replace(_one(_longest(named), line), is_all=False) if named else None
    parts = take_apart(line, named)
    _name_styles(parts, catalogue, is_alone=is_alone)
    styles = {part.style for part in parts} - {""}
    unknown = _unknown(parts)
    if (unknown or not styles) and (name := _typo(line.words, line.content, catalogue)):
        return _one(name, line)
    if unknown:
        name = " ".join(unknown.content)
        raise UnknownStyle(echo(name), catalogue.near(name), catalogue.names)
    if not styles:
        return None
    picked = _several(parts) if len(styles) > 1 else _one(max(styles), line)
    return replace(picked, is_all=_is_all(parts), dropped=_dropped(parts))


def _one(name: str, line: Line) -> Pick:
    first = next((word for word in line.words if word not in COURTESIES), "")
    half = AMOUNTS[first] if first in HALF else None  # "half mosaic", but not "my better half as a mosaic"
    return Pick(shares={name: 1.0}, strength=half if line.strength is None else line.strength)


def _longest(named: Sequence[StyleMatch]) -> str:
    return max(named, key=lambda found: found.end - found.start).name  # of two as long the first


def _typo(words: Sequence[str], content: Sequence[str], catalogue: Catalogue) -> str | None:
    return catalogue.typo(words) or catalogue.typo(content)


def _name_styles(parts: Sequence[Clause], catalogue: Catalogue, *, is_alone: bool) -> None:
    """Set the style of each part that names one."""
    for part in parts:
        part.style = _longest(part.named) if part.named else _typo(part.words, part.content, catalogue) or ""
    if len(parts) > 1 and (is_alone or any(part.style for part in parts)):
        for part in parts:
            part.style = part.style or (catalogue.part(part.content) if part.is_style else None) or ""


def _unknown(parts: Sequence[Clause]) -> Clause | None:
    """Return the first part that must be a style of a blend, but names none."""
    has_style = any(part.style for part in parts)
    for before, part, after in zip([Clause(), *parts], parts, [*parts[1:], Clause()], strict=False):
        is_joined = (part.join == "and" and _is_bare(before)) or (after.join == "and" and _is_bare(after))
        if (is_joined or (part.share is not None and has_style)) and _is_unknown(part):
            return part
    return None


def _dropped(parts: Sequence[Clause]) -> str:
    """Return the first part of a choice that names no style: "mosaic or picasso"."""
    for part, after in zip(parts, [*parts[1:], Clause()], strict=True):
        if "or" in (part.join, after.join) and _is_unknown(part):
            return echo(" ".join(part.content))
    return ""


def _is_all(parts: Sequence[Clause]) -> bool:
    return not any(part.content if part.named else part.is_style and not part.style for part in parts)


def _is_bare(part: Clause) -> bool:
    """Tell whether this is only a style: "mosaic for me and Anna" joins Anna to me."""
    return bool(part.style) and PEOPLE.isdisjoint(part.words) and not (part.named and part.content)


def _is_unknown(part: Clause) -> bool:
    """Tell whether this may be an unknown style: "van gogh", not "cake for the children" or "my cat"."""
    content = part.content
    in_a_row = " ".join(content) in " ".join(part.words)
    is_about_photo = is_caption(part.words) or not ABOUT.isdisjoint(part.words)
    is_short = in_a_row and len(content) <= _LONGEST_UNKNOWN and not is_about_photo
    return is_short and part.is_style and not part.style


def _several(parts: Sequence[Clause]) -> Pick:
    """Return the pick of two styles or more. Raises `BadOption`."""
    named = [part for part in parts if part.style]
    alone = next((part.share for part in parts if part.share is not None and not part.is_style), None)
    given = [part for part in named if part.share is not None]
    if alone is None and len(given) == 1:
        only = given[0]
        if (only is named[-1] and only.is_share_last) or only.share == 1:  # it is of the whole
            alone, given = only.share, []
    joins = {part.join for part in named[1:]}
    if "or" in joins and "and" not in joins and len(given) < 2:
        names = dict.fromkeys(part.style for part in named)
        return Pick(shares={name: 1 / len(names) for name in names}, either=True, strength=alone)
    weights = [(part.style, part.share if part in given else None) for part in named]
    return Pick(shares=_shares(weights), strength=alone)


def _shares(weights: Sequence[tuple[str, float | None]]) -> dict[str, float]:
    """Return shares that sum to 1; styles without one divide the rest equally. Raises `BadOption`."""
    given = math.fsum(weight for _, weight in weights if weight is not None)
    without = sum(weight is None for _, weight in weights)
    if without and given >= 1:
        raise BadOption(
            f"The shares of a blend make 100% together, so {given:.0%} leaves nothing for the rest."
        )
    shares: dict[str, float] = {}
    for style, weight in weights:
        share = (1 - given) / without if weight is None else weight
        if share:
            shares[style] = shares.get(style, 0.0) + share
    total = math.fsum(shares.values())
    if not total:
        raise BadOption("A blend of nothing but 0% would be no painting: give one style more.")
    if len(shares) > MAX_BLEND:
        raise BadOption(f"I blend up to {MAX_BLEND} styles, and you named {len(shares)}.")
    return {style: share / total for style, share in shares.items()}
