"""What a training run is told, and what it tells.

Recipe     how it trains
Painting   what it learns from
Progress   how far it is
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from torch import Tensor

from styles.formats.architecture import STRIDE
from styles.training.losses import Weights

#: Up to this share of the budget crops have three quarters of their side: they cost half as much, and the
#: palette does not need more.
SMALL_CROPS_UNTIL = 0.4
#: Steps in which the rate rises to its full height.
WARM_UP_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a run trains; the defaults are those of the shipped styles, but for their hours."""

    minutes: float = 120.0
    steps: int | None = None  # instead of minutes
    batch: int = 4
    crop: int = 256  # side of the crops, pixels; the outer 16 are seen and not compared
    photo_scale: tuple[float, float] = (0.64, 1.4)
    rate: float = 2e-3
    row_rate: float = 4e-3
    final_rate: float = 0.01  # of the rate, at the end of the cosine
    seed: int = 1
    learn: bool = False  # fit the rows only, on a base that stays as it is
    weights: Weights = Weights()

    def progress(self, steps: int, seconds: float) -> float:
        """Share of the budget that is used, 0..1."""
        if self.steps is not None:
            return min(1.0, steps / self.steps)
        return min(1.0, seconds / (60 * self.minutes))

    def crop_at(self, share: float) -> int:
        """Side of the crops at a share of the budget, pixels: a multiple of `STRIDE`."""
        side = self.crop if share >= SMALL_CROPS_UNTIL else self.crop * 3 // 4
        return side // STRIDE * STRIDE

    def rate_factor(self, step: int, share: float) -> float:
        """What the rates are multiplied by: a cosine from 1 to `final_rate`, after a short warm-up."""
        factor = self.final_rate + (1 - self.final_rate) * (1 + math.cos(math.pi * share)) / 2
        return factor * min(1.0, (step + 1) / WARM_UP_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """A painting to learn from, (1, 3, H, W) in 0..1, and how much its style counts against content."""

    picture: Tensor
    weight: float = 1.0


@dataclass(slots=True)
class Progress:
    """What a run can tell at any step."""

    step: int = 0
    seconds: float = 0.0
    share: float = 0.0
    dropped: int = 0
    losses: dict[str, float] = field(default_factory=dict)
    doing: str = "training"  # then "measuring" and "writing"

    @property
    def kept(self) -> dict[str, float]:
        """What a run that goes on needs of it."""
        return {"step": self.step, "seconds": self.seconds, "share": self.share, "dropped": self.dropped}

    @property
    def seconds_left(self) -> float:
        """Estimated from the share used so far; infinite before the first step."""
        return self.seconds * (1 - self.share) / self.share if self.share else math.inf
