"""Find long straight edges in a picture, nearly upright or nearly level, by a Hough transform.

A line is (offset, slope): an upright one is x = offset + slope * (y - height / 2). A level one is the upright
one of the picture with its axes swapped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from styles.canvas.quadrilateral import USUAL, Demands
from styles.imaging.codec import Pixels

EdgeArray = npt.NDArray[np.float32]
#: Radius of the blur before edges are looked for, pixels: of a canvas' grain and of noise.
BLUR = 0.8
#: Steepest slope of a side, pixels for each pixel: a canvas is tilted or seen from the side by 30 degrees.
MOST_SLOPE = 0.6
#: Distance between two slopes at the end of a line, pixels.
SLOPE_STEP = 3.0
#: Width of a bin of offsets, pixels.
BIN = 2.0
#: Contrast of an edge that counts as 0 and as 1, of 255 for each pixel. A pale sky on a white wall has 4.
FAINT, CLEAR = 2.0, 10.0
#: Width of the strip along the picture's border that tells how rough the wall is, in parts of its sides.
BORDER = 0.04
#: Pixels beside an edge that must have none on one side, for a wall, and the most edges that these may have.
WALL_WIDTH, MOST_IN_WALL = 8, 0.3
#: Lines that are kept of each direction and side, and the distance of two of them in pixels.
MOST_LINES, APART = 12, 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Hold how strong the edges of a picture (H, W) are, from 0 to 1, by their direction."""

    upright: EdgeArray  #: between left and right
    level: EdgeArray  #: between above and below
    contrast: EdgeArray  #: of both, of 255 for each pixel


def edges_of(pixels: Pixels, demands: Demands = USUAL) -> Edges:
    """Measure the edges of a picture (H, W, 3), of the colour that changes most."""
    smooth = np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(BLUR)), np.float32)
    across = np.zeros(pixels.shape, np.float32)
    down = np.zeros(pixels.shape, np.float32)
    across[:, 1:-1] = (smooth[:, 2:] - smooth[:, :-2]) / 2
    down[1:-1] = (smooth[2:] - smooth[:-2]) / 2
    across, down = (np.abs(change).max(axis=2) for change in (across, down))
    length = np.hypot(across, down)
    faint = max(FAINT, demands.rough_times * _roughness(length, demands.roughness))
    strength = np.clip((length - faint) / (CLEAR - FAINT), 0, 1)
    # An edge of a line of 30 degrees has a share of its contrast in both directions.
    return Edges(strength * (across > 0.6 * down), strength * (down > 0.6 * across), length)


def _roughness(contrast: EdgeArray, quantile: float) -> float:
    """Return a quantile of the contrast along the picture's border: of the wall, if there is one."""
    height, width = contrast.shape
    y, x = max(2, round(BORDER * height)), max(2, round(BORDER * width))
    strips = (contrast[1:y], contrast[-y:-1], contrast[:, 1:x], contrast[:, -x:-1])
    return float(np.quantile(np.concatenate([strip.ravel() for strip in strips]), quantile))


def lines_beside_a_wall(edges: EdgeArray) -> tuple[EdgeArray, EdgeArray]:
    """Return the upright lines of edges (H, W) with a wall to their left, and those with one to their right.

    The many lines within a painting do not crowd out its sides then.
    """
    sums = np.pad(edges, ((0, 0), (1 + WALL_WIDTH + 3, WALL_WIDTH + 3)))
    sums = np.cumsum(sums, axis=1)
    means = (sums[:, WALL_WIDTH:] - sums[:, :-WALL_WIDTH]) / WALL_WIDTH
    width = edges.shape[1]
    left, right = means[:, :width], means[:, WALL_WIDTH + 6 :][:, :width]
    kept = [edges * (beside < MOST_IN_WALL) for beside in (left, right)]
    return upright_lines(kept[0]), upright_lines(kept[1])


def upright_lines(edges: EdgeArray) -> EdgeArray:
    """Return up to `MOST_LINES` lines (N, 2) of upright edges (H, W), each an offset and a slope."""
    height, width = edges.shape
    row, column = np.nonzero(edges > 0.1)
    weight = edges[row, column]
    slopes = np.arange(-MOST_SLOPE, MOST_SLOPE + 1e-6, SLOPE_STEP / height)
    bins = int(width * (1 + 2 * MOST_SLOPE) / BIN) + 2
    margin = width * MOST_SLOPE
    votes = np.zeros((len(slopes), bins), np.float32)
    for index, slope in enumerate(slopes):
        offset = column - slope * (row - height / 2)
        inside = (offset > -margin) & (offset < width + margin)
        place = ((offset[inside] + margin) / BIN).astype(np.int64)
        votes[index] = np.bincount(place, weight[inside], bins)[:bins]
    return _peaks(votes, slopes, margin, height)


def _peaks(votes: EdgeArray, slopes: npt.NDArray[np.float64], margin: float, height: int) -> EdgeArray:
    """Return the lines with the most votes, no two of them near each other along their whole length."""
    offsets = (np.arange(votes.shape[1]) + 0.5) * BIN - margin
    found: list[tuple[float, float]] = []
    order = np.argsort(votes, axis=None)[::-1][: MOST_LINES * 200]
    for place in order:
        slope_index, bin_index = divmod(int(place), votes.shape[1])
        if votes[slope_index, bin_index] < height / 10:
            break
        offset, slope = float(offsets[bin_index]), float(slopes[slope_index])
        ends = [
            max(abs(offset - other - side * (slope - tilt)) for side in (-height / 2, height / 2))
            for other, tilt in found
        ]
        if all(distance > APART for distance in ends):
            found.append((offset, slope))
        if len(found) == MOST_LINES:
            break
    return np.array(found, np.float32).reshape(-1, 2)
