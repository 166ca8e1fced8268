"""What a job wants painted: which versions of which styles, in which shares, pinned when the job comes in.

    Resolver   what is asked for it, of `runner.balancer.style_resolver.StyleResolver`
    RenderPlan     one style, a blend or a sheet
    find       job -> RenderPlan

A blend's styles stand on one base, so that they are painted as one row of it, in a batch with others. A
sheet has every style there is, each on its own network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runner.protocol.messages import Label, StyleShare
from styles.contract import MAX_BLEND, ResolvedStyle, StyleJob, StyleSummary
from styles.errors import BadOption, UnknownStyle
from styles.language import blend_syntax

#: Styles on a sheet, the first of the list: with the photo five by five pictures, painted in some seconds.
MAX_SHEET = 24
#: What a batch of a sheet has in common: nothing, it goes alone.
SHEET = "sheet"


class Resolver(Protocol):
    """Says what styles' names mean, and which there are."""

    async def resolve(self, name: str) -> ResolvedStyle:
        """Raises `UnknownStyle`, `RegistryUnavailable`."""

    async def live(self) -> Sequence[StyleSummary]:
        """Those that can be asked for. Raises `RegistryUnavailable`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderPlan:
    """What is to be painted; a retry of the job keeps it."""

    parts: tuple[StyleShare, ...]  #: at least one
    base: str  #: digest of the network, which a batch has in common; or `SHEET`
    version: int  #: of the style that was named first; 0 for a sheet

    @classmethod
    def one(cls, style: ResolvedStyle) -> RenderPlan:
        """One style as it is."""
        return cls(parts=(StyleShare(digest=style.digest),), base=style.base, version=style.version)

    @property
    def sheet(self) -> bool:
        """Each part is a picture of its own."""
        return self.base == SHEET

    @property
    def pictures(self) -> int:
        """So many are painted."""
        return len(self.parts) if self.sheet else 1

    @property
    def digests(self) -> frozenset[str]:
        """The style files that it takes."""
        return frozenset(part.digest for part in self.parts)


async def find(job: StyleJob, resolver: Resolver) -> RenderPlan:
    """What the job means just now.

    Raises `UnknownStyle` with the name that is unknown, `BadOption` for a blend that cannot be, and
    `RegistryUnavailable`.
    """
    if job.sheet:
        return await _sheet(resolver)
    if "," in job.style or ":" in job.style:
        return await _blend(blend_syntax.read(job.style), resolver)
    return RenderPlan.one(await resolver.resolve(job.style))


async def _blend(shares: dict[str, float], resolver: Resolver) -> RenderPlan:
    if len(shares) > MAX_BLEND:
        raise BadOption(f"A blend may have {MAX_BLEND} styles, and this one has {len(shares)}.")
    # One after the other: of two that are unknown, the first is named, whichever answer comes first.
    styles = {name: await resolver.resolve(name) for name in shares}
    if len(styles) > 1:
        for name, style in styles.items():
            if style.base == style.digest:
                raise BadOption(f"{name} has a network of its own and cannot be blended: name it alone.")
    blend_syntax.require_one_base({name: style.base for name, style in styles.items()})
    first = next(iter(styles.values()))
    # In the order of their names, as `styles.inference.blending.mix` does: the same blend is the same to the
    # last bit.
    parts = tuple(StyleShare(digest=styles[name].digest, share=shares[name]) for name in sorted(styles))
    return RenderPlan(parts=parts, base=first.base, version=first.version)


async def _sheet(resolver: Resolver) -> RenderPlan:
    listed = (await resolver.live())[:MAX_SHEET]
    found = await asyncio.gather(*[_part(style, resolver) for style in listed])
    parts = tuple(part for part in found if part is not None)
    if not parts:
        raise BadOption("There is no style yet that a photo could be painted in.")
    return RenderPlan(parts=parts, base=SHEET, version=0)


async def _part(style: StyleSummary, resolver: Resolver) -> StyleShare | None:
    try:
        resolved = await resolver.resolve(style.name)
    except UnknownStyle:  # retired since it was listed
        return None
    label = Label(name=style.name, title=style.title, artist=style.artist, year=style.year)
    return StyleShare(digest=resolved.digest, label=label)
