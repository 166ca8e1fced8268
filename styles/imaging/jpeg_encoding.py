"""Encode an image as JPEG, in the best quality that a number of bytes allows.

First the quality is lowered until the loss begins to show. Then the image is reduced by as few steps as
needed, and gets the best quality that fits at that size. More bytes never give a smaller or coarser picture.
"""

from __future__ import annotations

import io
import math
from bisect import bisect_right
from functools import cache
from itertools import takewhile

from PIL import Image

#: Quality without a budget, and the lowest before the image is reduced. Brush strokes hide the losses of a
#: JPEG, but at 65 its blocks show in an even sky.
QUALITY, LOWEST_QUALITY = 92, 68
#: From this quality on, colours have the full resolution: red strokes on blue would bleed.
FULL_COLOUR = 85
#: Ratio of sides from one size to the next, which has four fifths of the pixels.
STEP = 0.8**0.5
#: Sizes that are tried, as shares of the image's own.
SCALES = tuple(STEP**n for n in range(48))
#: Shortest side to which an image is reduced, pixels.
LEAST_SIDE = 16


def jpeg(image: Image.Image, max_bytes: int | None = None, quality: int = QUALITY) -> bytes:
    """Encode an RGB image at `quality`, or at the best size and quality of at most `max_bytes`.

    The result is larger only where even the smallest size does not fit.
    """
    best = encoded(image, quality)
    if not max_bytes or len(best) <= max_bytes:
        return best
    lowest = min(LOWEST_QUALITY, quality)
    smaller = _largest(image, lowest, max_bytes)
    at = cache(lambda q: encoded(smaller, q))
    # The lowest quality fits, or nothing does.
    better = bisect_right(range(lowest + 1, quality), max_bytes, key=lambda q: len(at(q)))
    return at(lowest + better)


def encoded(image: Image.Image, quality: int) -> bytes:
    """Encode an image as JPEG at a quality; from `FULL_COLOUR` on colours keep their full resolution."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling="4:4:4" if quality >= FULL_COLOUR else "4:2:0")
    return buffer.getvalue()


def _largest(image: Image.Image, quality: int, max_bytes: int) -> Image.Image:
    """Reduce the image to the first of `SCALES` that fits at this quality."""
    least = min(LEAST_SIDE, *image.size)
    scaled = ((round(image.width * scale), round(image.height * scale)) for scale in SCALES)
    sizes = list(dict.fromkeys(takewhile(lambda size: min(size) >= least, scaled)))
    at = cache(lambda n: image if n == 0 else image.resize(sizes[n], Image.Resampling.LANCZOS))

    @cache
    def fits(n: int) -> bool:
        return len(encoded(at(n), quality)) <= max_bytes

    # Bytes are nearly proportional to pixels: the guess is right, or off by one.
    pixels = image.width * image.height * min(1.0, max_bytes / len(encoded(image, quality)))
    n = next((n for n, size in enumerate(sizes) if math.prod(size) <= pixels), len(sizes) - 1)
    while n + 1 < len(sizes) and not fits(n):
        n += 1
    while n > 0 and fits(n - 1):
        n -= 1
    return at(n)
