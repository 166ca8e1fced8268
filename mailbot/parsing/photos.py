"""Find the photos of a mail among its parts.

A part is a photo by its bytes, or by its name or type. The sender of one that is only named so reads in the
answer that it could not be opened. Decorations are dropped (`decorations`). Quoted pictures are dropped if
the mail has another photo.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from mailbot.parsing import carriers, decorations, file_type
from mailbot.parsing.mime_parts import MimePart
from mailbot.parsing.text.html import HtmlContent, ShownPicture

#: Photos of one mail that are kept. This only bounds what an answer counts: their bytes are in memory anyway,
#: and how many of them are painted is decided later.
MAX_PHOTOS = 100
#: Suffixes of pictures' names.
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp"),
    *(".tif", ".tiff"),
)
#: Cameras' raw files. Most are TIFF files, in which a decoder finds only the tiny preview.
_RAW_SUFFIXES = (".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2")
_RAW_TYPES = ("image/x-adobe-dng", "image/dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw")
#: Outlook's and CodeTwo's names for pictures in a text or a signature. A gateway that drops the html leaves
#: them as attachments.
_OUTLOOK_NAME = re.compile(r"(?:image\d{3,8}|outlook-[\w-]{1,40})\.(?:png|gif|jpe?g)", re.IGNORECASE)
#: Pixels of the long side from which an attached picture as narrow as a spacer gets a sentence.
_LINE = 400
#: First bytes of AppleDouble: the Mac's file attributes, sent beside the photo under the same name.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """Hold one photo as it came, undecoded."""

    name: str
    image: bytes
    kind: str  #: `jpeg`, `heic`, …; "" for bytes that are no image
    may_be_logo: bool = False  #: shown by the html, and small: a logo if earlier mails had it too

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes, 64 hex digits."""
        return hashlib.sha256(self.image).hexdigest()


def find(parts: Sequence[MimePart], pages: Sequence[HtmlContent], carrier: str | None) -> tuple[Photo, ...]:
    """Return the photos in order, each once, without decorations; quoted ones only if there are no others."""
    places: dict[str, list[ShownPicture]] = {}
    for picture in (picture for page in pages for picture in page.pictures):
        places.setdefault(picture.cid, []).append(picture)
    own: dict[str, Photo] = {}
    quoted: dict[str, Photo] = {}
    certain: set[str] = set()
    seen: set[str] = set()
    for part in parts:
        photo = _photo(part, len(seen) + 1)
        if photo is None or (len(seen) >= MAX_PHOTOS and photo.sha256 not in seen):
            continue
        seen.add(photo.sha256)
        shown = places.get(unquote(part.cid), []) if part.cid else []
        if not _is_decoration(part, shown, carrier):
            is_quoted = bool(shown) and all(picture.quoted for picture in shown)
            may_be_logo = bool(shown) and decorations.is_known_logo(part.content)
            (quoted if is_quoted else own).setdefault(photo.sha256, replace(photo, may_be_logo=may_be_logo))
            if not _is_decoration(part, shown, carrier, beside_photo=True):
                certain.add(photo.sha256)
    found = own or quoted
    found = {digest: photo for digest, photo in found.items() if digest in certain} or found
    return tuple(found.values()) if any(photo.image for photo in found.values()) else ()


def _is_decoration(
    part: MimePart, places: Sequence[ShownPicture], carrier: str | None, *, beside_photo: bool = False
) -> bool:
    """Tell whether a picture decorates the mail; an attachment that no html shows does not."""
    if carrier and part.name and not carriers.is_layout(part.name):  # the carrier gave the photo its name
        return decorations.is_tiny(part.content)
    if part.attached and not places and not _OUTLOOK_NAME.fullmatch(part.name):
        return False
    return decorations.is_decoration(
        part.content, places, from_carrier=bool(carrier), beside_photo=beside_photo
    )


def _photo(part: MimePart, number: int) -> Photo | None:
    """Return the photo in this leaf; None if it neither is nor claims to be one."""
    content = part.content
    if part.type == "application/applefile" or content[:4] == _APPLE_DOUBLE or part.name.startswith("._"):
        return None
    kind = file_type.kind(content)
    if is_raw(part) or not (kind or claims_image(part)) or _short_side(content) <= decorations.SPACER_SIDE:
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


def is_narrow(content: bytes) -> bool:
    """Tell whether a picture is as narrow as a spacer, and far longer than an icon."""
    size = file_type.dimensions(content) or (0, 0)
    return 0 < min(size) <= decorations.SPACER_SIDE and max(size) >= _LINE
