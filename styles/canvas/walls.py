"""Find a painting that is hard to see: a small one on a plain wall, and one on bricks.

Within a painting there are rectangles too. So a small one counts only where all around it is plain. One on
bricks counts only where the wall is alike on all its four sides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from styles.canvas.perspective import as_corners
from styles.canvas.quadrilateral import Corners
from styles.canvas.straight_edges import EdgeArray, edges_of
from styles.imaging.codec import Pixels

#: Looks for a painting in a picture, perhaps of another least share of it than usual.
Look: TypeAlias = Callable[..., Corners | None]

#: Least share of the picture that a painting has on a plain wall. What is around it, in parts of its sides,
#: when it is looked at more closely.
SMALL_AREA, CLOSER = 0.03, 0.4
#: How much larger than a painting is what is not looked at of its wall, for its shadow: a part of its sides.
SHADOW = 0.3
#: Strength of an edge that counts, and the most of a plain wall that may have one: a scratch, a socket.
EDGE, MOST_EDGES = 0.1, 0.01
#: Side of the square whose median takes joints and the grain of bricks away, pixels of 400.
JOINTS = 11
#: Where the wall beside a painting is looked at, in parts of the picture's long side, and the points there.
BESIDE, POINTS = 0.06, 40
#: Radius within which its colours are averaged, pixels: half a brick.
AVERAGED = 8
#: Most that the four sides of a wall differ in brightness, as a factor, and in the share of each colour.
MOST_BRIGHTER, MOST_TINGE = 1.5, 0.03


def small_on_a_wall(pixels: Pixels, small: Pixels, look: Look) -> Corners | None:
    """Return the corners of a canvas that is small in the picture, and alone on a plain wall."""
    corners = look(small, SMALL_AREA)
    if corners is None or not _is_plain_around(small, corners):
        return None
    size, points = pixels.shape[1::-1], np.array(corners)
    low, high = points.min(axis=0), points.max(axis=0)
    reach = (high - low) * CLOSER
    box = np.clip([low - reach, high + reach], 0, 1) * size
    (left, top), (right, bottom) = box.astype(np.int64).tolist()
    close = pixels[top:bottom, left:right]
    seen = look(close)
    return as_corners((np.array(seen) * close.shape[1::-1] + (left, top)) / size) if seen else corners


def on_bricks(pixels: Pixels, look: Look) -> Corners | None:
    """Return the corners of a canvas on bricks, whose joints are edges everywhere."""
    even = np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(JOINTS)))
    corners = look(even)
    return corners if corners and _is_alike_around(even, corners) else None


def _is_plain_around(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether there are no edges in a picture (H, W, 3) but in a painting and its shadow."""
    edges = edges_of(pixels)
    outside = ~_inside(corners, pixels.shape[:2], 1 + SHADOW)
    strength = np.maximum(edges.upright, edges.level)[outside]
    return bool(strength.size) and bool((strength > EDGE).mean() <= MOST_EDGES)


def _is_alike_around(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether the wall has the same colour on the four sides of a painting, all within the picture."""
    height, width = pixels.shape[:2]
    smooth = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(AVERAGED)), np.float64)
    points, found = np.array(corners) * (width, height), []
    for side in range(4):
        a, b = points[side], points[(side + 1) % 4]
        along = (b - a) / np.hypot(*(b - a))
        outwards = np.array([along[1], -along[0]]) * BESIDE * max(width, height)
        places = a + (b - a) * np.linspace(0.05, 0.95, POINTS)[:, None] + outwards
        column, row = places.round().astype(np.int64).T
        if ((column < 0) | (column >= width) | (row < 0) | (row >= height)).any():
            return False
        found.append(np.median(smooth[row, column], axis=0) + 8)
    colours = np.array(found)
    light = colours.mean(axis=1)
    tinges = colours / colours.sum(axis=1, keepdims=True)
    return bool(light.max() <= MOST_BRIGHTER * light.min() and np.ptp(tinges, axis=0).max() <= MOST_TINGE)


def _inside(corners: Corners, shape: tuple[int, ...], times: float) -> npt.NDArray[np.bool_]:
    """Return which pixels (H, W) lie between corners, moved away from their middle by a factor."""
    height, width = shape
    points: EdgeArray = np.array(corners, np.float32) * (width, height)
    points = points.mean(axis=0) + times * (points - points.mean(axis=0))
    row, column = np.mgrid[0:height, 0:width]
    inside = np.ones((height, width), np.bool_)
    for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
        inside &= (b[0] - a[0]) * (row - a[1]) - (b[1] - a[1]) * (column - a[0]) > 0
    return inside
