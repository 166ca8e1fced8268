"""Define the sizes of this project's network, on which every engine must agree; torch is not loaded here.

`styles/networks/style_unet.py` is the network for torch, `styles/inference/openvino_backend/style_unet.py`
the same network for OpenVINO. Both take their sizes from a `Shape`, which can be read from a style file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from styles.errors import BadCheckpoint

#: Height and width must be multiples of this: pixel unshuffle by 4, then two strides of 2.
STRIDE = 16
#: Mirrored pixels added on each side before the network and cut off after it. Without them pictures get a
#: bright frame of 8 pixels; 32 look no better and take 7 % longer for a photo of 1024x683.
MARGIN = 16
#: Added to the variance in a norm; the customary value.
EPSILON = 1e-5
#: Channels of the picture that the first convolution reads: 4x4 pixels of 3 colours.
UNSHUFFLED = 48
#: The photo's detail is added to the painted picture: the network loses what is one to four pixels wide, such
#: as antennas, windows and eyelids. Detail is the photo's light less its mean over a Gaussian of this
#: deviation, cut off at this radius, pixels.
DETAIL_DEVIATION, DETAIL_RADIUS = 2.5, 4
#: Detail is lowered by the first, which takes away a photo's noise, and cut off at the second, so that edges
#: get no bright seam. Parts of white.
DETAIL_NOISE, DETAIL_MOST = 0.012, 0.25

#: Tensor that says how much of the photo's detail is added, in parts of it. A network with residual blocks at
#: a quarter of the size paints fine strokes itself, and with all of the photo's lines its houses are a
#: photo's. Optional: all of it.
DETAIL = "out.detail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convolution:
    """Describe one convolution: its name in a style file and the shape of its weights."""

    name: str
    out: int
    channels: int
    size: int = 3

    @property
    def weight(self) -> tuple[int, ...]:
        """Shape of the weights: (out, in, height, width)."""
        return (self.out, self.channels, self.size, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Hold the sizes of a `StyleUNet`: channels of each level, and how many residual blocks it has."""

    quarter: int = 48  #: channels at a quarter of the picture's size
    eighth: int = 64
    sixteenth: int = 128
    half: int = 24
    outer_blocks: int = 1  #: at an eighth, before the sixteenth level and again after it
    inner_blocks: int = 3  #: at a sixteenth
    quarter_blocks: int = 2  #: at a quarter, after all levels below: strokes are painted there
    scales_detail: bool = False  #: whether it says how much detail of the photo is added, see `DETAIL`

    @classmethod
    def of(cls, network: Mapping[str, Any]) -> Shape:
        """Read the sizes from the tensors of a base. Raises `BadCheckpoint` where a tensor is missing."""
        try:
            return cls(
                quarter=network["stem.weight"].shape[0],
                eighth=network["down8.weight"].shape[0],
                sixteenth=network["down16.weight"].shape[0],
                half=network["up2.weight"].shape[0],
                outer_blocks=_blocks(network, "encode"),
                inner_blocks=_blocks(network, "inner"),
                quarter_blocks=_blocks(network, "refine"),
                scales_detail=DETAIL in network,
            )
        except (KeyError, IndexError, AttributeError, ValueError) as error:
            raise BadCheckpoint(
                "The style file does not hold this project's network.", repr(error)
            ) from error

    @property
    def convolutions(self) -> tuple[Convolution, ...]:
        """List all convolutions in the order in which the network applies them; `out` is the last."""
        q, e, s, h = self.quarter, self.eighth, self.sixteenth, self.half
        return (
            Convolution(name="stem", out=q, channels=UNSHUFFLED),
            Convolution(name="down8", out=e, channels=q),
            *_residual("encode", e, self.outer_blocks),
            Convolution(name="down16", out=s, channels=e),
            *_residual("inner", s, self.inner_blocks),
            Convolution(name="up8", out=e, channels=s),
            *_residual("decode", e, self.outer_blocks),
            Convolution(name="up4", out=q, channels=e),
            *_residual("refine", q, self.quarter_blocks),
            Convolution(name="up2", out=h, channels=q),
            Convolution(name="out", out=3, channels=h // 4, size=5),
        )

    @property
    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every tensor of a base, by name."""
        last = {DETAIL: (1,)} if self.scales_detail else {}
        return {f"{c.name}.weight": c.weight for c in self.convolutions} | {"out.bias": (3,)} | last

    @property
    def norms(self) -> tuple[int, ...]:
        """Return the channels of each instance norm, in the order in which a row lists them."""
        return tuple(c.out for c in self.convolutions[:-1])

    @property
    def row(self) -> int:
        """Return the length of a style row: a scale and a shift for each channel."""
        return 2 * sum(self.norms)

    @property
    def kept(self) -> dict[str, tuple[int, int]]:
        """Return the tensors kept between segments, by name, as (channels, divisor of the sides)."""
        sizes = {4: self.quarter, 8: self.eighth, 16: self.sixteenth}
        return {f"{name}{size}": (channels, size) for size, channels in sizes.items() for name in "xy"}


#: Shape of a wide network, with more channels where strokes are painted: of styles that share no base.
WIDE = Shape(quarter=64)


def _residual(name: str, channels: int, blocks: int) -> Iterator[Convolution]:
    for block in range(blocks):
        for half in ("first", "second"):
            yield Convolution(name=f"{name}.{block}.{half}", out=channels, channels=channels)


def _blocks(network: Mapping[str, Any], name: str) -> int:
    return sum(key.startswith(f"{name}.") and key.endswith(".first.weight") for key in network)
