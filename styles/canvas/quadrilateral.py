"""Define the corners of a painting in its picture. No pixels are read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Corner: TypeAlias = tuple[float, float]
#: Four points, clockwise from the top left, in parts of a picture's width and height.
Corners: TypeAlias = tuple[Corner, Corner, Corner, Corner]
#: The corners of the whole picture.
WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
#: Least turn at a corner: twice the area of the triangle at it, in parts of the picture.
LEAST_TURN = 1e-3


def validated_corners(points: Sequence[Sequence[float]]) -> Corners:
    """Return four corners that a person named. Raises ValueError where they make no convex quadrilateral."""
    if len(points) != 4:
        raise ValueError("there must be four corners")
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    corners: Corners = ((ax, ay), (bx, by), (cx, cy), (dx, dy))
    if not all(0 <= part <= 1 for point in corners for part in point):
        raise ValueError("corners are given in parts of the picture, from 0 to 1")
    for before, at, after in zip((corners[-1], *corners), corners, (*corners[1:], corners[0]), strict=False):
        turn = (at[0] - before[0]) * (after[1] - at[1]) - (at[1] - before[1]) * (after[0] - at[0])
        if not turn > LEAST_TURN:
            raise ValueError("corners must go clockwise from the top left around a convex area")
    return corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """Hold what makes a quadrilateral a painting with confidence."""

    #: Least share of the picture that a painting has, unless it is alone on a plain wall (`walls.py`).
    least_area: float = 0.12
    #: Most deviation along a side of what is beside it, of 255, that counts as calm; and in parts of the
    #: deviation inside of it.
    calm: float = 14.0
    calm_share: float = 0.55
    #: The quantile of the contrast along the picture's border that tells how rough the wall is, and times
    #: that what is faint: a plaster or a brick is no edge.
    roughness: float = 0.5
    rough_times: float = 2.0


#: What is demanded of a painting on most walls.
USUAL = Demands()
