"""Decode photos to pixels and encode pictures to bytes.

Photos are untrusted: the number of pixels is read from the header and checked before anything is decoded.
Every error of a decoder becomes `NotAnImage`. Runner processes, the sandboxed worker, the trainer and the
command `styles` import this; the bot, the balancer and the registry's server never do.
"""

from __future__ import annotations

import contextlib
import io
import threading
import warnings

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from styles.contract import MAX_PIXELS, Format
from styles.errors import ImageTooLarge, NotAnImage
from styles.imaging.color import is_plain, to_rgb
from styles.imaging.jpeg_encoding import jpeg

#: Upright sRGB pixels, (H, W, 3).
Pixels = npt.NDArray[np.uint8]
#: Images of one size, (B, H, W, 3).
PixelBatch = npt.NDArray[np.uint8]

#: Formats that Pillow may open. Those with interpreters behind them (EPS, WMF) are left out.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "PPM")
#: Least share of the requested side at which a reduced JPEG is enlarged to it. A JPEG decodes faster at a
#: half, a quarter or an eighth of its size: a phone's 4032 pixels give 1008 for the 1024 to be painted.
ENOUGH = 15 / 16
#: Reductions above this ratio use a filter that reads half as many pixels.
MUCH = 1.4
#: Transpositions that make a photo upright, by EXIF orientation.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Larger photos, pixels as decoded, are decoded one at a time in all threads: one of 64 megapixels with
#: transparency takes 1 GB meanwhile.
LARGE_PIXELS = 16_000_000
_one_large = threading.Lock()

pi_heif.register_heif_opener(thumbnails=False)


def decode(photo: bytes, *, long_side: int | None = None, short_side: int | None = None) -> Pixels:
    """Decode a photo to upright sRGB pixels; of an animation the first frame.

    `long_side` or `short_side` reduce the photo to that side, pixels; a JPEG is then decoded at a reduced
    scale where that is faster. Raises `ImageTooLarge` before decoding, and `NotAnImage` for bytes that no
    decoder reads.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is not used here
            return _decode(photo, long_side, short_side)
    except (ImageTooLarge, NotAnImage, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"at most {MAX_PIXELS:,} pixels, and it has far more") from error
    except UnidentifiedImageError as error:
        raise NotAnImage("its format is not one that is read here") from error
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise NotAnImage(f"{type(error).__name__}: {error}") from error


def _decode(photo: bytes, long_side: int | None, short_side: int | None) -> Pixels:
    with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageTooLarge(f"{width}x{height} pixels, at most {MAX_PIXELS:,} pixels")
        if short_side and min(width, height) > short_side:
            long_side = round(short_side * max(width, height) / min(width, height))
        size = fit((width, height), long_side or max(width, height))
        if long_side:
            image.draft(None, fit((width, height), int(long_side * ENOUGH)))
        large = image.width * image.height > LARGE_PIXELS
        with _one_large if large else contextlib.nullcontext():
            return _upright(image, size)


def _upright(image: Image.Image, size: tuple[int, int]) -> Pixels:
    """Reduce an opened image to `size` before turning it upright, so that each step has the fewest pixels."""
    image.load()  # before this, some formats know no orientation, or have not turned by it
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    profile = image.info.get("icc_profile")
    rgb = _of_size(to_rgb(_of_size(image, size) if is_plain(image) else image, profile), size)
    return np.array(rgb if turn is None else rgb.transpose(turn), dtype=np.uint8)


def _of_size(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resize an image to nearly its size or smaller; the filter for much smaller ones takes half the time."""
    if image.size == size:
        return image
    much = image.width > MUCH * size[0]
    filter = Image.Resampling.HAMMING if much else Image.Resampling.BICUBIC
    return image.resize(size, filter, reducing_gap=2.0)


def fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """Reduce (width, height), but never enlarge it, to that long side; each side is at least 1."""
    scale = min(1.0, long_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Resize pixels (H, W, 3) to (width, height)."""
    if pixels.shape[1::-1] == size:
        return pixels
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def encode(pixels: Pixels, format: Format = "jpeg", *, max_bytes: int | None = None) -> bytes:
    """Encode pixels (H, W, 3); a JPEG loses quality, then size, until it has at most `max_bytes`."""
    return saved(Image.fromarray(pixels), format, max_bytes=max_bytes)


def saved(image: Image.Image, format: Format = "jpeg", *, max_bytes: int | None = None) -> bytes:
    """Encode a Pillow image as `encode` does."""
    if format == "jpeg":
        return jpeg(image, max_bytes)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()
