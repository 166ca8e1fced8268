"""Define "this photo, painted like that painting" as a number that training and `styles optimize` lower.

Style is compared at two sizes of the picture, since VGG16's deepest layer here sees about 100 pixels and a
form of a painting is 200 wide:

    full   relu1_2 and relu2_2, on a random piece of 128 pixels    the grain of a stroke
    half   relu1_2 to relu4_3, on a random piece of 384 pixels     strokes, swirls, waves, facets

At a quarter of the size the deepest layer sees 400 pixels. Compared there, pictures got dark and yellow
masses without strokes. At half size alone, discs and strokes came after 1,000 steps.

Content is compared at half the size, on the piece that style is compared on there; see `pixel_losses.detail`
for where it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.training.losses import Features, content_loss, gram, palette, palette_loss, style_loss
from styles.training.pixel_losses import DETAIL_SQUARE, detail, grid_loss, light_loss, variation_loss

#: Pixels on each side of a picture that network and features see but that are not compared. The features pad
#: with zeros, and what comes out best beside zeros is a frame: compared up to the border, the network painted
#: one.
UNCOMPARED = 16
#: Sides of the random pieces at full and at half size, pixels of the full size: what a step can afford.
FULL_PIECE, HALF_PIECE = 128, 384
#: Pixels at which a piece for half size may begin: the step of relu3_3 there, so that content falls on the
#: photo's squares of detail.
PIECE_STEP = 16
#: Reductions of the picture, each with the number of taps that are looked at there.
SCALES = {1: 2, 2: 4}
#: Of the taps, the one that content is compared at: relu3_3.
CONTENT_TAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Say how much each loss counts. Found by trying: see docs/styles.md."""

    content: float = 1.0
    full: float = 0.3  #: style at full size
    half: float = 1.0  #: style at half size
    palette: float = 1.5
    light: float = 0.5
    variation: float = 1.0
    grid: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Hold what one painting asks for: Gram matrices (C, C) by reduction, and its palette.

    The palette has (D, QUANTILES) for each size of squares. `weight` multiplies style and nothing else,
    `grain` style at full size once more.
    """

    grams: dict[int, list[Tensor]]
    palette: list[Tensor]
    weight: float = 1.0
    grain: float = 1.0


class Objective:
    """Compute the losses of painted pictures against their photos (content) and paintings (style)."""

    def __init__(
        self,
        features: Features,
        weights: Weights | None = None,
        *,
        device: torch.device | str = "cpu",
        type: torch.dtype = torch.float32,
        full_piece: int = FULL_PIECE,
        half_piece: int = HALF_PIECE,
    ) -> None:
        """Put `features` on the device, in `type`; channels last is a third faster on a CPU."""
        self.features = features.to(device=device)
        self.features.features.to(dtype=type, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.weights = weights or Weights()
        self.device = torch.device(device)
        self.full_piece, self.half_piece = full_piece, half_piece

    def target(self, painting: Tensor, weight: float = 1.0, grain: float = 1.0) -> Target:
        """Look at a painting (1, 3, H, W) in 0..1."""
        painting = painting.to(self.device)
        with torch.no_grad():
            grams = {
                scale: [gram(a)[0] for a in self.features(reduce(painting, scale), taps)]
                for scale, taps in SCALES.items()
            }
            colours = [p[0] for p in palette(painting.float())]
        return Target(grams=grams, palette=colours, weight=weight, grain=grain)

    def losses(
        self,
        painted: Tensor,
        photo: Tensor,
        targets: Sequence[Target],
        random: np.random.Generator,
        *,
        alike: bool = False,
    ) -> dict[str, Tensor]:
        """Return the weighted total and its parts for pictures (B, 3, H, W), sides multiples of 16.

        targets[i] belongs to image i; `random` places the pieces. `style` is the sum of both sizes as they
        count. `alike`: every painting's weights are taken to be 1.
        """
        inner, inner_photo = _inner(painted), _inner(photo)
        counts = torch.tensor([1.0 if alike else t.weight for t in targets], device=self.device)
        grains = counts * torch.tensor([1.0 if alike else t.grain for t in targets], device=self.device)
        top, left, height, width = place(random, inner, self.full_piece)
        piece = inner[:, :, top : top + height, left : left + width]
        full = self._style(1, self.features(piece, SCALES[1]), targets, grains)
        half, content = self._half(painted, photo, targets, counts, random)
        colours = palette_loss(inner, [t.palette for t in targets])
        light, variation, grid = light_loss(inner, inner_photo), variation_loss(inner), grid_loss(inner)
        w = self.weights
        style = w.full * full + w.half * half
        scales = {"full": full, "half": half}
        rest = {"palette": colours, "light": light, "variation": variation, "grid": grid}
        total = style + w.content * content
        for name, loss in rest.items():
            total = total + getattr(w, name) * loss
        return {"total": total, "style": style, "content": content, **scales, **rest}

    def _half(
        self,
        painted: Tensor,
        photo: Tensor,
        targets: Sequence[Target],
        counts: Tensor,
        random: np.random.Generator,
    ) -> tuple[Tensor, Tensor]:
        """Compare style and content of one piece at half the size."""
        top, left, height, width = place(random, painted, self.half_piece, PIECE_STEP)
        rows, columns = slice(top, top + height), slice(left, left + width)
        margin = UNCOMPARED // 2
        seen = _inner_of(self.features(reduce(painted[:, :, rows, columns], 2), SCALES[2]), margin)
        with torch.no_grad():
            original = photo[:, :, rows, columns]
            features = self.features(reduce(original, 2), CONTENT_TAP + 1)
            wanted = _inner_of(features, margin)[CONTENT_TAP]
            cut = UNCOMPARED // DETAIL_SQUARE
            where = detail(original)[:, :, cut:-cut, cut:-cut]
        return self._style(2, seen, targets, counts), content_loss(seen[CONTENT_TAP], wanted, where)

    @staticmethod
    def _style(scale: int, seen: Sequence[Tensor], targets: Sequence[Target], counts: Tensor) -> Tensor:
        return style_loss(seen, [t.grams[scale] for t in targets], counts)


def reduce(image: Tensor, by: int) -> Tensor:
    """Reduce an image (B, C, H, W) to (B, C, H/by, W/by) by averaging blocks of pixels."""
    return F.avg_pool2d(image, by) if by > 1 else image


def place(random: np.random.Generator, image: Tensor, side: int, step: int = 1) -> tuple[int, int, int, int]:
    """Choose a random piece of (B, C, H, W), at most `side` long: top, left, height, width."""
    height, width = (min(side, length) for length in image.shape[2:])
    top = int(random.integers((image.shape[2] - height) // step + 1)) * step
    left = int(random.integers((image.shape[3] - width) // step + 1)) * step
    return top, left, height, width


def _inner(image: Tensor) -> Tensor:
    """Cut the margin off (B, C, H, W)."""
    return image[:, :, UNCOMPARED:-UNCOMPARED, UNCOMPARED:-UNCOMPARED]


def _inner_of(activations: Sequence[Tensor], margin: int) -> list[Tensor]:
    """Cut a margin, pixels of the first, off activations, each half as large as the one before."""
    cuts = [margin >> level for level in range(len(activations))]
    return [
        a[:, :, cut : a.shape[2] - cut, cut : a.shape[3] - cut]
        for a, cut in zip(activations, cuts, strict=True)
    ]
