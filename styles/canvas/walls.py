"""Find a painting that is hard to see: a small one on a plain wall, and one on bricks.

Within a painting there are rectangles too. So a small one counts only where all around it is plain. One on
bricks counts only where the wall is alike on all its four sides; on bricks of many colours, also where the
joints to its left go on to its right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from styles.canvas.perspective import as_corners
from styles.canvas.quadrilateral import Corners, Demands
from styles.canvas.straight_edges import EdgeArray, edges_of
from styles.imaging.codec import Pixels

Colours: TypeAlias = npt.NDArray[np.float64]
#: Looks for a painting in a picture, perhaps by other demands than usual.
Look: TypeAlias = Callable[..., Corners | None]

#: What is demanded of a small painting. What is around it, in parts of its sides, when it is looked at more
#: closely.
SMALL, CLOSER = Demands(least_area=0.03), 0.4
#: What is demanded on bricks of many colours: a side has these beside it, and their edges are no edges.
VARIED = Demands(calm=50.0, calm_share=1.2, roughness=0.9, rough_times=1.0)
#: How much larger than a painting is what is not looked at of its wall, for its shadow: a part of its sides.
SHADOW = 0.3
#: Strength of an edge that counts, and the most of a plain wall that may have one: a scratch, a socket.
EDGE, MOST_EDGES = 0.1, 0.01
#: Side of the square whose median takes joints and the grain of bricks away, pixels of 400.
JOINTS = 11
#: Where the wall beside a painting is looked at, in parts of the picture's long side, and the points there.
BESIDE, POINTS = 0.06, 40
#: The same on the inner side, where a wrong side has a row of bricks.
WITHIN = 0.03
#: Radius within which its colours are averaged, pixels: half a brick.
AVERAGED = 8
#: Joints: pixels of 400 that a tilted wall moves them by, and that the light is averaged over; the least
#: width of a wall beside a painting; and the least correlation, of 0.61 to 1 on walls.
TILT, SMOOTH, LEAST_WALL, LEAST_CORRELATION = 12, 25, 12, 0.5
#: Distance from a painting at which there is no shadow, pixels of 400.
CLEAR = 10
#: Most that the four sides of a wall differ in brightness, as a factor, and in the share of each colour.
MOST_BRIGHTER, MOST_TINGE = 1.5, 0.03


def small_on_a_wall(pixels: Pixels, small: Pixels, look: Look) -> Corners | None:
    """Return the corners of a canvas that is small in the picture, and alone on a plain wall."""
    corners = look(small, SMALL)
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
    if corners and _is_alike_around(even, corners):
        return corners
    corners = look(even, VARIED)
    if not (corners and _is_alike_around(even, corners) and _has_joints_around(pixels, corners)):
        return None
    return corners if _is_unlike_within(even, corners) else None


def _has_joints_around(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether level joints to the left of a painting go on to its right."""
    level, points = edges_of(pixels).level, np.array(corners) * pixels.shape[1::-1]
    left, right = int(points[[0, 3], 0].min()) - CLEAR, int(points[[1, 2], 0].max()) + CLEAR
    if min(left, level.shape[1] - right) < LEAST_WALL:
        return False
    profiles = []
    for wall in (level[:, :left], level[:, right:]):
        profile = wall.mean(axis=1)
        light = np.convolve(profile, np.ones(SMOOTH) / SMOOTH, "same")
        profiles.append((profile - light)[SMOOTH // 2 : -(SMOOTH // 2)])
    one, other = profiles
    count = len(one) - TILT
    pairs = ((one[max(0, by) :][:count], other[max(0, -by) :][:count]) for by in range(-TILT, TILT + 1))
    return max(_correlation(*pair) for pair in pairs) >= LEAST_CORRELATION


def _correlation(one: EdgeArray, other: EdgeArray) -> float:
    """Return how alike two profiles rise and fall, from -1 to 1; 0 where one is even."""
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).sum() / max(np.sqrt((a * a).sum() * (b * b).sum()), 1e-6))


def _is_plain_around(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether there are no edges in a picture (H, W, 3) but in a painting and its shadow."""
    edges = edges_of(pixels)
    outside = ~_inside(corners, pixels.shape[:2], 1 + SHADOW)
    strength = np.maximum(edges.upright, edges.level)[outside]
    return bool(strength.size) and bool((strength > EDGE).mean() <= MOST_EDGES)


def _is_alike_around(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether the wall has the same colour on the four sides of a painting, all within the picture."""
    colours = _colours_beside(pixels, corners, BESIDE)
    return colours is not None and _are_alike(colours)


def _is_unlike_within(pixels: Pixels, corners: Corners) -> bool:
    """Tell whether no side has the wall on its inner side, too: a joint is no side of a painting."""
    outside, inside = (_colours_beside(pixels, corners, by) for by in (BESIDE, -WITHIN))
    if outside is None or inside is None:
        return False
    return not any(_are_alike(np.stack(pair)) for pair in zip(outside, inside, strict=True))


def _colours_beside(pixels: Pixels, corners: Corners, distance: float) -> Colours | None:
    """Return the median colours (4, 3) beside four sides; None where one is not in the picture."""
    height, width = pixels.shape[:2]
    smooth = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(AVERAGED)), np.float64)
    points, found = np.array(corners) * (width, height), []
    for side in range(4):
        a, b = points[side], points[(side + 1) % 4]
        along = (b - a) / np.hypot(*(b - a))
        outwards = np.array([along[1], -along[0]]) * distance * max(width, height)
        places = a + (b - a) * np.linspace(0.05, 0.95, POINTS)[:, None] + outwards
        column, row = places.round().astype(np.int64).T
        if ((column < 0) | (column >= width) | (row < 0) | (row >= height)).any():
            return None
        found.append(np.median(smooth[row, column], axis=0) + 8)
    return np.array(found)


def _are_alike(colours: Colours) -> bool:
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
