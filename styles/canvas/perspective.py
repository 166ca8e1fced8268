"""Straighten what lies between four corners of a picture, as if it were seen from the front."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from styles.canvas.quadrilateral import WHOLE, Corners
from styles.imaging.codec import Pixels


def size_between(corners: Corners, size: tuple[int, int]) -> tuple[float, float]:
    """Return width and height of what lies between corners of a picture of `size`, pixels.

    Each is the mean of two opposite sides, which is the truth for a canvas that is seen from the front.
    """
    points = np.array(corners) * size
    top, right, bottom, left = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    return float(top + bottom) / 2, float(left + right) / 2


def rectified(pixels: Pixels, corners: Corners, long_side: int) -> Pixels:
    """Return what lies between the corners of (H, W, 3) as a rectangle, its long side at most that."""
    if corners == WHOLE:
        image = Image.fromarray(pixels)
        image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        return np.asarray(image)
    height, width = pixels.shape[:2]
    wide, high = size_between(corners, (width, height))
    # A transformation reads four pixels for each, so a much smaller result is reduced afterwards.
    size = (max(1, round(wide)), max(1, round(high)))
    matrix = homography(corners) @ np.diag([1 / size[0], 1 / size[1], 1])
    matrix = np.diag([width, height, 1]) @ matrix
    coefficients = (matrix / matrix[2, 2]).flatten()[:8].tolist()
    image = Image.fromarray(pixels).transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    return np.asarray(image)


def homography(corners: Corners) -> npt.NDArray[np.float64]:
    """Return the matrix (3, 3) from the unit square to the corners.

    Raises ValueError where three of them are in one line.
    """
    rows, wanted = [], []
    for (u, v), (x, y) in zip(WHOLE, corners, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        wanted += [x, y]
    try:
        solved = np.linalg.solve(np.array(rows), np.array(wanted))
    except np.linalg.LinAlgError as error:
        raise ValueError("three corners in one line") from error
    return np.append(solved, 1.0).reshape(3, 3)


def within(corners: Corners, inner: Corners) -> Corners:
    """Return corners that are given in parts of what lies between `corners` in parts of the picture."""
    matrix = homography(corners)
    return as_corners([(x / w, y / w) for x, y, w in (matrix @ (u, v, 1.0) for u, v in inner)])


def as_corners(points: npt.ArrayLike) -> Corners:
    """Return four points (4, 2) as corners."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = np.asarray(points, np.float64).tolist()
    return ((ax, ay), (bx, by), (cx, cy), (dx, dy))


def shrunk(corners: Corners, part: float) -> Corners:
    """Move each side inwards by a part of what lies between the corners."""
    near, far = part, 1 - part
    return within(corners, ((near, near), (far, near), (far, far), (near, far)))
