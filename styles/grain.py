"""Grain: a faint, fixed noise that is laid over a photo before our network sees it.

The network has nothing to begin a brush stroke from in an even sky: equal pixels come out equal, or as a
regular hatching. Grain gives it something (Ulyanov et al. 2016, arXiv:1603.03417, feed noise for the same
reason). It is the same in training and in painting, and always the same, so that a photo painted twice
gives one picture.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from styles.image import Pixels

#: The grain repeats after so many pixels: at 512 the strokes of an even sky were seen to repeat with it. At
#: 2048 it would take half a second to make, before the first photo.
SIDE = 1024
#: Sizes of its blots, pixels: about those of a stroke's width and of its length.
BLOTS = (4, 16)
#: Standard deviation, of 255 levels.
DEVIATION = 6.0
#: Rows that are worked on at once, so that they stay in the processor's cache.
ROWS = 64


def add_grain(photo: Pixels, top: int = 0, left: int = 0) -> Pixels:
    """A copy of a photo (H, W, 3) with grain; `top` and `left` say where in a larger photo it lies."""
    height, width = photo.shape[:2]
    columns = np.arange(left, left + width) % SIDE
    grained = np.empty_like(photo)
    for row in range(0, height, ROWS):
        rows = np.arange(top + row, top + min(row + ROWS, height)) % SIDE
        level = photo[row : row + ROWS].astype(np.int16) + _tile()[rows][:, columns]
        grained[row : row + ROWS] = level.clip(0, 255, out=level)
    return grained


@cache
def _tile() -> npt.NDArray[np.int8]:
    """(SIDE, SIDE, 3), of mean 0; its edges join."""
    random = np.random.default_rng(1)
    grain = np.sum([_blots(random, size) for size in BLOTS], axis=0)
    grain = (grain - np.mean(grain)) * (DEVIATION / np.std(grain))
    levels: npt.NDArray[np.int8] = np.rint(grain).astype(np.int8)
    return levels


def _blots(random: np.random.Generator, size: int) -> npt.NDArray[np.float32]:
    """Smooth noise of one size of blots, (SIDE, SIDE, 3), of deviation 1."""
    cells, large = SIDE // size, SIDE + 4 * size  # two cells more on each side, so that the edges join
    channels = []
    for _ in range(3):
        values = random.standard_normal((cells, cells)).astype(np.float32)
        image = Image.fromarray(np.pad(values, 2, "wrap"))
        smooth = np.asarray(image.resize((large, large), Image.Resampling.BICUBIC))
        channels.append(smooth[2 * size : -2 * size, 2 * size : -2 * size] / np.std(smooth))
    return np.stack(channels, axis=2)
