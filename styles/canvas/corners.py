"""Find the four corners of a painting in a photo of it, or say that the whole picture is the painting.

Every four long lines make a quadrilateral. It is a painting where

- an edge runs along each of its sides,
- the edges end at its corners: the lines of a Mondrian go on, and so do the sides of a canvas beyond a
  painted horizon,
- and what is beside its sides does not change along them: a wall, a frame, paper.

Within a frame that has ridges or a bevel nothing is calm, so `frame.py` looks for the end of it. In doubt
nothing is cut off: a little wall in a painting does less harm than a painting that is cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from styles.canvas import walls
from styles.canvas.frame import inside_frame
from styles.canvas.perspective import as_corners, rectified, within
from styles.canvas.quadrilateral import USUAL, WHOLE, Corners, Demands
from styles.canvas.side_snapping import points_between, snapped
from styles.canvas.straight_edges import EdgeArray, Edges, edges_of, lines_beside_a_wall
from styles.canvas.turning import turned, turned_back
from styles.imaging.codec import Pixels, fit, resized

#: Long side at which corners are looked for, pixels.
SIDE = 400
#: Least length of a side, in parts of the opposite one.
LEAST_PARALLEL = 0.55
#: Least share of a side with an edge along it: of each side, and of all four.
LEAST_SUPPORT, LEAST_MEAN_SUPPORT = 0.55, 0.8
#: Points at which a side is looked at, and pixels to each side of it.
POINTS, REACH = 48, 2
#: Length of what is looked at beyond a corner, in parts of a side; and the share of it that an edge may have.
#: Then how many of the eight may have more, since a shelf or a shadow may meet a corner.
BEYOND, MOST_BEYOND, MOST_GOING_ON = 0.12, 0.5, 1
#: Distances from a side at which it must be calm, in parts of the picture's long side.
BESIDE = (0.012, 0.02, 0.03, 0.045)
#: Candidates whose surroundings are looked at, the best supported ones.
MOST_LOOKED_AT = 400
#: Widest frame or margin around a painting, and widest one in parts of the narrowest.
MOST_FRAME, MOST_UNEVEN = 0.22, 4.0
#: Frames and mats within each other.
MOST_NESTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPainting:
    """Hold where a painting is in a picture."""

    corners: Corners  #: clockwise from the top left, in parts of the picture's width and height
    found: bool  #: False: nothing was found with confidence, so the whole picture is the painting


def find(pixels: Pixels) -> FoundPainting:
    """Find the painting in upright pixels (H, W, 3)."""
    small = resized(pixels, fit(pixels.shape[1::-1], SIDE))
    corners = _quadrilateral(small) or inside_frame(small) or _hanging_askew(small)
    corners = corners or walls.small_on_a_wall(pixels, small, _look) or walls.on_bricks(small, _look)
    if corners is None:
        return FoundPainting(corners=WHOLE, found=False)
    for _ in range(MOST_NESTED):
        inner = _framed(rectified(pixels, corners, SIDE))
        if inner is None:
            break
        corners = within(corners, inner)
    return FoundPainting(corners=corners, found=True)


def _hanging_askew(pixels: Pixels) -> Corners | None:
    """Return the corners of a canvas that is turned by more than `MOST_SLOPE` finds, 30 degrees to 45."""
    height, width = pixels.shape[:2]
    corners = _quadrilateral(turned(pixels))
    return turned_back(corners, (width, height)) if corners else None


def _look(pixels: Pixels, demands: Demands = USUAL) -> Corners | None:
    """Return the corners of a quadrilateral in a picture of any size."""
    return _quadrilateral(resized(pixels, fit(pixels.shape[1::-1], SIDE)), demands)


def _framed(pixels: Pixels) -> Corners | None:
    """Return the corners of what is within a frame or a mat that fills a picture; None without one."""
    inner = _quadrilateral(pixels)
    return inner if inner and _is_framed(inner) else inside_frame(pixels)


def _is_framed(inner: Corners) -> bool:
    """Tell whether a quadrilateral within a rectangle leaves a frame or a mat around it."""
    points = np.array(inner)
    widths = [
        points[[0, 3], 0].mean(),
        1 - points[[1, 2], 0].mean(),
        points[[0, 1], 1].mean(),
        1 - points[[2, 3], 1].mean(),
    ]
    return bool(max(widths) <= min(MOST_FRAME, MOST_UNEVEN * max(min(widths), 0.01)))


def _quadrilateral(pixels: Pixels, demands: Demands = USUAL) -> Corners | None:
    """Return the corners of the best quadrilateral in a small picture that is one with confidence."""
    height, width = pixels.shape[:2]
    edges = edges_of(pixels, demands)
    quads = _candidates(lines_beside_a_wall(edges.upright), lines_beside_a_wall(edges.level.T), width, height)
    quads = quads[_areas(quads) > demands.least_area * width * height]
    wide = Edges(_widened(edges.upright), _widened(edges.level.T).T, edges.contrast)
    supports = _supports(quads, wide)
    likely = (supports.min(axis=1) >= LEAST_SUPPORT) & (supports.mean(axis=1) >= LEAST_MEAN_SUPPORT)
    quads, supports = quads[likely], supports[likely]
    score = supports.mean(axis=1) + 0.2 * np.sqrt(_areas(quads) / (width * height))
    for index in np.argsort(-score)[:MOST_LOOKED_AT]:
        quad = quads[index]
        if _going_on(quad, wide) <= MOST_GOING_ON and _is_calm_around(quad, pixels, demands):
            return as_corners(snapped(quad, edges.contrast) / (width, height))
    return None


def _candidates(
    upright: tuple[EdgeArray, EdgeArray], level: tuple[EdgeArray, EdgeArray], width: int, height: int
) -> EdgeArray:
    """Return the quadrilaterals (N, 4, 2) of a left, a right, an upper and a lower line, in pixels."""
    crossings = {
        (i, j): _crossings(upright[i], level[j], width, height) for i in range(2) for j in range(2)
    }  # each (U, L, 2)
    counts = [len(lines) for lines in (*upright, *level)]
    left, right, top, bottom = (index.ravel() for index in np.indices(counts))
    quads = np.stack(
        [
            crossings[0, 0][left, top],
            crossings[1, 0][right, top],
            crossings[1, 1][right, bottom],
            crossings[0, 1][left, bottom],
        ],
        axis=1,
    )
    is_upright = (quads[:, 0, 0] < quads[:, 1, 0]) & (quads[:, 0, 1] < quads[:, 3, 1])
    quads = quads[is_upright]
    inside = (quads > -1).all(axis=(1, 2)) & (quads[..., 0] < width).all(axis=1)
    quads = quads[inside & (quads[..., 1] < height).all(axis=1)].astype(np.float32)
    sides = np.hypot(*np.moveaxis(np.roll(quads, -1, axis=1) - quads, 2, 0))  # (N, 4)
    shorter, longer = np.minimum(sides[:, :2], sides[:, 2:]), np.maximum(sides[:, :2], sides[:, 2:])
    parallel = (shorter > LEAST_PARALLEL * longer).all(axis=1)
    kept: EdgeArray = quads[parallel]
    return kept


def _crossings(upright: EdgeArray, level: EdgeArray, width: int, height: int) -> EdgeArray:
    """Return where upright and level lines cross, (U, L, 2)."""
    a, s = upright[:, :1], upright[:, 1:]  # (U, 1)
    b, t = level[:, 0], level[:, 1]  # (L,)
    x = (a + s * (b - t * width / 2 - height / 2)) / (1 - s * t)  # (U, L)
    crossings: EdgeArray = np.stack([x, b + t * (x - width / 2)], axis=2)
    return crossings


def _areas(quads: EdgeArray) -> EdgeArray:
    x, y = quads[..., 0], quads[..., 1]
    cross = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    areas: EdgeArray = cross.sum(axis=1) / 2
    return areas


def _widened(edges: EdgeArray) -> EdgeArray:
    """Spread edges (H, W) by `REACH` pixels to the left and right."""
    padded = np.pad(edges, ((0, 0), (REACH, REACH)))
    shifted = [padded[:, by : by + edges.shape[1]] for by in range(2 * REACH + 1)]
    widest: EdgeArray = np.maximum.reduce(shifted)
    return widest


def _supports(quads: EdgeArray, wide: Edges) -> EdgeArray:
    """Return how much of each side (N, 4) has an edge along it: top, right, bottom, left."""
    parts = np.linspace(0.04, 0.96, POINTS)
    supports = np.zeros((len(quads), 4), np.float32)
    for side in range(4):
        edges = wide.upright if side % 2 else wide.level
        points = points_between(quads[:, side], quads[:, (side + 1) % 4], parts)
        column, row = (points.round().astype(np.int64)).transpose(2, 0, 1)
        limits = (edges.shape[1] - 1, edges.shape[0] - 1)
        seen = edges[np.clip(row, 0, limits[1]), np.clip(column, 0, limits[0])]
        supports[:, side] = np.minimum(1, 2 * seen).mean(axis=1)
    return supports


def _going_on(quad: EdgeArray, wide: Edges) -> int:
    """Count the ends of sides beyond which an edge goes on, of eight."""
    height, width = wide.level.shape
    parts, count = np.linspace(0.25 * BEYOND, BEYOND, 16), 0
    for side in range(4):
        edges = wide.upright if side % 2 else wide.level
        a, b = quad[side], quad[(side + 1) % 4]
        for start, end in ((b, b + (b - a)), (a, a + (a - b))):
            column, row = points_between(start[None], end[None], parts)[0].round().astype(np.int64).T
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            if inside.sum() >= 4:
                count += bool((edges[row[inside], column[inside]] > 0.25).mean() > MOST_BEYOND)
    return count


def _is_calm_around(quad: EdgeArray, pixels: Pixels, demands: Demands) -> bool:
    """Tell whether what is beside the sides does not change along them, but inside it does."""
    outside, inside, borders = [], [], 0
    for side in range(4):
        a, b = quad[side], quad[(side + 1) % 4]
        along = (b - a) / np.hypot(*(b - a))
        outwards = np.array([along[1], -along[0]])
        beside = _deviation(a, b, outwards, pixels)
        if beside is None:
            borders += 1
            continue
        within_it = _deviation(a, b, -outwards, pixels)
        outside.append(beside)
        inside.append(demands.calm if within_it is None else within_it)
    if borders > 1 or max(outside) > demands.calm:
        return False
    mean = float(np.mean(outside))
    return mean < demands.calm / 3 or mean < demands.calm_share * float(np.mean(inside))


def _deviation(a: EdgeArray, b: EdgeArray, outwards: EdgeArray, pixels: Pixels) -> float | None:
    """Return how much colours deviate along a side, of 255, beside it; None beyond the picture's border."""
    height, width = pixels.shape[:2]
    parts = np.linspace(0.03, 0.97, POINTS)
    found = []
    for distance in BESIDE:
        start, end = (point + outwards * distance * max(width, height) for point in (a, b))
        column, row = points_between(start[None], end[None], parts)[0].round().astype(np.int64).T
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        if inside.mean() < 0.6:
            continue
        colours, places = pixels[row[inside], column[inside]].astype(np.float64), parts[inside]
        trend = np.polynomial.polynomial.polyfit(places, colours, 1)
        rest = np.abs(colours - np.polynomial.polynomial.polyval(places, trend).T).max(axis=1)
        found.append(float(np.quantile(rest, 0.8)))
    return float(np.mean(found)) if found else None
