"""Find the painting in the picture that a person sent, straighten it, and refuse what teaches nothing.

A find of one plain colour is no painting but a form in one, such as a black square. Then the whole picture is
the painting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from styles.canvas.corners import find
from styles.canvas.perspective import rectified, shrunk, size_between
from styles.canvas.quadrilateral import WHOLE, Corners, validated_corners
from styles.errors import BadOption
from styles.imaging.codec import Pixels, decode, resized
from styles.learning_errors import PaintingBlank, PaintingTooSmall

#: Long side at which a picture is read, pixels, and that of the painting in it.
READ_SIDE, PAINTING_SIDE = 2400, 1600
#: Long side of the picture that is shown to its sender, pixels.
THUMBNAIL_SIDE = 640
#: Least short side of a painting, pixels. It is learnt from at 640.
LEAST_SIDE = 200
#: Most that a painting may be longer than wide; of a longer one the middle is learnt from.
MOST_ASPECT = 4
#: Deviation of its colours, of 255, below which a painting is blank: paper and a wall have 3.
LEAST_DEVIATION = 4.0
#: What is cut off along each side where corners were found, in parts of the painting: the last of the wall.
TRIMMED = 0.006


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPainting:
    """Hold a painting cut out of its picture, with the corners where it was."""

    pixels: Pixels  #: rectified
    corners: Corners
    width: int  #: of the picture, pixels as it was read
    height: int
    found: bool
    thumbnail: Pixels  #: the picture, reduced


def look_at(picture: bytes, named: Sequence[Sequence[float]] | None = None) -> SeenPainting:
    """Return the painting in a picture, between the corners that a person `named` or those that are found.

    Raises `NotAnImage`, `ImageTooLarge`, `PaintingTooSmall`, `PaintingBlank`, and `BadOption` for points
    that cannot be corners.
    """
    pixels = decode(picture, long_side=READ_SIDE)
    height, width = pixels.shape[:2]
    if min(width, height) < LEAST_SIDE:
        raise PaintingTooSmall(f"{width}x{height}")
    if named is None:
        seen = find(pixels)
        corners, is_found, trimmed = seen.corners, seen.found, TRIMMED if seen.found else 0.0
    else:
        try:
            corners, is_found, trimmed = validated_corners(named), True, 0.0
        except ValueError as error:
            raise BadOption(f"These points cannot be the corners of a painting: {error}.") from error
    painting = _between(corners, pixels, trimmed)
    if named is None and is_found and _deviation(painting) < LEAST_DEVIATION:
        corners, is_found, painting = WHOLE, False, _between(WHOLE, pixels, 0.0)
    size = size_between(corners, (width, height))
    if min(size) < LEAST_SIDE:
        raise PaintingTooSmall(f"{size[0]:.0f}x{size[1]:.0f} of {width}x{height}")
    if _deviation(painting) < LEAST_DEVIATION:
        raise PaintingBlank(f"deviation {_deviation(painting):.1f}")
    scale = min(1.0, THUMBNAIL_SIDE / max(width, height))
    thumbnail = resized(pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
    return SeenPainting(
        pixels=painting, corners=corners, width=width, height=height, found=is_found, thumbnail=thumbnail
    )


def _between(corners: Corners, pixels: Pixels, trimmed: float) -> Pixels:
    """Cut out what is between corners, without that part along each side."""
    return _middle(rectified(pixels, shrunk(corners, trimmed), PAINTING_SIDE))


def _middle(pixels: Pixels) -> Pixels:
    """Cut what is longer than `MOST_ASPECT` times its width down to that, around its middle."""
    height, width = pixels.shape[:2]
    high, wide = min(height, MOST_ASPECT * width), min(width, MOST_ASPECT * height)
    top, left = (height - high) // 2, (width - wide) // 2
    return np.ascontiguousarray(pixels[top : top + high, left : left + wide])


def _deviation(pixels: Pixels) -> float:
    """Return how much the colours of (H, W, 3) differ between places, without noise."""
    height, width = (length // 8 * 8 for length in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // 8, 8, width // 8, 8, 3).mean(axis=(1, 3))
    return float(blocks.std(axis=(0, 1)).max())
