"""Find the frame around a painting, or its mat, in a picture that both of them fill.

Along a side of a frame nothing changes, whatever lies across it: ridges, a bevel, a fillet. So each line
beside a border of the picture is compared with its own trend. The frame ends at the farthest depth that is
about the same at all four borders, with an edge along each of them, and up to which all four are even and of
one colour.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageFilter

from styles.canvas.perspective import as_corners
from styles.canvas.quadrilateral import Corners
from styles.canvas.side_snapping import snapped
from styles.canvas.straight_edges import BLUR, EdgeArray, edges_of
from styles.imaging.codec import Pixels

#: Narrowest and widest frame, in parts of the picture's short side.
NARROWEST, WIDEST = 0.015, 0.24
#: How much of a border's length is looked at, around its middle: the rest may belong to other sides.
MIDDLE = 0.52
#: Pixels by which a line of a frame may be off: corners are found to a pixel or two.
ASTRAY = 2
#: Deviation from its trend up to which a line is even, of 255, and times that of the lines before it: a frame
#: has ornaments. Of the first lines, which may be the wall's, it is not asked.
EVEN, EVEN_TIMES, FIRST = 9.0, 2.2, 4
#: Most of the same of a frame's side, and how many may have more: a glare lies on one. Then how much more the
#: painting has: noise is alike everywhere.
MOST_UNEVEN_SIDE, MOST_GLARING, INSIDE_TIMES = 14.0, 1, 1.5
#: Lines in a row that end a frame by being uneven, and lines behind them at which its edge may be.
UNEVEN_LINES, BEHIND = 3, 3
#: Contrast of an edge, of 255 for each pixel, and the share of a border along which there is one.
EDGE, LEAST_SUPPORT = 5.0, 0.65
#: Most that the widths of two sides differ: a picture seen from the side is foreshortened.
MOST_UNEQUAL = 1.35
#: Most that the sides differ in brightness, as a factor, and in the share of each colour.
MOST_BRIGHTER, MOST_TINGE = 1.8, 0.06


def inside_frame(pixels: Pixels) -> Corners | None:
    """Return the corners of what is within a frame along the borders of (H, W, 3); None without a frame."""
    height, width = pixels.shape[:2]
    deepest = round(WIDEST * min(height, width))
    if deepest < 2 * FIRST:  # a strip
        return None
    smooth = np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(BLUR)), np.float32)
    sides = [_Side(np.rot90(smooth, turn), deepest) for turn in range(4)]  # top, right, bottom, left
    all_widths = _common_widths(sides, max(3, round(NARROWEST * min(height, width))))
    likely = (each for each in all_widths if _is_even(sides, each) and _is_of_one_colour(sides, each))
    if (widths := next(likely, None)) is None:
        return None
    top, right, bottom, left = widths
    quad = np.array(
        [(left, top), (width - right, top), (width - right, height - bottom), (left, height - bottom)],
        np.float32,
    )
    return as_corners(snapped(quad - 0.5, edges_of(pixels).contrast, ASTRAY) / (width, height))


class _Side:
    """Measure the lines beside the upper border of a picture (H, W, 3), by their depth."""

    def __init__(self, smooth: EdgeArray, deepest: int) -> None:
        length = smooth.shape[1]
        start, stop = round(length * (0.5 - MIDDLE / 2)), round(length * (0.5 + MIDDLE / 2))
        lines = smooth[: 2 * deepest, start:stop]  # (D, L, 3)
        self.colours = np.median(lines, axis=1)  # (D, 3)
        uneven = _unevenness(lines)
        #: How far the border is even.
        self.even = _even_lines(uneven[:deepest])
        self.uneven = uneven  #: deviation of each line
        #: Whether its lines say little, so that its width is taken from the opposite side.
        self.is_glaring = bool(np.median(uneven[1 : self.even]) > EVEN)
        change = np.zeros(lines.shape[:2], np.float32)
        change[1:-1] = np.abs(lines[2:] - lines[:-2]).max(axis=2) / 2
        clear = (_tallest(change) > EDGE).mean(axis=1)
        contrast = np.minimum(change, 25).mean(axis=1)
        peaks = contrast >= np.maximum(np.roll(contrast, 1), np.roll(contrast, -1))
        ends = np.flatnonzero(peaks & (clear >= LEAST_SUPPORT))
        #: Depths at which an edge runs along the border, within its even part.
        self.ends = ends[(ends > 1) & (ends <= min(self.even + BEHIND, deepest))]


def _unevenness(lines: EdgeArray) -> EdgeArray:
    """Return how much each line (D, L, 3) deviates from its trend, of 255, (D,)."""
    length = lines.shape[1]
    start, end = np.median(lines[:, : length // 2], axis=1), np.median(lines[:, length // 2 :], axis=1)
    parts = (np.linspace(0, 1, length, dtype=np.float32) - 0.25) / 0.5
    trend = start[:, None] + (end - start)[:, None] * parts[None, :, None]
    rows = np.arange(len(lines))
    near = [
        np.abs(lines[np.clip(rows + by, 0, len(lines) - 1)] - trend).max(axis=2)
        for by in range(-ASTRAY, ASTRAY + 1)
    ]
    unevenness: EdgeArray = np.quantile(np.minimum.reduce(near), 0.8, axis=1).astype(np.float32)
    return unevenness


def _tallest(change: EdgeArray) -> EdgeArray:
    """Spread what is in (D, L) to the lines near it."""
    padded = np.pad(change, ((ASTRAY, ASTRAY), (0, 0)))
    tallest: EdgeArray = np.maximum.reduce([padded[by : by + len(change)] for by in range(2 * ASTRAY + 1)])
    return tallest


def _even_lines(uneven: EdgeArray) -> int:
    """Return how many lines are even, up to the first of some in a row that are not."""
    for depth in range(FIRST, len(uneven) - UNEVEN_LINES + 1):
        limit = max(EVEN, EVEN_TIMES * float(np.median(uneven[1:depth])))
        if (uneven[depth : depth + UNEVEN_LINES] > limit).all():
            return depth
    return len(uneven)


def _common_widths(sides: list[_Side], narrowest: int) -> Iterator[list[int]]:
    """Yield frames of about one width, top, right, bottom and left, the widest first."""
    for widest in sorted({int(end) for side in sides for end in side.ends}, reverse=True):
        least = max(narrowest, widest / MOST_UNEQUAL - ASTRAY)
        fitting = [side.ends[(side.ends <= widest) & (side.ends >= least)] for side in sides]
        if all(len(ends) for ends in fitting):
            widths = [int(ends[-1]) for ends in fitting]
            yield [
                int(min(ends, key=lambda end: abs(end - opposite))) if side.is_glaring else width
                for side, ends, width, opposite in zip(
                    sides, fitting, widths, (*widths[2:], *widths[:2]), strict=True
                )
            ]


def _is_even(sides: list[_Side], widths: list[int]) -> bool:
    """Tell whether a frame of these widths is even, and what is inside is less so."""
    frame, inside = (
        np.array([np.median(side.uneven[part(end)]) for side, end in zip(sides, widths, strict=True)])
        for part in (lambda end: slice(1, end), lambda end: slice(end + UNEVEN_LINES, None))
    )
    is_even = (frame > MOST_UNEVEN_SIDE).sum() <= MOST_GLARING
    return bool(is_even and inside.mean() > INSIDE_TIMES * frame.mean())


def _is_of_one_colour(sides: list[_Side], widths: list[int]) -> bool:
    means = np.array([side.colours[:end].mean(axis=0) for side, end in zip(sides, widths, strict=True)]) + 8
    light = means.mean(axis=1)
    tinges = means / means.sum(axis=1, keepdims=True)
    return bool(light.max() <= MOST_BRIGHTER * light.min() and np.ptp(tinges, axis=0).max() <= MOST_TINGE)
