"""What is wrong with a painted picture, as far as its pixels tell.

    flaw        the middle of a sentence about what is wrong, or ""
    unchanged   whether it is the photo itself

A style may be odd: all blue, nearly without contrast, black and white. What it cannot be is a picture of
nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import Pixels

#: Channels whose values all lie within so few levels show nothing.
LEVELS = 3
#: Nearly all values below, or above: black, white. 0..1 taken for 0..255 gives 1 at most.
DARK, LIGHT = 8, 247
#: Share of values for "nearly all", so that specks do not count.
NEARLY_ALL = 0.995
#: A picture differs from its photo by less, levels in the mean: it is the photo.
SAME = 1.0


def flaw(painted: Pixels) -> str:
    """What a network does that made this picture (H, W, 3), if that is no style."""
    if (np.ptp(painted.reshape(-1, 3), axis=0) < LEVELS).all():
        return f"paints one colour, rgb{tuple(map(int, painted[0, 0]))}"
    if _nearly_all(painted < DARK):
        return "paints everything black"
    if _nearly_all(painted > LIGHT):
        return "paints everything white"
    return ""


def unchanged(painted: Pixels, photo: Pixels) -> bool:
    """Whether a picture is its photo; both (H, W, 3)."""
    difference = painted.astype(np.int16) - photo
    return float(np.abs(difference).mean()) < SAME


def _nearly_all(which: npt.NDArray[np.bool_]) -> bool:
    return float(which.mean()) >= NEARLY_ALL
