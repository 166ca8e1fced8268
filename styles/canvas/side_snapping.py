"""Move the sides of a quadrilateral to the clearest edges near them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from styles.canvas.straight_edges import EdgeArray

#: How far the ends of a side are moved to a clearer edge, pixels; and the contrast from which all are alike.
SNAP, MOST_CONTRAST = 6, 25.0
#: How much clearer an edge must be for each pixel of the way: the paper of a print has edges within.
CLEARER = 0.5
#: Points at which a side is looked at.
POINTS = 48


def points_between(start: EdgeArray, end: EdgeArray, parts: npt.NDArray[np.float64]) -> EdgeArray:
    """Return points (N, P, 2) at these parts of the way from (N, 2) to (N, 2)."""
    points: EdgeArray = start[:, None] + parts[None, :, None] * (end - start)[:, None]
    return points


def snapped(quad: EdgeArray, contrast: EdgeArray, reach: int = SNAP) -> EdgeArray:
    """Move each side to the clearest edge near it, since the soft edge of a shadow is one too."""
    height, width = contrast.shape
    shifts = np.arange(-reach, reach + 0.5, 1.0)
    parts = np.linspace(0.05, 0.95, POINTS)
    lines = []
    for side in range(4):
        a, b = quad[side], quad[(side + 1) % 4]
        along = (b - a) / np.hypot(*(b - a))
        outwards = np.array([along[1], -along[0]])
        starts, ends = (p + outwards * shifts[:, None] for p in (a, b))
        start, end = (
            grid.reshape(-1, 2)
            for grid in (np.repeat(starts, len(shifts), 0), np.tile(ends, (len(shifts), 1)))
        )
        column, row = points_between(start, end, parts).round().astype(np.int64).transpose(2, 0, 1)
        seen = contrast[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
        moved = np.abs(shifts)[:, None] + np.abs(shifts)
        gain = np.minimum(seen, MOST_CONTRAST).mean(axis=1) - CLEARER * moved.ravel() / 2
        best = int(gain.argmax())
        lines.append((start[best], end[best]))
    return np.array([_meeting(lines[side - 1], lines[side]) for side in range(4)])


def _meeting(one: tuple[EdgeArray, EdgeArray], other: tuple[EdgeArray, EdgeArray]) -> EdgeArray:
    """Return where two lines through two points each cross."""
    (a, b), (c, d) = one, other
    along, _ = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
    crossing: EdgeArray = a + along * (b - a)
    return crossing
