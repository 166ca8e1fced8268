"""What "painted in this style" means, as a number: perceptual losses on a fixed VGG16.

Content is the distance of deep features (Johnson et al. 2016, arXiv:1603.08155), style the distance of
their Gram matrices (Gatys et al. 2016). Both are divided by the size of what they are compared with,
so that one weight fits every painting to within a factor of two or three. Style is measured at full
and at half size: the half-size copy is what makes large strokes worth painting. The palette is
the distribution of the colours, of small squares: without it the features, which hardly see
contrast, left every picture under a grey veil.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from styles.errors import FeaturesUnavailable

#: ImageNet statistics, the input normalisation of torchvision's VGG16.
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
#: VGG16 up to relu4_3, as torchvision numbers it: output channels, or 0 for a 2x2 max pooling.
PLAN = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512)
#: Index into the ReLUs of those that the losses look at: relu1_2, relu2_2, relu3_3, relu4_3.
TAPS = (1, 3, 6, 9)
#: The palette is compared on means of squares of these sides, pixels.
PALETTE_SQUARES = (2, 8)
#: Directions in RGB along which palettes are compared: the axes, their sums and differences.
DIRECTIONS = (
    *((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0)),
    *((1.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0)),
    *((1.0, -1.0, 0.0), (1.0, 0.0, -1.0), (0.0, 1.0, -1.0)),
    *((1.0, 1.0, -1.0), (1.0, -1.0, 1.0), (-1.0, 1.0, 1.0)),
)
#: Numbers that a sorted palette is kept as.
QUANTILES = 256
#: Least variance of a painting's colours that a palette loss is divided by: a flat one has none. That of
#: real paintings is 0.012 to 0.070.
LEAST_VARIANCE = 1e-4
#: Of the taps, the one that content is compared at: relu3_3.
CONTENT_TAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each loss counts. Found by trying: see docs/styles.md."""

    content: float = 1.4
    style: float = 1.2
    coarse: float = 0.8  # of the style weight, for the half-size copy
    palette: float = 1.0
    light: float = 1.0
    variation: float = 5.0
    grid: float = 30.0


class Features(nn.Module):
    """A frozen VGG16 that gives the activations at `TAPS`."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in PLAN:
            if width:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            else:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False).eval()

    def forward(self, image: Tensor, taps: int = len(TAPS)) -> list[Tensor]:
        """image (B, 3, H, W) in 0..1  ->  the first `taps` activations, each (B, C, h, w)."""
        return list(self._walk((image - self.mean) / self.std, taps))

    def _walk(self, x: Tensor, taps: int) -> Iterator[Tensor]:
        relu = -1
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                relu += 1
                if relu in TAPS[:taps]:
                    yield x
                if relu == TAPS[taps - 1]:
                    return


def load_features(file: Path | None) -> Features:
    """VGG16 from a safetensors file with torchvision's key names, or torchvision's own download.

    Raises `FeaturesUnavailable` when neither can be read.
    """
    network = Features()
    try:
        state = load_file(file) if file else _download()
        wanted = {name: state[name].float() for name in network.state_dict()}
        network.load_state_dict(wanted)
    except (OSError, KeyError, RuntimeError, SafetensorError) as error:
        raise FeaturesUnavailable(str(file or "torchvision's VGG16"), str(error)) from error
    return network


def _download() -> dict[str, Tensor]:
    from torchvision.models import VGG16_Weights

    state: dict[str, Tensor] = VGG16_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
    return state


def gram(activation: Tensor) -> Tensor:
    """(B, C, h, w) -> (B, C, C) in float32, divided by h*w so that the size does not matter.

    The product is made in the activation's own type, over pixels in rows: in bfloat16 its gradient is
    off by 0.2 %, and a pass through the features with its gradient takes 0.20 s and not 0.36 s
    (two 256-pixel crops, two cores).
    """
    pixels = activation.permute(0, 2, 3, 1).flatten(1, 2)  # (B, h*w, C), a view of channels last
    return (pixels.transpose(1, 2) @ pixels).float() / pixels.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one painting asks for: Gram matrices (C, C) at full and at half size, and its palette.

    The palette is the distribution of its colours along `DIRECTIONS`, (D, QUANTILES), of small and
    of larger squares. `weight` multiplies the two style losses, not that of the palette.
    """

    full: list[Tensor]
    half: list[Tensor]
    palette: list[Tensor]
    weight: float = 1.0


def painting_target(features: Features, painting: Tensor, weight: float = 1.0) -> Target:
    """The style of a painting (1, 3, H, W) in 0..1."""
    with torch.no_grad():
        return Target(
            full=[gram(a)[0] for a in features(painting)],
            half=[gram(a)[0] for a in features(halve(painting))],
            palette=[p[0] for p in palette(painting.float())],
            weight=weight,
        )


def palette(image: Tensor) -> list[Tensor]:
    """The colours of (B, 3, H, W), sorted along each of D directions: (B, D, QUANTILES), twice.

    Of the means of small and of larger squares. Single pixels would be four times the sorting; taking every
    second one instead taught the network to put the palette there, and a grid between.
    """
    directions = torch.tensor(DIRECTIONS, device=image.device)
    directions = directions / directions.norm(dim=1, keepdim=True)
    sorted_colours = []
    for square in PALETTE_SQUARES:
        colours = F.avg_pool2d(image, square)
        along = torch.einsum("dc,bcn->bdn", directions, colours.flatten(2))
        sorted_colours.append(F.adaptive_avg_pool1d(along.sort(dim=2).values, QUANTILES))
    return sorted_colours


def halve(image: Tensor) -> Tensor:
    """(B, C, H, W) -> (B, C, H/2, W/2), by the mean of 2x2 pixels."""
    return F.avg_pool2d(image, 2)


def style_loss(activations: list[Tensor], grams: list[list[Tensor]], weights: Tensor) -> Tensor:
    """The summed relative Gram distance; grams[i] and weights[i] belong to image i of the batch."""
    total = activations[0].new_zeros((), dtype=torch.float32)
    for level, activation in enumerate(activations):
        wanted = torch.stack([levels[level] for levels in grams])
        difference = (gram(activation) - wanted).square().mean(dim=(1, 2))
        total = total + (weights * difference / wanted.square().mean(dim=(1, 2))).mean()
    return total


def palette_loss(painted: Tensor, targets: Sequence[Target]) -> Tensor:
    """How far the colours of (B, 3, H, W) are from the paintings': the sliced Wasserstein distance.

    Squared, over the variance of the painting's colours (Rabin et al. 2011). Mean and covariance, tried
    before, let the few bright yellows of a dark painting get lost.
    """
    total = painted.new_zeros(())
    for level, colours in enumerate(palette(painted.float())):
        wanted = torch.stack([target.palette[level] for target in targets])
        distance = (colours - wanted).square().mean(dim=(1, 2))
        total = total + (distance / wanted.var(dim=2).mean(dim=1).clamp(min=LEAST_VARIANCE)).mean()
    return total


def content_loss(painted: Tensor, photo: Tensor) -> Tensor:
    """Distance of two activations (B, C, h, w), relative to the size of the photo's."""
    a, b = painted.float(), photo.float()
    return F.mse_loss(a, b) / b.square().mean()
