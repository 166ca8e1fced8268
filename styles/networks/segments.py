"""The network cut at its instance norms, so that a large picture can be painted strip by strip.

A *segment* is what lies between two norms. Its inputs have been seen in whole by the segment before, so the
norms within it are known: a gain and an offset for each channel.

    segment      reads     keeps    what it does
    stem         pixels             stem
    down         pixels    y        stem, norm, relu, down
    spatial.0    y         x, y     x = relu(norm(y)), spatial
    mix.K        y         y        norm, mix (widen, relu, narrow)
    spatial.K    x, y      x, y     x = x + norm(y), spatial
    up           x, y      x        x = x + norm(y), up
    head         x                  up, norm, relu, head
    out          x         pixels   up, norm, relu, head, norm, relu, out

x is the trunk and y what waits for its norm. They alone are kept, at a quarter of the size; what lies at
half the size is worked out again by each segment that needs it.

    Layers     the convolutions of an engine, from which `compose` makes segments
    Segments   the segments of an engine, ready to run, for `styles/inference/tiling.py`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import Shape

#: An array, tensor or graph node of an engine.
Tensor: TypeAlias = Any
Floats = npt.NDArray[np.float32]
#: What a norm is once its moments are known: gain and offset of each channel, (C,).
Affine: TypeAlias = tuple[Floats, Floats]
#: Mean and variance of each line, (rows of the trunk, lines of that size in a row, C).
Moments: TypeAlias = tuple[Floats, Floats]
#: Runs a segment on a strip: what it reads and its norms -> what it keeps, and the moments of what is
#: normed next. All that it reads and keeps has the rows of the trunk as its first axis.
Segment: TypeAlias = Callable[[Sequence[Tensor], Sequence[Affine]], tuple[Sequence[Tensor], Moments | None]]

#: Segments that read the photo's pixels; all others read the trunk.
READ_PIXELS = ("stem", "down")


class Layers(Protocol):
    """The convolutions of `styles/networks/stylenet.py` without their norms; bytes of pixels in and out."""

    def stem(self, pixels: Tensor) -> Tensor:
        """(B, H, W, 3) uint8 -> (B, stem, H/2, W/2)."""

    def down(self, x: Tensor) -> Tensor:
        """-> (B, body, H/4, W/4)."""

    def spatial(self, x: Tensor, block: int) -> Tensor:
        """The depthwise convolution of a block."""

    def mix(self, y: Tensor, block: int) -> Tensor:
        """Widen, relu and narrow of a block."""

    def up(self, x: Tensor) -> Tensor:
        """-> (B, head, H/2, W/2)."""

    def head(self, x: Tensor) -> Tensor:
        """-> the same shape."""

    def out(self, x: Tensor) -> Tensor:
        """-> (B, H, W, 3) uint8."""

    def relu(self, x: Tensor) -> Tensor:
        """Of any shape."""


class Segments(Protocol):
    """A network's segments on a device."""

    shape: Shape

    def buffer(self, height: int, width: int) -> Tensor:
        """Room for x or y, (height, body, width), in half precision where the device computes so too."""

    def segment(self, name: str) -> Segment:
        """The segment of that name; it holds memory for a strip's activations as long as it lives."""


def compose(
    name: str, layers: Layers, reads: Iterator[Tensor], norm: Callable[[Tensor], Tensor]
) -> tuple[list[Tensor], Tensor | None]:
    """What the segment keeps, and what is normed after it; `norm` applies the next of its norms."""
    kind, _, number = name.partition(".")
    block, x = int(number or 0), next(reads)
    kept: list[Tensor] = []
    normed: Tensor | None = None
    match kind:
        case "stem":
            normed = layers.stem(x)
        case "down":
            normed = layers.down(layers.relu(norm(layers.stem(x))))
            kept = [normed]
        case "mix":
            normed = layers.mix(norm(x), block)
            kept = [normed]
        case "spatial":
            x = x + norm(next(reads)) if block else layers.relu(norm(x))
            normed = layers.spatial(x, block)
            kept = [x, normed]
        case "up":
            x = x + norm(next(reads))
            normed = layers.up(x)
            kept = [x]
        case "head":
            normed = layers.head(layers.relu(norm(layers.up(x))))
        case "out":
            x = layers.head(layers.relu(norm(layers.up(x))))
            kept = [layers.out(layers.relu(norm(x)))]
    return kept, normed
