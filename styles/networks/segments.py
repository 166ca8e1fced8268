"""Run the network from an engine's layers: whole, or cut at its norms into segments.

Segments paint a large image strip by strip. A *segment* lies between two norms. The segments before it have
seen its whole inputs, so the norms within it are known: a gain and an offset for each channel. A segment has
the name of its convolution.

    segment         reads       keeps       work
    stem            pixels      x4          convolve
    down8           x4          y8          norm, relu, convolve
    encode.0.first  y8          x8, y8      x8 = relu(norm(y8)), convolve
    *.first         x, y        x, y        x = x + norm(y), convolve
    *.second        y           y           norm, relu, convolve
    down16          x8, y8      x8, y16     x8 = x8 + norm(y8), convolve
    inner.0.first   y16         x16, y16    x16 = relu(norm(y16)), convolve
    up8             x16, y16    y8          x16 + norm(y16), enlarge and convolve
    up4             x8, y8      y4          x8 + norm(y8), enlarge and convolve
    up2             y4, x4                  relu(norm(y4) + relu(norm(x4))), enlarge and convolve
    out             y4, x4 *    pixels      up2, norm, relu, convolve; * and pixels

With residual blocks at a quarter:

    refine.0.first  y4, x4      x4, y4      x4 = relu(norm(y4) + relu(norm(x4))), convolve
    up2             x4, y4                  x4 + norm(y4), enlarge and convolve
    out             x4, y4 *    pixels      up2, norm, relu, convolve; * and pixels

x is the tensor that a residual block adds to; y waits for its norm. The number is their size (8: an eighth).
They are the only tensors kept; x4 is the skip first. `out` computes the tensors at half the size again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import Shape

#: An array, tensor or graph node of an engine.
Tensor: TypeAlias = Any
Floats = npt.NDArray[np.float32]
#: A norm whose moments are known: gain and offset of each channel, (C,).
Affine: TypeAlias = tuple[Floats, Floats]
#: Mean and variance of each line, (lines, C).
Moments: TypeAlias = tuple[Floats, Floats]
#: Run a segment on a strip: tensors to read and norms -> tensors to keep, and the moments of the tensor that
#: is normed next. The first axis of all tensors is the lines.
Segment: TypeAlias = Callable[[Sequence[Tensor], Sequence[Affine]], tuple[Sequence[Tensor], Moments | None]]

#: Name of the photo's and the picture's pixels among the tensors of segments.
PIXELS = "pixels"


class Layers(Protocol):
    """Compute the convolutions of `styles/networks/style_unet.py`, bytes of pixels in and out; no norms."""

    def stem(self, pixels: Tensor) -> Tensor:
        """Convolve (B, H, W, 3) uint8 to (B, quarter, H/4, W/4)."""

    def convolve(self, x: Tensor, name: str) -> Tensor:
        """Apply the convolution of that name; the size stays."""

    def reduce(self, x: Tensor, name: str) -> Tensor:
        """Apply the convolution of that name; the size is halved."""

    def enlarge(self, x: Tensor, name: str) -> Tensor:
        """Double the size bilinearly, then apply the convolution of that name.

        With folded weights both are one convolution at the small size, whose channels are then spread.
        """

    def out(self, x: Tensor, photo: Tensor) -> Tensor:
        """Convolve (B, half, H/2, W/2) to (B, H, W, 3) uint8, and add the detail of the photo.

        The photo is (B, H, W, 3) uint8 too.
        """

    def relu(self, x: Tensor) -> Tensor:
        """Replace negative values by zero."""


def forward(shape: Shape, layers: Layers, pixels: Tensor, norm: Callable[[Tensor], Tensor]) -> Tensor:
    """Run the whole network over pixels (B, H, W, 3) uint8; `norm` applies the next of its norms."""

    def residual(x: Tensor, name: str) -> Tensor:
        y = layers.relu(norm(layers.convolve(x, f"{name}.first")))
        return x + norm(layers.convolve(y, f"{name}.second"))

    skip = layers.relu(norm(layers.stem(pixels)))  # (B, quarter, H/4, W/4)
    x = layers.relu(norm(layers.reduce(skip, "down8")))  # (B, eighth, H/8, W/8)
    for block in range(shape.outer_blocks):
        x = residual(x, f"encode.{block}")
    y = layers.relu(norm(layers.reduce(x, "down16")))  # (B, sixteenth, H/16, W/16)
    for block in range(shape.inner_blocks):
        y = residual(y, f"inner.{block}")
    x = x + norm(layers.enlarge(y, "up8"))
    for block in range(shape.outer_blocks):
        x = residual(x, f"decode.{block}")
    x = layers.relu(norm(layers.enlarge(x, "up4")) + skip)  # (B, quarter, H/4, W/4)
    for block in range(shape.quarter_blocks):
        x = residual(x, f"refine.{block}")
    x = layers.relu(norm(layers.enlarge(x, "up2")))  # (B, half, H/2, W/2)
    return layers.out(x, pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Describe one segment of the network."""

    name: str  #: name of the convolution that ends it
    reads: tuple[str, ...]
    keeps: tuple[str, ...]
    norms: tuple[str, ...] = ()  #: convolutions whose norms it applies, in the order of `compose`


def steps(shape: Shape) -> list[Step]:
    """List the segments of a network, in the order in which they run."""
    made = [
        Step(name="stem", reads=(PIXELS,), keeps=("x4",)),
        Step(name="down8", reads=("x4",), keeps=("y8",), norms=("stem",)),
    ]
    made += _blocks("encode", shape.outer_blocks, 8, "down8", first=("y8",))
    reads: tuple[str, ...] = ("x8", "y8") if shape.outer_blocks else ("y8",)
    made += [Step(name="down16", reads=reads, keeps=("x8", "y16"), norms=(made[-1].name,))]
    made += _blocks("inner", shape.inner_blocks, 16, "down16", first=("y16",))
    made += [Step(name="up8", reads=("x16", "y16"), keeps=("y8",), norms=(made[-1].name,))]
    made += _blocks("decode", shape.outer_blocks, 8, "up8", first=("x8", "y8"))
    made += [Step(name="up4", reads=("x8", "y8"), keeps=("y4",), norms=(made[-1].name,))]
    norms: tuple[str, ...] = ("up4", "stem")
    reads = ("y4", "x4")
    if shape.quarter_blocks:
        made += _blocks("refine", shape.quarter_blocks, 4, *norms, first=reads)
        reads, norms = ("x4", "y4"), (made[-1].name,)
    return [
        *made,
        Step(name="up2", reads=reads, keeps=(), norms=norms),
        Step(name="out", reads=(*reads, PIXELS), keeps=(PIXELS,), norms=(*norms, "up2")),
    ]


def _blocks(name: str, count: int, size: int, *before: str, first: tuple[str, ...]) -> Iterator[Step]:
    """List the segments of a level's residual blocks.

    `first` are the tensors that the first of them reads, and `before` the convolutions whose norms it
    applies.
    """
    x, y = f"x{size}", f"y{size}"
    reads = first
    for block in range(count):
        one, two = f"{name}.{block}.first", f"{name}.{block}.second"
        yield Step(name=one, reads=reads, keeps=(x, y), norms=before)
        yield Step(name=two, reads=(y,), keeps=(y,), norms=(one,))
        reads, before = (x, y), (two,)


class Segments(Protocol):
    """Hold a network's segments on a device."""

    shape: Shape

    def buffer(self, channels: int, height: int, width: int) -> Tensor:
        """Allocate (height, channels, width), in half precision where the device computes in it."""

    def segment(self, step: Step) -> Segment:
        """Make the segment; while it exists, it holds the memory for a strip's activations."""


def compose(
    step: Step, layers: Layers, reads: Iterator[Tensor], norm: Callable[[Tensor], Tensor]
) -> tuple[list[Tensor], Tensor | None]:
    """Run a segment; return the tensors to keep, and the tensor to norm next.

    `norm` applies the next of the segment's norms.
    """
    first = next(reads)
    if step.name == "stem":
        y = layers.stem(first)
        return [y], y
    if len(step.reads) == 1:
        x = layers.relu(norm(first))
    elif "stem" in step.norms:
        x = norm(first)
        x = layers.relu(x + layers.relu(norm(next(reads))))
    else:
        x = first + norm(next(reads))
    match step.name:
        case "out":
            return [layers.out(layers.relu(norm(layers.enlarge(x, "up2"))), next(reads))], None
        case "up8" | "up4" | "up2":
            y = layers.enlarge(x, step.name)
        case "down8" | "down16":
            y = layers.reduce(x, step.name)
        case _:
            y = layers.convolve(x, step.name)
    return [x, y][2 - len(step.keeps) :], y
