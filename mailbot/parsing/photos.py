"""Which files of a mail are the photos that its sender means.

    Photo            one photo, as it came
    find             the photos among a mail's parts, in order
    claims_image     whether a part says that it is a picture
    MAX_PHOTOS       how many of one mail are kept

A photo is known by its bytes, or by the claim to be one: then its sender is told that it could not be opened,
which is better than silence. Logos and quoted pictures are dropped as long as another photo is there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.parsing import file_type
from mailbot.parsing.html import HtmlContent
from mailbot.parsing.mime import MimePart

#: Photos of one mail that are kept; how many of them are painted is decided later. Their bytes are all in
#: the mail, so this bounds no memory, only what an answer counts.
MAX_PHOTOS = 100
#: A picture that the html shows is a logo below either of these: bytes, and pixels of the short side.
LOGO_BYTES, LOGO_SIDE = 10_000, 150
#: Pixels of a side up to which a picture is a spacer or a counter, and never a photo.
_SPACER_SIDE = 2
#: Names that promise a picture.
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp"),
    *(".tif", ".tiff"),
)
#: What a camera's sensor gave. Most are TIFF inside, of which a decoder would find only the tiny preview.
_RAW_SUFFIXES = (".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2")
_RAW_TYPES = ("image/x-adobe-dng", "image/dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw")
#: What Outlook calls the pictures of a text and of a signature, the latter small.
_OUTLOOK_NAME = re.compile(r"image\d{3}\.(?:png|gif|jpe?g)", re.IGNORECASE)
#: AppleDouble: the Mac's file attributes, sent beside the photo under the same name.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo as it came, undecoded."""

    name: str
    image: bytes
    kind: str  #: `jpeg`, `heic`, …; "" where the bytes are no image, only called one

    @cached_property
    def sha256(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self.image).hexdigest()


def find(parts: Sequence[MimePart], pages: Sequence[HtmlContent]) -> tuple[Photo, ...]:
    """The photos in order, each once, without logos and quoted pictures where others are there."""
    shown = frozenset[str]().union(*(page.cids for page in pages))
    quoted = frozenset[str]().union(*(page.quoted_cids for page in pages))
    photos: dict[str, Photo] = {}
    decoration: set[str] = set()
    for part in parts:
        photo = _photo(part, len(photos) + 1)
        if photo and (photo.sha256 in photos or len(photos) < MAX_PHOTOS):
            photos.setdefault(photo.sha256, photo)
            if part.cid in quoted or (_may_be_logo(part, shown) and _is_small(photo)):
                decoration.add(photo.sha256)
    meant = tuple(photo for digest, photo in photos.items() if digest not in decoration)
    found = meant or tuple(photos.values())
    return found if any(photo.image for photo in found) else ()


def _photo(part: MimePart, number: int) -> Photo | None:
    """The photo in this leaf; None if it neither is nor claims to be one."""
    content = part.content
    if part.type == "application/applefile" or content[:4] == _APPLE_DOUBLE or part.name.startswith("._"):
        return None
    if is_raw(part):
        return None
    kind = file_type.kind(content)
    if kind and _is_spacer(content):
        return None
    if not kind and not claims_image(part):
        return None
    suffix = {"jpeg": "jpg"}.get(kind, kind or "jpg")
    return Photo(name=part.name or f"photo-{number}.{suffix}", image=content, kind=kind)


def claims_image(part: MimePart) -> bool:
    """Whether its type or its name says that it is a picture."""
    return part.type.startswith("image/") or part.name.lower().endswith(_SUFFIXES)


def is_raw(part: MimePart) -> bool:
    """Whether it is a camera's raw file."""
    return part.type in _RAW_TYPES or part.name.lower().endswith(_RAW_SUFFIXES)


def _may_be_logo(part: MimePart, shown: frozenset[str]) -> bool:
    return part.cid in shown or bool(_OUTLOOK_NAME.fullmatch(part.name))


def _is_small(photo: Photo) -> bool:
    size = file_type.dimensions(photo.image)
    return len(photo.image) < LOGO_BYTES or (size is not None and min(size) < LOGO_SIDE)


def _is_spacer(content: bytes) -> bool:
    size = file_type.dimensions(content)
    return size is not None and min(size) <= _SPACER_SIDE
