"""Define the interface of inference sessions, for all networks and devices."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import Batch
from styles.inference.input_spec import InputSpec

#: A style row, (R,).
Row = npt.NDArray[np.float32]


class InferenceSession(Protocol):
    """Hold a network that is ready to paint on a device, in bounded memory."""

    @property
    def input_spec(self) -> InputSpec:
        """Describe the images that the network takes."""

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """Paint images (B, H, W, 3), extended by the input spec, in rows (B, R), and keep their shape."""
