"""Bytes to pixels and back: every photo comes in and goes out through here.

    decode   bytes of any common format -> upright sRGB pixels (H, W, 3), uint8
    fit      the size at which a photo is painted
    resized  pixels of another size
    encode   pixels -> JPEG or PNG bytes, a JPEG to a byte budget

The bytes are hostile: the pixel count is read from the header and capped before anything is decoded,
and whatever a decoder raises becomes `NotAnImage`. Only runner processes and the trainer import this.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from styles.contract import Format
from styles.errors import ImageTooLarge, NotAnImage
from styles.jpeg import jpeg

#: Upright sRGB pixels, (H, W, 3).
Pixels = npt.NDArray[np.uint8]

#: Pixels in a photo that we decode; the largest phone cameras of 2026 take 50 megapixels by default.
MAX_PIXELS = 64_000_000
#: What we let Pillow open. Formats with interpreters behind them (EPS, WMF) stay shut.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "PPM")
#: Modes whose single channel holds more than 8 bits.
DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")

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
        raise ImageTooLarge(str(error)) from error
    except UnidentifiedImageError as error:
        raise NotAnImage("its format is none that is read here") from error
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise NotAnImage(f"{type(error).__name__}: {error}") from error


def _decode(photo: bytes, long_side: int | None, short_side: int | None, max_pixels: int) -> Pixels:
    with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ImageTooLarge(f"{width}x{height} pixels, at most {max_pixels}")
        if short_side and min(width, height) > short_side:
            long_side = round(short_side * max(width, height) / min(width, height))
        if long_side:
            image.draft(None, fit((width, height), long_side))
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        rgb = _to_rgb(upright, profile)
        if long_side and max(rgb.size) > long_side:
            rgb = rgb.resize(fit(rgb.size, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return np.array(rgb, dtype=np.uint8)


def _to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Any mode to RGB in sRGB: deep greys scaled, transparency over white, colour profiles applied."""
    if image.mode in DEEP_MODES:
        return _deep_to_grey(image).convert("RGB")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Converts from the embedded profile; a profile that does not fit the picture is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _deep_to_grey(image: Image.Image) -> Image.Image:
    """More than 8 bits a channel to 8: 16-bit by its range, floats and 32-bit by their own."""
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.uint16)
        return Image.fromarray((deep >> 8).astype(np.uint8))
    values = np.array(image, dtype=np.float32)  # and in place from here: a photo may have 64 megapixels
    np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = _range(values)
    values -= low
    values *= 255 / (high - low)
    return Image.fromarray(np.rint(values, out=values).astype(np.uint8))


def _range(values: npt.NDArray[np.float32]) -> tuple[float, float]:
    """(low, high) that a picture of unknown range is stretched from: that of a usual range if it fits."""
    low, high = float(np.min(values)), float(np.max(values))
    for most in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= most:
            return 0.0, most
    return low, max(high, low + 1)


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
    image = Image.fromarray(pixels, mode="RGB")
    if format == "jpeg":
        return jpeg(image, max_bytes)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()
