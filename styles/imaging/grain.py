"""Add grain to a photo: a faint, fixed noise that the StyleUNet starts its brush strokes from.

In an even sky, equal pixels come out equal, or as a regular hatching. Grain makes them differ (Ulyanov et al.
2016, arXiv:1603.03417, feed noise for the same reason). Training and painting use the same grain, so that a
photo painted twice shows the same strokes. `grain_patterns.py` says which patterns there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from styles.formats.architecture import GrainPattern
from styles.imaging.codec import Pixels
from styles.imaging.grain_patterns import SIDE, pattern_noise

#: Standard deviation, of 255 levels.
DEVIATION = 12.0
#: Rows that are worked on at once, so that they stay in the processor's cache.
ROWS = 64


def add_grain(
    photo: Pixels, top: int = 0, left: int = 0, pattern: GrainPattern = GrainPattern.BLOTS
) -> Pixels:
    """Copy a photo (H, W, 3) with grain; `top` and `left` are its place in a larger photo."""
    height, width = photo.shape[:2]
    grained = np.empty_like(photo)
    least, most, step = _tile(pattern)
    for rows, tile_rows in _spans(top, height, ROWS):
        for columns, tile_columns in _spans(left, width, SIDE):
            part, tile = grained[rows, columns], (tile_rows, tile_columns)
            # The value is limited so that the step stays within a byte; a negative step wraps around.
            np.maximum(photo[rows, columns], least[tile], out=part)
            np.minimum(part, most[tile], out=part)
            part += step[tile]
    return grained


def _spans(start: int, length: int, most: int) -> Iterator[tuple[slice, slice]]:
    """Cut 0 to `length` into pieces of at most `most` pixels, each with its place in the repeated tile."""
    at = 0
    while at < length:
        first = (start + at) % SIDE
        size = min(most, length - at, SIDE - first)
        yield slice(at, at + size), slice(first, first + size)
        at += size


@cache
def _tile(pattern: GrainPattern) -> tuple[Pixels, Pixels, Pixels]:
    """Return the least and largest byte before its step, and the step of mean 0, (SIDE, SIDE, 3) each."""
    noise = pattern_noise(pattern)
    grain = np.rint((noise - np.mean(noise)) * (DEVIATION / np.std(noise))).astype(np.int16)
    least, most = np.maximum(0, -grain), 255 - np.maximum(0, grain)
    return least.astype(np.uint8), most.astype(np.uint8), grain.astype(np.uint8)
