"""The last step in a runner: finished pixels become the bytes that are sent.

    Encoded   a picture, and the preview that was asked for
    encode    pixels -> both

The preview is what a letter shows; who wants the picture opens it. It is reduced once, from the picture's own
pixels, and never has more of them, or more bytes, than the picture that goes with it.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image

from styles.contract import PREVIEW_BYTES, StyleOptions
from styles.imaging import codec
from styles.imaging.codec import Pixels
from styles.imaging.jpeg import jpeg

#: Its JPEG quality, if so many bytes allow: below 85, colours have half the resolution, for a third less.
PREVIEW_QUALITY = 84
#: As clear as the customary Lanczos at a letter's size, in less than half the time.
PREVIEW_FILTER = Image.Resampling.HAMMING


class Encoded(NamedTuple):
    """What is sent."""

    picture: bytes
    preview: bytes  #: a JPEG, or nothing


def encode(pixels: Pixels, options: StyleOptions) -> Encoded:
    """Picture and preview of pixels (H, W, 3)."""
    whole = Image.fromarray(pixels)
    picture = codec.saved(whole, options.format, max_bytes=options.max_bytes)
    preview = _preview(whole, picture, options) if options.preview else b""
    return Encoded(picture, preview)


def _preview(whole: Image.Image, picture: bytes, options: StyleOptions) -> bytes:
    with Image.open(io.BytesIO(picture)) as sent:  # its header only; `max_bytes` may have made it smaller
        size = sent.size
    wanted = codec.fit(size, options.preview or max(size))
    if options.format == "jpeg" and wanted == size and len(picture) <= PREVIEW_BYTES:
        return picture
    small = whole.resize(wanted, PREVIEW_FILTER, reducing_gap=2.0)
    return jpeg(small, min(PREVIEW_BYTES, len(picture)), PREVIEW_QUALITY)
