"""Recognise files by their first bytes, without decoding any pixel.

Mail programs often mislabel photos (HEIC as octet-stream, JPEG as `image/jpg` or text), so the bytes decide.
The dimensions only distinguish logos from photos; the runner reads its own.
"""

from __future__ import annotations

import re
import struct

from styles.imaging import dimensions as header

_MAGIC = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}
#: `ftyp` brands of HEIF and its relatives (ISO/IEC 23008-12, AVIF 1.1); MP4 has the same box.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}
_AVIF = {b"avif", b"avis"}
#: Sizes of the header behind a BMP's first 14 bytes; a text can begin with the two letters alone.
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
#: Formats whose sizes logos are known by. A HEIF file is a photo, of any size.
_SIZED = ("jpeg", "png", "gif", "webp")
_NETPBM = re.compile(rb"P[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s")


def kind(content: bytes) -> str:
    """Return the image format by magic bytes, "" for other files."""
    head = content[:512]
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and len(head) >= 26 and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    return "ppm" if _NETPBM.match(head) else _iso_media(head)


def _iso_media(head: bytes) -> str:
    """Return `heic` or `avif` if the `ftyp` box names one of their brands, major or compatible."""
    if head[4:8] != b"ftyp":
        return ""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF:
        return "avif"
    return "heic" if brands & _HEIC else ""


def is_movie(head: bytes) -> bool:
    """Tell whether this is a QuickTime, MP4, 3GP, AVI or Matroska file."""
    if head[4:8] == b"ftyp":
        return not _iso_media(head)
    return (head[:4] == b"RIFF" and head[8:12] == b"AVI ") or head[:4] == b"\x1a\x45\xdf\xa3"


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as the header states them, None for other formats and broken files.

    It reads JPEG, PNG, GIF, WebP and BMP.
    """
    form = kind(content)
    if form in _SIZED:
        return header.dimensions(content)
    if form != "bmp":
        return None
    width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)  # a BMP may stand on its head
