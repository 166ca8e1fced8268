"""A picture as JPEG, as good as a number of bytes allows.

    jpeg     the bytes at full quality, or what comes closest to a budget from below
    SCALES   the sizes that are tried, as parts of the picture's own

First the quality goes down, to where it begins to show; then the picture is made smaller, by as few steps as
will do, and gets the best quality that fits at that size. More bytes never give a smaller or coarser picture.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache

from PIL import Image

#: The quality without a budget, and the lowest before the picture is made smaller: brush strokes hide what
#: a JPEG does to them, and yet at 65 its blocks show in an even sky.
QUALITY, LOWEST_QUALITY = 92, 68
#: From this quality on colours have the full resolution: red strokes on blue would bleed.
FULL_COLOUR = 85
#: Each size has four fifths of the pixels of the one before: the best quality there is a few steps up.
STEP = 0.8**0.5
SCALES = tuple(STEP**n for n in range(48))
#: No side is made shorter than this for the sake of bytes, pixels.
LEAST_SIDE = 16


def jpeg(image: Image.Image, max_bytes: int | None = None, quality: int = QUALITY) -> bytes:
    """JPEG bytes of an RGB image: at `quality`, or at the best size and quality of at most `max_bytes`.

    A budget that the smallest size does not keep to is overstepped.
    """
    best = encoded(image, quality)
    if not max_bytes or len(best) <= max_bytes:
        return best
    lowest = min(LOWEST_QUALITY, quality)
    smaller = _largest(image, lowest, max_bytes)
    return _finest(cache(lambda q: encoded(smaller, q)), lowest, quality, max_bytes)


def encoded(image: Image.Image, quality: int) -> bytes:
    """JPEG bytes at one quality."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling="4:4:4" if quality >= FULL_COLOUR else "4:2:0")
    return buffer.getvalue()


def _largest(image: Image.Image, quality: int, max_bytes: int) -> Image.Image:
    """The image at the first of `SCALES` that fits at this quality."""
    sizes = list(dict.fromkeys(_sizes(image)))
    at = cache(lambda n: image if n == 0 else image.resize(sizes[n], Image.Resampling.LANCZOS))

    @cache
    def fits(n: int) -> bool:
        return len(encoded(at(n), quality)) <= max_bytes

    # Bytes go with the pixels, nearly: the guess is right or one off.
    n, pixels = 0, image.width * image.height * min(1.0, max_bytes / len(encoded(image, quality)))
    while n + 1 < len(sizes) and sizes[n][0] * sizes[n][1] > pixels:
        n += 1
    while n + 1 < len(sizes) and not fits(n):
        n += 1
    while n > 0 and fits(n - 1):
        n -= 1
    return at(n)


def _sizes(image: Image.Image) -> Iterator[tuple[int, int]]:
    for scale in SCALES:
        width, height = round(image.width * scale), round(image.height * scale)
        if scale < 1 and min(width, height) < min(LEAST_SIDE, *image.size):
            return
        yield width, height


def _finest(at: Callable[[int], bytes], lowest: int, highest: int, max_bytes: int) -> bytes:
    """The bytes of the best quality that fits, from `lowest`, which is taken to fit, to below `highest`."""
    while highest - lowest > 1:
        middle = (lowest + highest) // 2
        if len(at(middle)) <= max_bytes:
            lowest = middle
        else:
            highest = middle
    return at(lowest)
