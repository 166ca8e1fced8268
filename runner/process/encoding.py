"""Decode photos, and encode painted pixels as a picture, its preview, or a sheet of many styles.

A letter shows the preview; the picture opens from it. The preview is reduced from the picture's own pixels,
and never has more pixels or bytes than the picture. The functions block.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

from PIL import Image

from runner.protocol.messages import Label, Task
from styles.contract import PREVIEW_BYTES, StyleOptions
from styles.errors import Unpaintable
from styles.imaging import codec
from styles.imaging.codec import Pixels
from styles.imaging.contact_sheet import Grid, framed, sheet
from styles.imaging.jpeg_encoding import jpeg
from styles.imaging.xmp import embedded
from styles.imaging.xmp import overhead as xmp_overhead

#: JPEG quality of a preview, if its bytes allow: below 85, colours have half the resolution, for a third
#: less.
PREVIEW_QUALITY = 84
#: Most of a picture's bytes that an XMP packet may take, as a share; a smaller picture has none.
MOST_XMP = 0.25
#: As clear as the customary Lanczos at a letter's size, in less than half the time.
PREVIEW_FILTER = Image.Resampling.HAMMING


class Encoded(NamedTuple):
    """Hold the encoded picture and preview."""

    picture: bytes
    preview: bytes  #: a JPEG, or empty


def open_photo(image: bytes, options: StyleOptions) -> Pixels:
    """Decode a photo (H, W, 3) at the size asked for. Raises a `PainterError`."""
    try:
        return codec.decode(image, long_side=options.size)
    except MemoryError as error:
        raise Unpaintable(f"out of memory: {error}") from error


def open_for_sheet(task: Task) -> Pixels:
    """Decode the photo (H, W, 3) of a sheet. Raises a `PainterError`, `BadOption` for too many pixels."""
    photo = open_photo(task.image, task.options)
    height, width = photo.shape[:2]
    Grid.of(1 + len(task.parts), width, height)
    return photo


def encode(pixels: Pixels, options: StyleOptions, xmp: str = "") -> Encoded:
    """Encode pixels (H, W, 3), with an XMP packet in picture and preview if they have room for it."""
    whole = Image.fromarray(pixels)
    room = xmp_overhead(xmp)
    if options.max_bytes and room > options.max_bytes * MOST_XMP:
        xmp, room = "", 0
    most = options.max_bytes and options.max_bytes - room
    picture = codec.saved(whole, options.format, max_bytes=most)
    preview = _preview(whole, picture, options, room) if options.preview else b""
    return Encoded(embedded(picture, options.format, xmp), embedded(preview, "jpeg", xmp))


def _preview(whole: Image.Image, picture: bytes, options: StyleOptions, room: int) -> bytes:
    with Image.open(io.BytesIO(picture)) as sent:  # reads the header; `max_bytes` may have reduced it
        size = sent.size
    fitted = codec.fit(size, options.preview or max(size))
    if options.format == "jpeg" and fitted == size and len(picture) <= PREVIEW_BYTES - room:
        return picture
    small = whole.resize(fitted, PREVIEW_FILTER, reducing_gap=2.0)
    return jpeg(small, min(PREVIEW_BYTES - room, len(picture)), PREVIEW_QUALITY)


def encode_sheet(
    photo: Pixels, paintings: Sequence[tuple[Label, Pixels]], options: StyleOptions, xmp: str = ""
) -> Encoded:
    """Encode a photo and its paintings, with their titles; smaller ones are enlarged to the photo's size."""
    height, width = photo.shape[:2]
    pictures = [framed(codec.resized(each, (width, height)), **asdict(label)) for label, each in paintings]
    return encode(sheet(photo, pictures), options, xmp)
