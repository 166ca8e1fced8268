"""Draw mails as people send them: sizes of photos, numbers of photos, styles by Zipf's law.

The shares are assumptions. Each is one constant here, and docs/growing.md lists them.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

from styles.contract import ResolvedStyle, StyleJob, StyleOptions, StyleSummary

#: Styles of the registry, of which every tenth has a network of its own; the others share one base.
STYLES, OWN_NETWORK = 300, 10
#: Exponent of Zipf's law: the style of rank n is asked for 1 / n as often as the first.
ZIPF = 1.0
#: Photos of a mail, and how many of 100 mails have them.
PHOTOS = {1: 75, 2: 12, 3: 7, 5: 4, 10: 2}
#: Photos of a mail, on average.
PHOTOS_OF_MAIL = sum(n * share for n, share in PHOTOS.items()) / sum(PHOTOS.values())
#: Long side that is asked for, pixels, and how many of 100 mails ask for it. One of 4096 is a large photo.
SIZES = {512: 4, 1024: 90, 2048: 5, 4096: 1}
#: Shares of mails that ask for a sheet, and for a blend of two styles.
SHEETS, BLENDS = 0.02, 0.03
#: Median bytes of a photo and the standard deviation of their logarithm: JPEGs of phones have 1 to 6 MB.
BYTES, SPREAD = 2_500_000, 0.6


class SimulatedPhoto(bytes):
    """Hold a few bytes that identify a photo, and say that they are as many as a real one has.

    A million real ones would not fit into memory.
    """

    claimed: int

    def __len__(self) -> int:
        """Return the bytes of the real photo."""
        return self.claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMail:
    """Hold the photos of a mail."""

    sender: str
    jobs: Sequence[StyleJob]


class Gallery:
    """Resolve the styles of a simulated registry."""

    def __init__(self) -> None:
        names = [f"s{rank}" for rank in range(1, STYLES + 1)]
        self.styles = {name: _style(name, rank) for rank, name in enumerate(names, 1)}
        #: Digest of the base of each style, by its digest.
        self.bases = {style.digest: style.base for style in self.styles.values()}
        #: What `live` returns, kept as the real resolver does: a sheet looks at all of them.
        self._live = [StyleSummary(name=name, title=name, aliases={"live": 1}) for name in names]

    async def resolve(self, name: str) -> ResolvedStyle:
        """See `Resolver`."""
        return self.styles[name]

    async def live(self) -> list[StyleSummary]:
        """See `Resolver`."""
        return self._live

    async def summaries(self, names: Sequence[str]) -> Sequence[StyleSummary]:
        """See `Resolver`."""
        return [style for style in self._live if style.name in names]


class Workload:
    """Draw mails; the same seed draws the same ones."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._numbers = itertools.count()
        self._styles = [f"s{rank}" for rank in range(1, STYLES + 1)]
        shared = [rank for rank in range(1, STYLES + 1) if rank % OWN_NETWORK]
        self._weights = list(itertools.accumulate(rank**-ZIPF for rank in range(1, STYLES + 1)))
        self._blendable = [f"s{rank}" for rank in shared]
        self._shared = list(itertools.accumulate(rank**-ZIPF for rank in shared))

    def mail(self, sender: str) -> SimulatedMail:
        """Draw a mail of a sender."""
        dice = self._dice
        photos = dice.choices(list(PHOTOS), list(PHOTOS.values()))[0]
        size = dice.choices(list(SIZES), list(SIZES.values()))[0]
        kind = dice.random()
        style, sheet = self._style(kind)
        options = StyleOptions(size=min(size, 512) if sheet else size)
        ids = [f"{next(self._numbers)}" for _ in range(photos)]
        jobs = [
            StyleJob(id=id, style=style, image=self._photo(id), options=options, sender=sender, sheet=sheet)
            for id in ids
        ]
        return SimulatedMail(sender=sender, jobs=jobs)

    def _photo(self, id: str) -> bytes:
        photo = SimulatedPhoto(id.encode())
        photo.claimed = round(self._dice.lognormvariate(0.0, SPREAD) * BYTES)
        return photo

    def _style(self, kind: float) -> tuple[str, bool]:
        """Return the style of a mail, or "" for a sheet; `kind` is drawn from 0 to 1."""
        if kind < SHEETS:
            return "", True
        if kind < SHEETS + BLENDS:
            first, second = self._dice.choices(self._blendable, cum_weights=self._shared, k=2)
            return (first if first == second else f"{first}:0.5,{second}:0.5"), False
        return self._dice.choices(self._styles, cum_weights=self._weights)[0], False


def _style(name: str, rank: int) -> ResolvedStyle:
    digest = f"sha256:{name}"
    return ResolvedStyle(
        name=name,
        version=1,
        digest=digest,
        base="sha256:base" if rank % OWN_NETWORK else digest,
        format="safetensors",
        architecture="style-unet",
        bytes=1,
    )
