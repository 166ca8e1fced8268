"""How many pictures one answer holds, and how many bytes each of them may have.

    budget_for       photos and the size they are to be painted at -> SizeBudget
    SizeBudget   so many of them, each so large, with a preview or without

A mail server refuses what is too large, whole: so the bytes are shared out before anything is painted, and
the runner encodes each picture to its share. Photos of a size that would look bad in an equal share are
fewer to an answer; their sender is told which were left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.config import REPLY_BYTES
from mailbot.parsing import carriers, file_type
from mailbot.parsing.photos import Photo
from styles.contract import PREVIEW_BYTES

#: Long side of the picture in the letter, pixels: it is shown at 544, and dense screens have two for each.
PREVIEW_SIDE = 1088
#: A painting has 0.17 bytes a pixel at a quality of 76, 0.4 at 92; below this it shows.
LEAST_BYTES_A_PIXEL = 0.2
#: Of a photo whose header is not read here (HEIC): what phones take.
USUAL_DIMENSIONS = (4032, 3024)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBudget:
    """What one answer has room for."""

    pictures: int  #: at least 1
    max_bytes: int  #: of each, without its preview
    preview: int | None  #: long side in pixels; None: the answer shows no preview


def budget_for(
    address: str, photos: Sequence[Photo], size: int, reply_bytes: int = REPLY_BYTES
) -> SizeBudget:
    """The room in an answer to `address` for photos painted at this long side; the first ones go first."""
    limits = carriers.limits(address)
    budget = min(reply_bytes, limits.max_bytes or reply_bytes)
    preview = PREVIEW_SIDE if limits.html else None
    aside = min(PREVIEW_BYTES, budget // 4) if preview else 0
    needs = [_least_bytes(photo, size) + aside for photo in photos[: limits.max_pictures]]
    count = max((n for n in range(1, len(needs) + 1) if n * max(needs[:n]) <= budget), default=1)
    return SizeBudget(pictures=count, max_bytes=max(1024, budget // count - aside), preview=preview)


def _least_bytes(photo: Photo, size: int) -> int:
    """What a photo painted at this long side needs to look well; it is never enlarged."""
    width, height = file_type.dimensions(photo.image) or USUAL_DIMENSIONS
    scale = min(1.0, size / max(1, width, height))
    return round(width * height * scale**2 * LEAST_BYTES_A_PIXEL)
