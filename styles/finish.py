"""The last step of a picture: the photo's own colours, and as much of the painting as was asked for."""

from __future__ import annotations

import numpy as np
from PIL import Image

from styles.contract import StyleOptions
from styles.image import Pixels

#: Rows of a picture that `finish` works on at a time; Pillow's copies of them take 24 bytes a pixel.
BAND = 256


def finish(painted: Pixels, photo: Pixels, options: StyleOptions) -> Pixels:
    """The photo's colours and the strength, both (H, W, 3); a band at a time, for a photo may be large."""
    if not options.keep_colors and options.strength == 1:
        return painted
    finished = np.empty_like(photo)
    for top in range(0, len(photo), BAND):
        band = slice(top, top + BAND)
        finished[band] = _finish(Image.fromarray(painted[band]), Image.fromarray(photo[band]), options)
    return finished


def _finish(after: Image.Image, before: Image.Image, options: StyleOptions) -> Pixels:
    if options.keep_colors:
        light = after.convert("YCbCr").getchannel("Y")
        blue, red = before.convert("YCbCr").split()[1:]
        after = Image.merge("YCbCr", (light, blue, red)).convert("RGB")
    return np.asarray(Image.blend(before, after, options.strength))
