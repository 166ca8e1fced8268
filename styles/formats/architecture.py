"""The numbers of our network that every engine must agree on; no torch here.

`styles/networks/stylenet.py` is the network for torch (training, GPUs),
`styles/inference/openvino_backend/stylenet.py` the same one for OpenVINO (CPUs). Both take their sizes from a
`Shape`, which can be read off a style file's tensors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from styles.errors import BadCheckpoint

#: H and W must be multiples of this: pixel unshuffle by 2, then one stride of 2.
STRIDE = 4
#: Mirrored pixels added on each side before the network and cut off after it: at 16 a stripe was left.
MARGIN = 32
#: Added to the variance in a norm; the customary value.
EPSILON = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a `StyleNet`; channel counts."""

    stem: int = 24
    body: int = 64
    hidden: int = 128
    blocks: int = 6
    head: int = 32

    @classmethod
    def of(cls, network: Mapping[str, Any]) -> Shape:
        """Read off the tensors of a base. Raises `BadCheckpoint` where one that tells is missing."""
        try:
            return cls(
                stem=network["stem.weight"].shape[0],
                body=network["down.weight"].shape[0],
                hidden=network["blocks.0.widen.weight"].shape[0],
                blocks=sum(n.startswith("blocks.") and n.endswith(".spatial.weight") for n in network),
                head=network["up.weight"].shape[0],
            )
        except (KeyError, IndexError, AttributeError) as error:
            raise BadCheckpoint("The style file does not hold our network.", repr(error)) from error

    @property
    def tensors(self) -> dict[str, tuple[int, ...]]:
        """The shape of every tensor of a base, by name."""
        sizes = {
            "stem.weight": (self.stem, 12, 5, 5),
            "down.weight": (self.body, self.stem, 3, 3),
            "up.weight": (self.head, self.body, 3, 3),
            "head.weight": (self.head, self.head, 3, 3),
            "out.weight": (3, self.head // 4, 5, 5),
            "out.bias": (3,),
        }
        for block in range(self.blocks):
            sizes |= {
                f"blocks.{block}.spatial.weight": (self.body, 1, 5, 5),
                f"blocks.{block}.widen.weight": (self.hidden, self.body, 1, 1),
                f"blocks.{block}.widen.bias": (self.hidden,),
                f"blocks.{block}.narrow.weight": (self.body, self.hidden, 1, 1),
            }
        return sizes

    @property
    def norms(self) -> tuple[int, ...]:
        """Channels of each instance norm, in the order in which a row lists them."""
        return (self.stem, self.body, *(self.body, self.body) * self.blocks, self.head, self.head)

    @property
    def row(self) -> int:
        """Length of a style row: a scale and a shift a channel."""
        return 2 * sum(self.norms)

    @property
    def multiply_adds(self) -> float:
        """Multiply-adds that one pixel of the picture costs, convolutions only."""
        block = 25 * self.body + 2 * self.body * self.hidden
        half = 25 * 12 * self.stem + 9 * self.body * self.head + 9 * self.head * self.head
        quarter = 9 * self.stem * self.body + self.blocks * block
        full = 25 * (self.head // 4) * 3
        return half / 4 + quarter / 16 + full
