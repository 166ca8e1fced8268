"""Pictures of any mode to RGB in sRGB: deep greys, transparency, colour profiles.

    is_plain   whether a picture can be reduced as it is, before it becomes RGB
    to_rgb     any mode -> RGB

A profile is read once and its transform kept, since a phone writes the same into all of its photos. That of
most is sRGB by another name: one that changes nothing is not applied, which saves a quarter of the decoding.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

#: No palette, 8 bits a channel.
PLAIN = ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr")
#: Modes whose single channel holds more than 8 bits.
DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
#: Larger profiles are ignored, bytes: those of presses have up to 3 MB, and the last few are kept.
MAX_PROFILE = 4_000_000
#: Levels of 255 that a profile may differ from sRGB before it is applied; rounding alone makes one.
SAME = 2
#: Levels of each channel, and so the side of the cube of colours by which two profiles are compared.
CUBE = 17


def is_plain(image: Image.Image) -> bool:
    """Whether it can be reduced as it is: a colour that means transparency is lost where it is mixed."""
    return image.mode in PLAIN and "transparency" not in image.info


def to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Any mode to RGB in sRGB: deep greys scaled, transparency over white, colour profiles applied."""
    if image.mode in DEEP_MODES:
        return _deep_to_grey(image).convert("RGB")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba).convert("RGB")
    if profile and len(profile) <= MAX_PROFILE and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Converts from the embedded profile; a profile that does not fit the picture is ignored."""
    transform = _transform(profile, image.mode)
    return image if transform is None else ImageCms.applyTransform(image, transform) or image


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile to sRGB, for pictures of a mode; None where it cannot be, or changes nothing.

    Several threads may use one at once: what it remembers of the last pixel is each call's own.
    """
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
