"""Convert images of any mode to sRGB: deep greys, transparency, colour profiles.

The transforms of the last few profiles are kept, since a phone writes one profile into all its photos. Most
profiles equal sRGB. They are not applied, which saves a quarter of the decoding.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

#: Modes without a palette, of 8 bits a channel.
PLAIN = ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr")
#: Modes whose single channel has more than 8 bits.
DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
#: Larger profiles are ignored, bytes. Those of presses have up to 3 MB, and the last few are kept.
MAX_PROFILE = 4_000_000
#: A profile is applied if it differs from sRGB by more levels of 255; rounding alone makes one.
SAME = 2
#: Levels of each channel at which two profiles are compared.
CUBE = 17


def is_plain(image: Image.Image) -> bool:
    """Return whether an image can be resized before conversion: no colour of it means transparency."""
    return image.mode in PLAIN and "transparency" not in image.info


def to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert any mode to sRGB: scale deep greys, put white behind transparency, apply colour profiles."""
    if image.mode in DEEP_MODES:
        return _deep_to_grey(image).convert("RGB")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba).convert("RGB")
    if profile and len(profile) <= MAX_PROFILE and image.mode in ("RGB", "CMYK", "L"):
        transform = _transform(profile, image.mode)
        image = (transform and ImageCms.applyTransform(image, transform)) or image
    return image.convert("RGB")


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Build a transform for all threads from a profile to sRGB; None if it fails, or would change nothing."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError):
        return None
    return None if mode != "CMYK" and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    levels = np.linspace(0, 255, CUBE).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    colours = Image.fromarray(cube if mode == "RGB" else levels[None])
    after = ImageCms.applyTransform(colours, transform) or colours
    difference = np.asarray(after, np.int16) - np.asarray(colours.convert("RGB"), np.int16)
    return bool(np.abs(difference).max() <= SAME)


def _deep_to_grey(image: Image.Image) -> Image.Image:
    """Reduce more than 8 bits a channel to 8: 16-bit by its range, floats and 32-bit by their values."""
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.uint16)
        return Image.fromarray((deep >> 8).astype(np.uint8))
    values = np.array(image, dtype=np.float32)  # changed in place: a photo may have 64 megapixels
    np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = _range(values)
    values -= low
    values *= 255 / (high - low)
    return Image.fromarray(np.rint(values, out=values).astype(np.uint8))


def _range(values: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Return (low, high) of an image of unknown range: a usual range if the values fit, or their own."""
    low, high = float(np.min(values)), float(np.max(values))
    for most in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= most:
            return 0.0, most
    return low, max(high, low + 1)
