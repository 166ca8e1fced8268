"""Divide the bytes of one answer among its pictures.

Mail servers refuse a mail that is too large. So the bytes are divided before any photo is painted, and the
runner encodes each picture to its share. If pictures would look bad in an equal share, the answer holds
fewer. The sender reads in the answer which photos were left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.config import REPLY_BYTES
from mailbot.parsing import carriers, file_type
from mailbot.parsing.photos import Photo
from styles.contract import PREVIEW_BYTES

#: Long side of a preview, pixels: it is shown at 544, and dense screens have two pixels for each.
PREVIEW_SIDE = 1088
#: Least bytes of a painting for each pixel. It has 0.17 at a quality of 76, 0.4 at 92; below 0.2 losses show.
LEAST_BYTES_A_PIXEL = 0.2
#: Width and height of phone photos, for formats whose header is not read here (HEIC).
USUAL_DIMENSIONS = (4032, 3024)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBudget:
    """Hold how many pictures one answer has room for, and how large each may be."""

    pictures: int  #: at least 1
    max_bytes: int  #: of each picture, without its preview
    preview: int | None  #: long side in pixels; None if the answer shows no previews


def budget_for(
    address: str, photos: Sequence[Photo], size: int, reply_bytes: int = REPLY_BYTES
) -> SizeBudget:
    """Return the room in an answer to `address` for photos painted at a long side of `size` pixels."""
    limits = carriers.limits(address)
    budget = min(reply_bytes, limits.max_bytes or reply_bytes)
    preview = PREVIEW_SIDE if limits.html else None
    aside = min(PREVIEW_BYTES, budget // 4) if preview else 0
    needs = [_least_bytes(photo, size) + aside for photo in photos[: limits.max_pictures]]
    count = max((n for n in range(1, len(needs) + 1) if n * max(needs[:n]) <= budget), default=1)
    return SizeBudget(pictures=count, max_bytes=max(1024, budget // count - aside), preview=preview)


def _least_bytes(photo: Photo, size: int) -> int:
    """Return the bytes that a painting of this long side needs to look well; no photo is enlarged."""
    width, height = file_type.dimensions(photo.image) or USUAL_DIMENSIONS
    scale = min(1.0, size / max(1, width, height))
    return round(width * height * scale**2 * LEAST_BYTES_A_PIXEL)
