"""Resolve a job into the style versions and shares to paint, once, when it is submitted.

Where the styles of a blend share one base, the blend is one row of it, and shares a batch with other photos.
A sheet has every live style, each on its own network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from runner.protocol.messages import Label, StyleShare
from styles.contract import MAX_BLEND, ResolvedStyle, StyleJob, StyleSummary
from styles.errors import BadOption, NotBlendable, UnknownStyle
from styles.language import blend_syntax
from styles.translatable import gettext_noop

#: Styles on a sheet, the first of the list. With the photo they are five by five pictures, painted in
#: seconds.
MAX_SHEET = 24
#: Base of a sheet in the key of a batch; a sheet shares its batch with no photo.
SHEET = "sheet"


class Resolver(Protocol):
    """Resolve names of styles, and tell what is listed about them."""

    async def resolve(self, name: str) -> ResolvedStyle:
        """Return the live version, or that of NAME@REF. Raises `UnknownStyle`, `RegistryUnavailable`."""

    async def live(self) -> Sequence[StyleSummary]:
        """Return the live styles. Raises `RegistryUnavailable`."""

    async def summaries(self, names: Sequence[str]) -> Sequence[StyleSummary]:
        """Return the summaries of these styles; a style that is not listed is left out. Never fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderPlan:
    """Hold the resolved styles of a job; its retries keep them."""

    parts: tuple[StyleShare, ...]  #: at least one
    base: str  #: digest of the network that a batch shares, several joined for a blend; or `SHEET`
    version: int  #: of the style named first; 0 for a sheet
    names: tuple[str, ...] = field(compare=False)  #: of the styles, in the order of the job or the sheet
    digests: frozenset[str] = field(init=False, compare=False)  #: of the style files
    sheet: bool = field(init=False, compare=False)  #: whether each part is a picture of its own

    def __post_init__(self) -> None:
        # Once, since the scheduler needs them several times for each photo.
        object.__setattr__(self, "digests", frozenset(part.digest for part in self.parts))
        object.__setattr__(self, "sheet", self.base == SHEET)

    @classmethod
    def one(cls, style: ResolvedStyle) -> RenderPlan:
        """Return the plan for one style."""
        part = StyleShare(digest=style.digest)
        return cls(parts=(part,), base=style.base, version=style.version, names=(style.name,))

    @property
    def pictures(self) -> int:
        """Number of pictures to paint."""
        return len(self.parts) if self.sheet else 1


async def find(job: StyleJob, resolver: Resolver) -> RenderPlan:
    """Resolve a job.

    Raises `UnknownStyle` with the unknown name, `BadOption` for an impossible blend, and
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
    # One after the other, so that of two unknown names the first is reported.
    styles = {name: await resolver.resolve(name) for name in shares}
    if len(styles) > 1:
        for name, style in styles.items():
            if style.base == style.digest:
                raise NotBlendable(name)
    first = next(iter(styles.values()))
    base = "+".join(sorted({style.base for style in styles.values()}))
    # In the order of their names: a blend never changes, bit for bit.
    parts = tuple(StyleShare(digest=styles[name].digest, share=shares[name]) for name in sorted(styles))
    return RenderPlan(parts=parts, base=base, version=first.version, names=tuple(shares))


async def _sheet(resolver: Resolver) -> RenderPlan:
    listed = (await resolver.live())[:MAX_SHEET]
    found = await asyncio.gather(*[_part(style, resolver) for style in listed])
    parts = tuple(part for part in found if part is not None)
    if not parts:
        raise BadOption(gettext_noop("There is no style yet that a photo could be painted in."))
    names = tuple(part.label.name for part in parts)
    return RenderPlan(parts=parts, base=SHEET, version=0, names=names)


async def _part(style: StyleSummary, resolver: Resolver) -> StyleShare | None:
    try:
        resolved = await resolver.resolve(style.name)
    except UnknownStyle:  # retired since it was listed
        return None
    label = Label(name=style.name, title=style.title, artist=style.artist, year=style.year)
    return StyleShare(digest=resolved.digest, label=label)
