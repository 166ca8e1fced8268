"""Compare pictures by a fixed VGG16: content, style and palette.

Content is the distance of deep features (Johnson et al. 2016, arXiv:1603.08155). Style is the distance of
their Gram matrices (Gatys et al. 2016). Both are divided by the size of what they are compared with, so that
one weight fits every painting to within a factor of two or three. The palette is the distribution of the
colours of small squares: the features hardly see contrast, and without it every picture lay under a grey
veil.

`objective.py` says at which sizes they are compared and how much each counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from pickle import UnpicklingError
from typing import BinaryIO

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load, load_file
from torch import Tensor, nn

from styles.errors import FeaturesUnavailable

#: ImageNet statistics, the input normalisation of torchvision's VGG16.
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
#: Channels of VGG16's convolutions up to relu4_3; 0 is a pooling.
CHANNELS = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512)
#: Index into the ReLUs of those that the losses look at: relu1_2, relu2_2, relu3_3, relu4_3.
TAPS = (1, 3, 6, 9)
#: Sides of the squares whose mean colours make the palette, pixels: of a stroke, of a form, and of an area.
#: Without the last, dark and even parts of a photo came out as black holes.
PALETTE_SQUARES = (4, 16, 64)
#: Directions in RGB along which palettes are compared: the axes, their sums and differences.
DIRECTIONS = (
    *((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0)),
    *((1.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0)),
    *((1.0, -1.0, 0.0), (1.0, 0.0, -1.0), (0.0, 1.0, -1.0)),
    *((1.0, 1.0, -1.0), (1.0, -1.0, 1.0), (-1.0, 1.0, 1.0)),
)
#: Directions across grey, along which tints are compared: a half-turn in steps of 22.5 degrees.
TINT_DIRECTIONS = tuple(
    tuple(
        math.cos(angle) * red_green + math.sin(angle) * yellow_blue
        for red_green, yellow_blue in ((0.5**0.5, 6**-0.5), (-(0.5**0.5), 6**-0.5), (0.0, -2 * 6**-0.5))
    )
    for angle in (math.pi * step / 8 for step in range(8))
)
#: Numbers that a sorted palette is kept as.
QUANTILES = 256
#: Least variance of a painting's colours that a palette loss is divided by: a flat painting has none. That of
#: real paintings is 0.012 to 0.070.
LEAST_VARIANCE = 1e-4
#: The same for tints along one direction: those of a pencil drawing are noise.
LEAST_TINT_VARIANCE = 3e-4
#: Least mean square of a photo's features that a content loss is divided by: those of a black photo have
#: none.
LEAST_SIGNAL = 1e-2


class Features(nn.Module):
    """Give the activations of a frozen VGG16 at `TAPS`."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(*_layers())
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False).eval()

    def forward(self, image: Tensor, taps: int = len(TAPS)) -> list[Tensor]:
        """image (B, 3, H, W) in 0..1  ->  the first `taps` activations (B, C, h, w), in the weights' type."""
        weights: nn.Parameter = self.features.get_parameter("0.weight")
        normal = (image.float() - self.mean) / self.std
        return list(self._walk(normal.to(weights.dtype, memory_format=torch.channels_last), taps))

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


def _layers() -> Iterator[nn.Module]:
    """Yield the layers as torchvision numbers them. Its import takes seconds, and a folder to write to."""
    channels = 3
    for wanted in CHANNELS:
        if not wanted:
            yield nn.MaxPool2d(2)
            continue
        yield nn.Conv2d(channels, wanted, 3, padding=1)
        yield nn.ReLU(inplace=True)
        channels = wanted


def load_features(file: Path | BinaryIO | None) -> Features:
    """Load VGG16 from a safetensors file with torchvision's key names, or from torchvision's own download.

    An opened file may be either of the two; torchvision's is read as tensors alone. Raises
    `FeaturesUnavailable` when none can be read.
    """
    network = Features()
    try:
        state = _state(file)
        wanted = {name: state[name].float() for name in network.state_dict()}
        network.load_state_dict(wanted)
    except (OSError, KeyError, RuntimeError, SafetensorError, UnpicklingError, EOFError) as error:
        raise FeaturesUnavailable(str(file or "torchvision's VGG16"), str(error)) from error
    return network


def _state(file: Path | BinaryIO | None) -> Mapping[str, Tensor]:
    if file is None:
        from torchvision.models import vgg

        published: Mapping[str, Tensor]
        published = vgg.VGG16_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
        return published
    if isinstance(file, Path):
        return load_file(file)
    start = file.read(9)
    file.seek(0)
    if start[8:] == b"{":  # a length of eight bytes, and a header in JSON
        return load(file.read())
    tensors: Mapping[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return tensors


def gram(activation: Tensor) -> Tensor:
    """Return the Gram matrices (B, C, C) of (B, C, h, w) in float32, divided by h*w: the size does not count.

    The product is made in the activation's own type, over pixels in rows. In bfloat16 its gradient is off by
    0.2 %. A pass through the features with its gradient takes 0.20 s, and in float32 0.36 s (two crops of 256
    pixels, two cores).
    """
    pixels = activation.permute(0, 2, 3, 1).flatten(1, 2)  # (B, h*w, C), a view of channels last
    return (pixels.transpose(1, 2) @ pixels).float() / pixels.shape[1]


def style_loss(activations: Sequence[Tensor], grams: Sequence[Sequence[Tensor]], counts: Tensor) -> Tensor:
    """Sum the relative Gram distances; grams[i] and counts[i] belong to image i of the batch."""
    total = activations[0].new_zeros((), dtype=torch.float32)
    for level, activation in enumerate(activations):
        wanted = torch.stack([levels[level] for levels in grams])
        difference = (gram(activation) - wanted).square().mean(dim=(1, 2))
        total = total + (counts * difference / wanted.square().mean(dim=(1, 2))).mean()
    return total


def palette(image: Tensor, along: Sequence[Sequence[float]] = DIRECTIONS) -> list[Tensor]:
    """Sort the colours of (B, 3, H, W) along D directions: (B, D, QUANTILES), for each size of squares.

    Means of squares are taken. Single pixels would be 16 times the sorting; taking every fourth pixel instead
    teaches the network to put the palette there, and a grid between.
    """
    directions = torch.tensor(along, device=image.device)
    directions = directions / directions.norm(dim=1, keepdim=True)
    sorted_colours = []
    for square in PALETTE_SQUARES:
        colours = F.avg_pool2d(image, min(square, *image.shape[2:]))
        places = torch.einsum("dc,bcn->bdn", directions, colours.flatten(2))
        sorted_colours.append(F.adaptive_avg_pool1d(places.sort(dim=2).values, QUANTILES))
    return sorted_colours


def palette_loss(painted: Tensor, palettes: Sequence[Sequence[Tensor]]) -> Tensor:
    """Measure how far the colours of (B, 3, H, W) are from the paintings': the sliced Wasserstein distance.

    Squared, over the variance of the painting's colours (Rabin et al. 2011). Mean and covariance, tried
    before, let the few bright yellows of a dark painting get lost. palettes[i] belongs to image i.
    """
    total = painted.new_zeros((), dtype=torch.float32)
    for level, colours in enumerate(palette(painted.float())):
        wanted = torch.stack([levels[level] for levels in palettes])
        distance = (colours - wanted).square().mean(dim=(1, 2))
        total = total + (distance / wanted.var(dim=2).mean(dim=1).clamp(min=LEAST_VARIANCE)).mean()
    return total


def tint_loss(painted: Tensor, tints: Sequence[Sequence[Tensor]]) -> Tensor:
    """Measure how far the tints of (B, 3, H, W) are from the paintings': `palette_loss` across grey.

    Each direction is over its own variance. Light varies five to twenty times as much as tints do, so the
    palette hardly saw them: one colour was painted for each light, and of a painting's reds and blues of one
    light the red alone.
    """
    total = painted.new_zeros((), dtype=torch.float32)
    for level, colours in enumerate(palette(painted.float(), TINT_DIRECTIONS)):
        wanted = torch.stack([levels[level] for levels in tints])
        distance = (colours - wanted).square().mean(dim=2)
        total = total + (distance / wanted.var(dim=2).clamp(min=LEAST_TINT_VARIANCE)).mean()
    return total


def content_loss(painted: Tensor, photo: Tensor) -> Tensor:
    """Measure the distance of two activations (B, C, h, w), relative to the size of the photo's."""
    a, b = painted.float(), photo.float()
    size = b.square().mean(dim=(1, 2, 3)).clamp(min=LEAST_SIGNAL)
    return ((a - b).square().mean(dim=(1, 2, 3)) / size).mean()
