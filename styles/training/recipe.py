"""Define the values of a training run: its recipe, its paintings, its progress."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from torch import Tensor

from styles.formats.architecture import STRIDE
from styles.imaging.codec import Pixels
from styles.imaging.underpainting import kept_of
from styles.training.objective import PIECE, LossWeights

#: Steps in which the rate rises to its full height.
WARM_UP_STEPS = 50
#: Adam's rate for a row on a base that stays as it is, and the steps in which it rises: Adam alone needs few.
LEARN_RATE, LEARN_WARM_UP_STEPS = 1e-2, 10
#: Weights of the losses for a row. A row cannot paint other forms than its base, and laid the painting's dark
#: colours as blots over even skies. So content counts more, and the palette less.
LEARN_WEIGHTS = LossWeights(content=1.6, style=0.6, fine=0.4, palette=0.5, light=1.0, edges=0.5, hue=0.0)
#: Side of the crops for a network, pixels; what is 200 wide in a painting must fit.
TRAIN_CROP = 512
#: Side of the crops for a row, pixels, which are compared whole. Of pieces each must have the whole painting,
#: and those of a sky got its dark parts, too.
LEARN_CROP = 384
#: Steps before which a row is not worth its name.
LEARN_LEAST_STEPS = 30
#: A row is learnt from the painting as it is: with more contrast, skies got dark blots.
LEARN_VIVIDNESS = {"contrast": 1.0, "saturation": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Hold how a run trains; the defaults are those of the shipped styles, but for their hours."""

    minutes: float = 120.0
    steps: int | None = None  #: instead of minutes
    least_steps: int = 0  #: that are taken although the minutes are over
    batch: int = 1  #: photos a step: more steps teach more than larger ones
    crop: int = TRAIN_CROP  #: side of the crops, pixels
    piece: int = PIECE  #: side of the pieces of crops that are compared, pixels
    photo_scale: tuple[float, float] = (1.0, 1.45)  #: of `dataset.PHOTO_SIDE`: a crop shows most of a photo
    rate: float = 0.005  #: of Muon: share of a weight's norm
    row_rate: float = 8e-4  #: of Adam: rows and last layer
    final_rate: float = 0.01  #: of the rates, at the end of the cosine
    seed: int = 1
    learn: bool = False  #: fit the rows only, on a base that stays as it is
    weights: LossWeights = LossWeights()

    @property
    def side(self) -> int:
        """Return the side of the crops, pixels: a multiple of `STRIDE`."""
        return self.crop // STRIDE * STRIDE

    def progress(self, steps: int, seconds: float, reserve: float = 0.0) -> float:
        """Return the share of the budget that is used, 0..1; `reserve` is kept for the end, seconds."""
        if self.steps is not None:
            return min(1.0, steps / self.steps)
        budget = 60 * self.minutes - reserve
        share = min(1.0, seconds / budget) if budget > 0 else 1.0
        return min(share, steps / self.least_steps) if self.least_steps else share

    def rate_factor(self, step: int, share: float) -> float:
        """Return the factor of the rates: a cosine from 1 to `final_rate`, after a short warm-up."""
        factor = self.final_rate + (1 - self.final_rate) * (1 + math.cos(math.pi * share)) / 2
        return factor * min(1.0, (step + 1) / (LEARN_WARM_UP_STEPS if self.learn else WARM_UP_STEPS))

    def weighed(self, paintings: Sequence[Painting]) -> Recipe:
        """Return the recipe, for one painting alone with the weights of the losses that are said for it."""
        if self.learn or len(paintings) > 1:
            return self
        return replace(self, weights=replace(self.weights, **paintings[0].losses))


def learning_recipe(crop: int | None = None, **chosen: Any) -> Recipe:
    """Return how a row is learnt on a base that stays as it is, wherever it is learnt.

    `crop` is another side of the crops, pixels; `chosen` are other fields of the recipe.
    """
    crop = crop or LEARN_CROP
    usual = Recipe(learn=True, row_rate=LEARN_RATE, weights=LEARN_WEIGHTS, crop=crop, piece=crop)
    return replace(usual, least_steps=LEARN_LEAST_STEPS, **chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """Hold a painting to learn from, and how much its style counts against content."""

    picture: Tensor  #: (1, 3, H, W) in 0..1
    weight: float = 1.0
    forms: Sequence[float] = (0.0, 0.0, 1.0, 1.0)  #: the part of it that the underpainting is made of
    patch: float | None = None  #: side of the pieces of that, in parts of its short side: see `kept_of`
    underpainting: Pixels | None = None  #: one that was made of it before
    losses: Mapping[str, float] = field(default_factory=dict)  #: weights of those that differ, trained alone

    def kept_underpainting(self) -> Pixels:
        """Make its underpainting, as a style file keeps it: see `styles/imaging/underpainting.py`.

        That takes 4 to 5 s, so a pack for another machine brings it along.
        """
        if self.underpainting is not None:
            return self.underpainting
        height, width = self.picture.shape[2:]
        sides = zip(self.forms, (width, height, width, height), strict=True)
        left, top, right, bottom = (round(part * side) for part, side in sides)
        pixels = (self.picture[0, :, top:bottom, left:right] * 255).round().byte()
        return kept_of(np.ascontiguousarray(pixels.permute(1, 2, 0).cpu().numpy()), self.patch)


@dataclass(slots=True)
class Progress:
    """Hold how far a run is."""

    step: int = 0
    seconds: float = 0.0  #: of all phases, in all runs
    share: float = 0.0
    dropped: int = 0
    crop: int = 0  #: side of the crops in use, pixels
    reserve: float = 0.0  #: seconds kept for measuring and writing
    photos: int | None = None  #: held-out photos that the budget has time to measure; None: all
    losses: dict[str, float] = field(default_factory=dict)
    doing: str = "training"  #: or another of the phases in `run.py`

    @property
    def kept(self) -> dict[str, Any]:
        """Return the values that a later run goes on with."""
        facts = asdict(self)
        del facts["losses"], facts["doing"]
        return facts

    @property
    def seconds_left(self) -> float:
        """Estimate from the share used so far, with measuring and writing; infinite before the first step."""
        return self.seconds * (1 - self.share) / self.share + self.reserve if self.share else math.inf
