"""Define the interface of inference sessions, for all networks and devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import PixelBatch, Pixels
from styles.imaging.underpainting import Underpainting
from styles.inference.input_spec import InputSpec

#: A style row, (R,).
Row = npt.NDArray[np.float32]


class Conditioning(NamedTuple):
    """Hold what makes a network paint one style."""

    row: Row  #: (R,), or (0,) where the network has one style only
    underpainting: Underpainting | None = None  #: None: the network takes photos as they are

    @property
    def nbytes(self) -> int:
        """Return its bytes in memory."""
        return self.row.nbytes + (0 if self.underpainting is None else self.underpainting.nbytes)


#: That of a network that has one style only.
ONE_STYLE = Conditioning(np.zeros(0, np.float32))


class InferenceSession(Protocol):
    """Hold a network that is ready to paint on a device, in bounded memory."""

    @property
    def input_spec(self) -> InputSpec:
        """Describe the images that the network takes."""

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """Paint images (B, H, W, 3), extended by the input spec, in rows (B, R), and keep their shape."""


@runtime_checkable
class StripSession(InferenceSession, Protocol):
    """Hold a network that can stop between two strips of a large image."""

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """Paint one image (H, W, 3), extended by the input spec, into `out`, and yield after each strip.

        The session may paint other images before the next strip.
        """
