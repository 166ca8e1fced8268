"""Judge a painted picture by its pixels.

A style may be odd: all blue, nearly without contrast, black and white. But the picture must show something.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import Pixels

#: Range of levels up to which a channel shows nothing.
LEVELS = 3
#: Levels below and above which a value is black or white. 0..1 taken for 0..255 gives 1 at most.
BLACK, WHITE = 8, 247
#: Share of values that counts as nearly all, so that specks do not matter.
NEARLY_ALL = 0.995
#: Mean difference in levels below which a picture is its photo.
SAME = 1.0


def flaw(painted: Pixels) -> str:
    """Return the middle of a sentence about a picture (H, W, 3) that shows nothing, or ""."""
    if (np.ptp(painted.reshape(-1, 3), axis=0) < LEVELS).all():
        return f"paints one colour, rgb{tuple(map(int, painted[0, 0]))}"
    if _nearly_all(painted < BLACK):
        return "paints everything black"
    if _nearly_all(painted > WHITE):
        return "paints everything white"
    return ""


def unchanged(painted: Pixels, photo: Pixels) -> bool:
    """Return whether a picture is its photo; both (H, W, 3)."""
    difference = painted.astype(np.int16) - photo
    return float(np.abs(difference).mean()) < SAME


def _nearly_all(which: npt.NDArray[np.bool_]) -> bool:
    return float(which.mean()) >= NEARLY_ALL
