"""Small files that claim to be enormous pictures, one of each format that is read.

    BOMBS    name -> bytes; each claims far more than the 64 megapixels that are decoded

`python -m tests.fakes.styles.bombs` decodes them all, alone in its process, and prints for each what came of
it and what it took of memory at the most, in bytes.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path

from PIL import Image

_HEIC = Path(__file__).parents[2] / "styles" / "imaging" / "turned.heic"


def _saved(format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 40, 60)).save(buffer, format, **options)
    return buffer.getvalue()


def _patched(content: bytes, before: bytes, after: bytes) -> bytes:
    """Every `before` replaced; there must be one."""
    assert before in content
    return content.replace(before, after)


def _png() -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(60_000), 9)
    chunks = (header, data, b"IEND")
    body = b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def _iso_media(content: bytes, side: int) -> bytes:
    """The size is in the `ispe` box: version and flags, width, height."""
    at = content.index(b"ispe") + 8
    return _patched(content, content[at : at + 8], struct.pack(">II", side, side))


def _tiff() -> bytes:
    """Width and height are the tags 256 and 257."""
    content = _saved("TIFF")
    for tag, size in ((256, 64), (257, 48)):
        field = struct.pack("<HHI", tag, 4, 1)
        content = _patched(content, field + struct.pack("<I", size), field + struct.pack("<I", 60_000))
    return content


def _gif(screen: int, frame: int) -> bytes:
    content = bytearray(_saved("GIF"))
    content[6:10] = struct.pack("<HH", screen, screen)
    at = content.index(b",", 13 + 3 * 2 ** ((content[10] & 7) + 1)) + 5
    content[at : at + 4] = struct.pack("<HH", frame, frame)
    return bytes(content)


BOMBS = {
    "jpeg": _patched(_saved("JPEG"), struct.pack(">HH", 48, 64), struct.pack(">HH", 65_000, 65_000)),
    "jpeg, progressive": _patched(
        _saved("JPEG", progressive=True), struct.pack(">HH", 48, 64), struct.pack(">HH", 65_000, 65_000)
    ),
    "png": _png(),
    "gif": _gif(65_000, 65_000),
    "gif, by its frame": _gif(64, 65_000),
    "webp": _patched(_saved("WEBP"), struct.pack("<HH", 64, 48), struct.pack("<HH", 16_383, 16_383)),
    "bmp": _patched(_saved("BMP"), struct.pack("<ii", 64, 48), struct.pack("<ii", 60_000, 60_000)),
    "tiff": _tiff(),
    "ppm": b"P6 60000 60000 255\n" + bytes(100),
    "avif": _iso_media(_saved("AVIF"), 16_000),
    "heic": _iso_media(_HEIC.read_bytes(), 30_000),
}


def _peak() -> int:
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) * 1024


def _fate(bomb: bytes) -> str:
    from styles.imaging.codec import decode

    try:
        decode(bomb)
    except Exception as error:
        return type(error).__name__
    return "decoded"


if __name__ == "__main__":
    for content in (_saved("PNG"), _saved("AVIF"), _saved("WEBP"), _HEIC.read_bytes()):
        _fate(content)  # what is loaded once is loaded now
    for name, bomb in BOMBS.items():
        before = _peak()
        print(name, _fate(bomb), _peak() - before, sep="\t")
