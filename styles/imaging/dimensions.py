"""Read the size of a picture from its header, without a decoder.

    dimensions   bytes of a JPEG, PNG, GIF, WebP, HEIF or AVIF -> width and height as stored

Decoders run in runner processes only, since their input is untrusted. This reads a few numbers at fixed
places, and a wrong one does no harm. Orientation is not applied.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

#: JPEG segments that are searched for the frame header; real photos have it among the first 30.
MAX_SEGMENTS = 200
#: Frame headers: SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Bytes at the start of a HEIF file that hold its boxes of properties; a phone's end within 10 kB.
HEIF_BYTES = 1 << 17
#: The box `ispe` (ISO/IEC 23008-12, 6.5.3): 20 bytes long, version and flags 0, then width and height. The
#: largest one is the photo's; the others are those of its tiles and previews.
ISPE = re.compile(rb"\0\0\0\x14ispe\0\0\0\0(.{8})", re.DOTALL)


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as the header states them; None for other or damaged files."""
    for magic, read in _READERS:
        if magic.match(content):
            try:
                return read(content)
            except (struct.error, IndexError):
                return None
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(MAX_SEGMENTS):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        else:
            at += 2 + int(struct.unpack_from(">H", content, at + 2)[0])
    return None


def _png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _webp(content: bytes) -> tuple[int, int] | None:
    """Read the first chunk: extended, lossless or lossy (RFC 9649)."""
    match content[12:16]:
        case b"VP8X" if len(content) >= 30:
            return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None


def _heif(content: bytes) -> tuple[int, int] | None:
    sizes = [struct.unpack(">II", size) for size in ISPE.findall(content[:HEIF_BYTES])]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


#: First bytes of each format, and what reads its size.
_READERS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], tuple[int, int] | None]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), _jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    (re.compile(rb"GIF8[79]a"), _gif),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), _webp),
    (re.compile(rb".{4}ftyp", re.DOTALL), _heif),
)
