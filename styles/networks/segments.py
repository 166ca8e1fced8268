"""The network cut at its instance norms, so that a large picture can be painted strip by strip.

A *segment* is what lies between two norms. The segments before it have seen its inputs whole, so the norms
within it are known: a gain and an offset for each channel. A segment is named for its convolution.

    segment         reads       keeps       what it does
    stem            pixels      skip        convolve
    down8           skip        y8          norm, relu, convolve
    encode.0.first  y8          x8, y8      x8 = relu(norm(y8)), convolve
    *.first         x, y        x, y        x = x + norm(y), convolve
    *.second        y           y           norm, relu, convolve
    down16          x8, y8      x8, y16     x8 = x8 + norm(y8), convolve
    inner.0.first   y16         x16, y16    x16 = relu(norm(y16)), convolve
    up8             x16, y16    y8          x16 + norm(y16), enlarge and convolve
    up4             x8, y8      y4          x8 + norm(y8), enlarge and convolve
    up2             y4, skip                relu(norm(y4) + relu(norm(skip))), enlarge and convolve
    out             y4, skip    pixels      up2, norm, relu, convolve

x is what a residual block adds to, y what waits for its norm; the number is the size they lie at (8: an
eighth). They and `skip` are all that is kept. What lies at half the size is worked out again by `out`.

    Step       one segment: names of what it reads and keeps, and whose norms it applies
    Layers     the convolutions of an engine, from which `compose` makes segments
    Segments   the segments of an engine, ready to run, for `styles/inference/tiling.py`
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
#: Run a segment on a strip: what it reads and its norms -> what it keeps, and the moments of what is normed
#: next. The first axis of everything that it reads and keeps is its lines.
Segment: TypeAlias = Callable[[Sequence[Tensor], Sequence[Affine]], tuple[Sequence[Tensor], Moments | None]]

#: Name of the photo's and the picture's pixels among what segments read and keep.
PIXELS = "pixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One segment of the network."""

    name: str  #: of the convolution that it ends with
    reads: tuple[str, ...]
    keeps: tuple[str, ...]
    norms: tuple[str, ...] = ()  #: convolutions whose norms it applies, in the order of `compose`


def steps(shape: Shape) -> list[Step]:
    """List the segments of a network, in the order in which they run."""
    made = [
        Step(name="stem", reads=(PIXELS,), keeps=("skip",)),
        Step(name="down8", reads=("skip",), keeps=("y8",), norms=("stem",)),
    ]
    made += _blocks("encode", shape.outer_blocks, 8, "down8", begins=True)
    reads = ("x8", "y8") if shape.outer_blocks else ("y8",)
    made += [Step(name="down16", reads=reads, keeps=("x8", "y16"), norms=(made[-1].name,))]
    made += _blocks("inner", shape.inner_blocks, 16, "down16", begins=True)
    made += [Step(name="up8", reads=("x16", "y16"), keeps=("y8",), norms=(made[-1].name,))]
    made += _blocks("decode", shape.outer_blocks, 8, "up8", begins=False)
    return [
        *made,
        Step(name="up4", reads=("x8", "y8"), keeps=("y4",), norms=(made[-1].name,)),
        Step(name="up2", reads=("y4", "skip"), keeps=(), norms=("up4", "stem")),
        Step(name="out", reads=("y4", "skip"), keeps=(PIXELS,), norms=("up4", "stem", "up2")),
    ]


def _blocks(name: str, count: int, size: int, before: str, *, begins: bool) -> Iterator[Step]:
    """List the segments of a level's residual blocks; `begins`: the first reads what has no x yet."""
    x, y = f"x{size}", f"y{size}"
    for block in range(count):
        first, second = f"{name}.{block}.first", f"{name}.{block}.second"
        reads = (y,) if begins and not block else (x, y)
        yield Step(name=first, reads=reads, keeps=(x, y), norms=(before,))
        yield Step(name=second, reads=(y,), keeps=(y,), norms=(first,))
        before = second


class Layers(Protocol):
    """The convolutions of `styles/networks/style_unet.py` without their norms; bytes of pixels in and out."""

    def stem(self, pixels: Tensor) -> Tensor:
        """(B, H, W, 3) uint8 -> (B, quarter, H/4, W/4)."""

    def convolve(self, x: Tensor, name: str) -> Tensor:
        """Apply the convolution of that name, whose size stays."""

    def reduce(self, x: Tensor, name: str) -> Tensor:
        """Apply the convolution of that name, which halves the size."""

    def enlarge(self, x: Tensor, name: str) -> Tensor:
        """Apply the convolution of that name, which doubles the size."""

    def out(self, x: Tensor) -> Tensor:
        """(B, half, H/2, W/2) -> (B, H, W, 3) uint8."""

    def relu(self, x: Tensor) -> Tensor:
        """Of any shape."""


class Segments(Protocol):
    """A network's segments on a device."""

    shape: Shape

    def buffer(self, channels: int, height: int, width: int) -> Tensor:
        """Allocate (height, channels, width), in half precision where the device computes so too."""

    def segment(self, step: Step) -> Segment:
        """Make the segment; it holds memory for a strip's activations as long as it lives."""


def compose(
    step: Step, layers: Layers, reads: Iterator[Tensor], norm: Callable[[Tensor], Tensor]
) -> tuple[list[Tensor], Tensor | None]:
    """Return what the segment keeps, and what is normed after it; `norm` applies the next of its norms."""
    x = None
    match step.name.rpartition(".")[2]:
        case "stem":
            y = layers.stem(next(reads))
        case "down8":
            y = layers.reduce(layers.relu(norm(next(reads))), step.name)
        case "second":
            y = layers.convolve(layers.relu(norm(next(reads))), step.name)
        case "up8" | "up4":
            y = layers.enlarge(_sum(step, layers, reads, norm), step.name)
        case "down16":
            x = _sum(step, layers, reads, norm)
            y = layers.reduce(x, step.name)
        case "first":
            x = _sum(step, layers, reads, norm)
            y = layers.convolve(x, step.name)
        case _:
            y = layers.enlarge(_with_skip(layers, reads, norm), "up2")
            if step.name == "up2":
                return [], y
            return [layers.out(layers.relu(norm(y)))], None
    return [y] if x is None else [x, y], y


def _sum(step: Step, layers: Layers, reads: Iterator[Tensor], norm: Callable[[Tensor], Tensor]) -> Tensor:
    """Add what a residual block gave to its x, or make the first x of a level."""
    if len(step.reads) == 1:
        return layers.relu(norm(next(reads)))
    x = next(reads)
    return x + norm(next(reads))


def _with_skip(layers: Layers, reads: Iterator[Tensor], norm: Callable[[Tensor], Tensor]) -> Tensor:
    y = norm(next(reads))
    return layers.relu(y + layers.relu(norm(next(reads))))
