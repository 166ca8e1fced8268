"""Define "this photo, painted like that painting" as a number that training and `styles optimize` lower.

Style, content and palette are compared at half the size of the picture, on a random piece of 320 pixels, by
relu1_2 to relu4_3. VGG16's deepest layer here sees about 100 pixels, and a form of a painting is 200 wide.
Other sizes were tried:

- At a quarter of the size, pictures got dark and yellow masses without strokes.
- At full size, on a piece of 128 pixels, by all taps, every piece has to be an even mixture of the whole
  painting. Optimised pixels showed these pieces as squares of another colour.
- On a piece of 384 pixels, nearly the whole crop, it was enough to paint the sky in the painting's light
  colours and the houses in its dark ones. With 256, forms of one size lay all over an even sky.

Half the size does not show how sharp a picture is. So the first two taps compare style at full size as well,
which is called fine. Light is compared in squares of 8 pixels, and in squares of 2 for edges: without that
antennas were lost and houses had no windows. Hue is compared as light is, in squares of 8 pixels.

The photo has forms of the painting in it, faintly: see `styles/imaging/underpainting.py`. So they are
content, and a sky loses nothing when it becomes swirls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.training.losses import (
    TINT_DIRECTIONS,
    Features,
    content_loss,
    gram,
    palette,
    palette_loss,
    style_loss,
    tint_loss,
)
from styles.training.pixel_losses import (
    EDGE_SQUARE,
    grid_loss,
    hue_loss,
    light_loss,
    saturation_loss,
    variation_loss,
)

#: Pixels on each side of a picture that network and features see but that are not compared. The features pad
#: with zeros, and what comes out best beside zeros is a frame: compared up to the border, the network painted
#: one.
UNCOMPARED = 16
#: Side of the random piece that is compared, pixels of the full size. Each should have all of the painting.
PIECE = 320
#: Pixels at which a piece may begin: the step of relu3_3 at half size, so that content falls on the photo's
#: squares of detail.
PIECE_STEP = 16
#: Reduction of the picture for the features.
REDUCTION = 2
#: Side of the piece within that one on which fine style is compared at full size, pixels. Then how many of
#: the first taps see it: they see 14 pixels, a stroke's edge.
FINE_PIECE, FINE_TAPS = 192, 2
#: Size of the painting for fine style, in parts of that at which it is learnt: most pictures of paintings are
#: no sharper than that.
FINE_SHARE = 0.6
#: Of the taps, the one that content is compared at: relu3_3.
CONTENT_TAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LossWeights:
    """Say how much each loss counts. Found by trying: see docs/styles.md."""

    content: float = 1.0
    style: float = 1.0
    fine: float = 0.4
    palette: float = 0.8
    tints: float = 1.0
    light: float = 0.8
    edges: float = 0.3
    hue: float = 0.3
    variation: float = 0.7
    grid: float = 30.0
    saturation: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Hold what one painting asks for: a Gram matrix (C, C) for each tap, its palette and its tints.

    These have (D, QUANTILES) for each size of squares. `weight` multiplies style and nothing else.
    """

    grams: list[Tensor]
    fine: list[Tensor]
    palette: list[Tensor]
    tints: list[Tensor]
    weight: float = 1.0


class Objective:
    """Compute the losses of painted pictures against their photos (content) and paintings (style)."""

    def __init__(
        self,
        features: Features,
        weights: LossWeights | None = None,
        *,
        device: torch.device | str = "cpu",
        type: torch.dtype = torch.float32,
        piece: int = PIECE,
    ) -> None:
        """Put `features` on the device, in `type`; channels last is a third faster on a CPU."""
        self.features = features.to(device=device)
        self.features.features.to(dtype=type, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.weights = weights or LossWeights()
        self.device = torch.device(device)
        self.piece = piece

    def target(self, painting: Tensor, weight: float = 1.0) -> Target:
        """Look at a painting (1, 3, H, W) in 0..1."""
        painting = painting.to(self.device)
        with torch.no_grad():
            grams = [gram(a)[0] for a in self.features(reduced(painting))]
            small = F.interpolate(painting, scale_factor=FINE_SHARE, mode="bicubic", antialias=True)
            fine = [gram(a)[0] for a in self.features(small.clamp(0, 1), FINE_TAPS)]
            colours = [p[0] for p in palette(painting.float())]
            tints = [p[0] for p in palette(painting.float(), TINT_DIRECTIONS)]
        return Target(grams=grams, fine=fine, palette=colours, tints=tints, weight=weight)

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

        targets[i] belongs to image i; `random` places the piece. `alike`: every painting's weight is taken to
        be 1.
        """
        inner, inner_photo = _inner(painted), _inner(photo)
        counts = torch.tensor([1.0 if alike else t.weight for t in targets], device=self.device)
        top, left, height, width = random_piece(random, painted, self.piece, PIECE_STEP)
        piece, original = (x[:, :, top : top + height, left : left + width] for x in (painted, photo))
        style, content = self._seen(piece, original, targets, counts)
        losses = {
            "style": style,
            "fine": self._fine(painted, targets, counts, random),
            "content": content,
            "palette": palette_loss(_inner(piece), [t.palette for t in targets]),
            "tints": tint_loss(_inner(piece), [t.tints for t in targets]),
            "light": light_loss(inner, inner_photo),
            "edges": light_loss(inner, inner_photo, EDGE_SQUARE),
            "hue": hue_loss(inner, inner_photo),
            "variation": variation_loss(inner),
            "grid": grid_loss(inner),
            "saturation": saturation_loss(inner),
        }
        weighted = [getattr(self.weights, name) * loss for name, loss in losses.items()]
        return {"total": torch.stack(weighted).sum(), **losses}

    def _seen(
        self, painted: Tensor, photo: Tensor, targets: Sequence[Target], counts: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Compare style and content of pieces (B, 3, h, w), as the features see them."""
        margin = UNCOMPARED // REDUCTION
        seen = _inner_of(self.features(reduced(painted)), margin)
        with torch.no_grad():
            features = self.features(reduced(photo), CONTENT_TAP + 1)
            wanted = _inner_of(features, margin)[CONTENT_TAP]
        style = style_loss(seen, [t.grams for t in targets], counts)
        return style, content_loss(seen[CONTENT_TAP], wanted)

    def _fine(
        self, painted: Tensor, targets: Sequence[Target], counts: Tensor, random: np.random.Generator
    ) -> Tensor:
        """Compare style at full size, as the first taps see it."""
        top, left, height, width = random_piece(random, painted, FINE_PIECE)
        seen = self.features(painted[:, :, top : top + height, left : left + width], FINE_TAPS)
        return style_loss(_inner_of(seen, UNCOMPARED), [t.fine for t in targets], counts)


def reduced(image: Tensor) -> Tensor:
    """Reduce an image (B, C, H, W) by `REDUCTION`, by averaging blocks of pixels."""
    return F.avg_pool2d(image, REDUCTION)


def random_piece(
    random: np.random.Generator, image: Tensor, side: int, step: int = 1
) -> tuple[int, int, int, int]:
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
