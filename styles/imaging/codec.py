"""Bytes to pixels and back: every photo comes in and goes out through here.

    decode   bytes of any common format -> upright sRGB pixels (H, W, 3), uint8
    fit      the size at which a photo is painted
    resized  pixels of another size
    encode   pixels -> JPEG or PNG bytes, a JPEG to a byte budget
    saved    the same of a Pillow image

The bytes are hostile: the pixel count is read from the header and capped before anything is decoded,
and whatever a decoder raises becomes `NotAnImage`. Only runner processes and the trainer import this.
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

from styles.contract import Format
from styles.errors import ImageTooLarge, NotAnImage
from styles.imaging.color import is_plain, to_rgb
from styles.imaging.jpeg import jpeg

#: Upright sRGB pixels, (H, W, 3).
Pixels = npt.NDArray[np.uint8]
#: Of pictures of one size, (B, H, W, 3).
Batch = npt.NDArray[np.uint8]

#: Pixels in a photo that we decode; the largest phone cameras of 2026 take 50 megapixels by default.
MAX_PIXELS = 64_000_000
#: What we let Pillow open. Formats with interpreters behind them (EPS, WMF) stay shut.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "PPM")
#: A JPEG comes at a half, a quarter or an eighth of its size for less; that is taken if it has this part
#: of the side that is wanted, and enlarged: a phone's 4032 pixels give 1008 where 1024 are to be painted.
ENOUGH = 15 / 16
#: From this ratio on a reduction is by a filter that reads half as many pixels.
MUCH = 1.4
#: What makes a photo of an EXIF orientation upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Photos of more pixels than these, as they are decoded, are decoded one at a time, whatever the threads: one
#: of 64 megapixels with transparency takes 1 GB meanwhile.
LARGE_PIXELS = 16_000_000
_one_large = threading.Lock()

pi_heif.register_heif_opener(thumbnails=False)


def decode(
    photo: bytes,
    *,
    long_side: int | None = None,
    short_side: int | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Pixels:
    """Pixels of a photo, upright, in sRGB; of an animation the first frame.

    With `long_side` or `short_side`, the photo comes back with that side at most so long, and a JPEG is
    decoded at a reduced scale where that helps. Raises `ImageTooLarge` before decoding, `NotAnImage` for
    what no decoder reads.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we do not use
            return _decode(photo, long_side, short_side, max_pixels)
    except (ImageTooLarge, NotAnImage, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"at most {max_pixels:,} pixels, and it has far more") from error
    except UnidentifiedImageError as error:
        raise NotAnImage("its format is none that is read here") from error
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise NotAnImage(f"{type(error).__name__}: {error}") from error


def _decode(photo: bytes, long_side: int | None, short_side: int | None, max_pixels: int) -> Pixels:
    with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ImageTooLarge(f"{width}x{height} pixels, at most {max_pixels:,} pixels")
        if short_side and min(width, height) > short_side:
            long_side = round(short_side * max(width, height) / min(width, height))
        size = fit((width, height), long_side or max(width, height))
        if long_side:
            image.draft(None, fit((width, height), int(long_side * ENOUGH)))
        large = image.width * image.height > LARGE_PIXELS
        with _one_large if large else contextlib.nullcontext():
            return _upright(image, size)


def _upright(image: Image.Image, size: tuple[int, int]) -> Pixels:
    """The pixels of an opened image, which has that size or a larger one before it is turned.

    Each step sees as few pixels as can be: reduced first, where the mode allows it, turned at last.
    """
    image.load()  # some formats tell their orientation, or turn by it, only then
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    profile = image.info.get("icc_profile")
    rgb = _of_size(to_rgb(_of_size(image, size) if is_plain(image) else image, profile), size)
    return np.array(rgb if turn is None else rgb.transpose(turn), dtype=np.uint8)


def _of_size(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image at nearly its size or smaller. The filter for much smaller ones takes half the time."""
    if image.size == size:
        return image
    much = image.width > MUCH * size[0]
    filter = Image.Resampling.HAMMING if much else Image.Resampling.BICUBIC
    return image.resize(size, filter, reducing_gap=2.0)


def fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """(width, height) reduced, never enlarged, so that the longer is `long_side`; each at least 1."""
    scale = min(1.0, long_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Pixels (H, W, 3) at a size of (width, height)."""
    if pixels.shape[1::-1] == size:
        return pixels
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def encode(pixels: Pixels, format: Format = "jpeg", *, max_bytes: int | None = None) -> bytes:
    """JPEG or PNG bytes of pixels (H, W, 3); a JPEG of at most `max_bytes`, in less quality or smaller."""
    return saved(Image.fromarray(pixels), format, max_bytes=max_bytes)


def saved(image: Image.Image, format: Format = "jpeg", *, max_bytes: int | None = None) -> bytes:
    """See `encode`."""
    if format == "jpeg":
        return jpeg(image, max_bytes)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()
