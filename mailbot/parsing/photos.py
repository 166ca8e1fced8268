"""Find the photos of a mail among its parts.

A part is a photo by its bytes, or by its name or type. The sender of one that is only named so reads in the
answer that it could not be opened. Logos and quoted pictures are dropped if the mail has another photo.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.parsing import file_type
from mailbot.parsing.html import HtmlContent
from mailbot.parsing.mime import MimePart

#: Photos of one mail that are kept. This only bounds what an answer counts: their bytes are in memory anyway,
#: and how many of them are painted is decided later.
MAX_PHOTOS = 100
#: Bytes, and pixels of the short side, below which a picture in html is a logo.
LOGO_BYTES, LOGO_SIDE = 10_000, 150
#: Pixels of a side up to which a picture is a spacer or a counter, and no photo.
_SPACER_SIDE = 2
#: Suffixes of pictures' names.
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp"),
    *(".tif", ".tiff"),
)
#: Cameras' raw files. Most are TIFF files, in which a decoder finds only the tiny preview.
_RAW_SUFFIXES = (".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2")
_RAW_TYPES = ("image/x-adobe-dng", "image/dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw")
#: Outlook's names for pictures in a text or a signature; the latter are small.
_OUTLOOK_NAME = re.compile(r"image\d{3}\.(?:png|gif|jpe?g)", re.IGNORECASE)
#: First bytes of AppleDouble: the Mac's file attributes, sent beside the photo under the same name.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """Hold one photo as it came, undecoded."""

    name: str
    image: bytes
    kind: str  #: `jpeg`, `heic`, …; "" for bytes that are no image

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes, 64 hex digits."""
        return hashlib.sha256(self.image).hexdigest()


def find(parts: Sequence[MimePart], pages: Sequence[HtmlContent]) -> tuple[Photo, ...]:
    """Return the photos in order, each once; logos and quoted pictures only if there are no others."""
    shown = frozenset[str]().union(*(page.cids for page in pages))
    quoted = frozenset[str]().union(*(page.quoted_cids for page in pages))
    photos: dict[str, Photo] = {}
    decoration: set[str] = set()
    for part in parts:
        photo = _photo(part, len(photos) + 1)
        if photo and (photo.sha256 in photos or len(photos) < MAX_PHOTOS):
            photos.setdefault(photo.sha256, photo)
            may_be_logo = part.cid in shown or _OUTLOOK_NAME.fullmatch(part.name)
            is_small = len(photo.image) < LOGO_BYTES or _short_side(photo.image) < LOGO_SIDE
            if part.cid in quoted or (may_be_logo and is_small):
                decoration.add(photo.sha256)
    meant = tuple(photo for digest, photo in photos.items() if digest not in decoration)
    found = meant or tuple(photos.values())
    return found if any(photo.image for photo in found) else ()


def _photo(part: MimePart, number: int) -> Photo | None:
    """Return the photo in this leaf; None if it neither is nor claims to be one."""
    content = part.content
    if part.type == "application/applefile" or content[:4] == _APPLE_DOUBLE or part.name.startswith("._"):
        return None
    kind = file_type.kind(content)
    if is_raw(part) or not (kind or claims_image(part)) or _short_side(content) <= _SPACER_SIDE:
        return None
    suffix = {"jpeg": "jpg"}.get(kind, kind or "jpg")
    return Photo(name=part.name or f"photo-{number}.{suffix}", image=content, kind=kind)


def claims_image(part: MimePart) -> bool:
    """Tell whether its type or its name says that it is a picture."""
    return part.type.startswith("image/") or part.name.lower().endswith(_SUFFIXES)


def is_raw(part: MimePart) -> bool:
    """Tell whether it is a camera's raw file."""
    return part.type in _RAW_TYPES or part.name.lower().endswith(_RAW_SUFFIXES)


def _short_side(content: bytes) -> float:
    """Return the short side in pixels, infinity if the header does not state it."""
    return min(file_type.dimensions(content) or (math.inf,))
