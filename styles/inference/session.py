"""What paints, whatever the network and the device: bytes of pixels in, bytes of pixels out.

Row      a style row
InferenceSession   a network on a device
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import Batch
from styles.inference.input_spec import OURS, InputSpec

#: A style row, (R,).
Row = npt.NDArray[np.float32]

#: Mirrors pixels around a photo as our network wants them, and takes them away again.
extend, crop = OURS.extend, OURS.crop


class InferenceSession(Protocol):
    """A network, ready on a device. It paints in bounded memory: large images in strips, or not at all."""

    @property
    def input_spec(self) -> InputSpec:
        """What it wants of the images that it paints."""
        ...

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """images (B, H, W, 3) as its frame extends photos, rows (B, R)  ->  (B, H, W, 3)."""
        ...
