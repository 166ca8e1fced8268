"""Turn a picture by an eighth, in which the sides of a canvas that hangs askew are upright and level."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from styles.canvas.perspective import as_corners
from styles.canvas.quadrilateral import Corners
from styles.imaging.codec import Pixels

#: Sine and cosine of 45 degrees.
_HALF = math.sqrt(0.5)


def turned(pixels: Pixels) -> Pixels:
    """Return a picture (H, W, 3) turned by 45 degrees to the left, in a square.

    What is beyond its borders is its mirror image, so that there are no edges along them.
    """
    height, width = pixels.shape[:2]
    side = _square(width, height)
    pad = side // 2
    mirrored = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    x, y = width / 2 + pad, height / 2 + pad - _HALF * side
    place = (_HALF, -_HALF, x, _HALF, _HALF, y)
    image = Image.fromarray(mirrored).transform(
        (side, side), Image.Transform.AFFINE, place, Image.Resampling.BILINEAR
    )
    return np.asarray(image)


def turned_back(corners: Corners, size: tuple[int, int]) -> Corners | None:
    """Return corners in the `turned` picture as those in the picture of `size`; None where they lie outside.

    Of the four ways to hang what is between them, the one with the least turn is taken.
    """
    side = _square(*size)
    x, y = (np.array(corners).T - 0.5) * side
    points = np.stack([_HALF * (x - y), _HALF * (x + y)], axis=1) + np.array(size) / 2
    if (points < 0).any() or (points > size).any():
        return None
    return as_corners(min((np.roll(points, by, axis=0) for by in range(4)), key=_turn) / size)


def _turn(points: np.ndarray) -> float:
    """Return by how much the upper and the lower side together are turned, radians."""
    along = points[1] - points[0] + points[2] - points[3]
    return abs(math.atan2(along[1], along[0]))


def _square(width: int, height: int) -> int:
    return math.ceil((width + height) * _HALF)
