"""Read the recipe of one of this project's paintings from a picture of anybody.

The bytes are untrusted. No pixel is decoded, and a bounded number of bytes is read. A document type ends the
reading, so no entity is ever expanded. Only the attributes of this project's namespace count, and their
values are checked as if a person had typed them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

from styles.contract import MAX_BLEND, MAX_SIZE, MIN_SIZE, MIN_STRENGTH, PaintingRecipe
from styles.errors import BadOption
from styles.imaging.xmp import JPEG_MARK, NAMESPACE, PNG_MARK, PNG_SIGNATURE
from styles.language import blend_syntax

#: Bytes of a packet, and elements in it, that are read. This project's have 1,200 bytes and three elements.
MAX_PACKET, MAX_ELEMENTS = 16_384, 200
#: Segments of a JPEG, or chunks of a PNG, that are passed by.
MAX_SEGMENTS = 64
#: Characters of a value.
MAX_VALUE = 400
#: A style's name, perhaps with the alias or the number of a version.
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:@[a-z0-9][a-z0-9-]{0,31})?")
#: Markers of a JPEG after which the pixels come.
_START_OF_SCAN, _END = 0xDA, 0xD9


def recipe_of(picture: bytes) -> PaintingRecipe | None:
    """Return the recipe in a picture; None if it has none, or a broken one. Never raises."""
    found = next(_packets(picture), b"")
    with suppress(expat.ExpatError, ValueError, OverflowError, _EndOfPacket):
        return _recipe(_attributes(found)) if found else None
    return None


class _EndOfPacket(Exception):
    """End the reading of a packet."""


def _packets(picture: bytes) -> Iterator[bytes]:
    if picture[:2] == b"\xff\xd8":
        yield from _in_jpeg(picture)
    elif picture[:8] == PNG_SIGNATURE:
        yield from _in_png(picture)


def _in_jpeg(picture: bytes) -> Iterator[bytes]:
    at = 2
    for _ in range(MAX_SEGMENTS):
        head = picture[at : at + 4]
        if len(head) < 4 or head[0] != 0xFF or head[1] in (_START_OF_SCAN, _END):
            return
        length = struct.unpack(">H", head[2:])[0]
        if head[1] == 0xE1 and picture.startswith(JPEG_MARK, at + 4):
            yield picture[at + 4 + len(JPEG_MARK) : at + 2 + length]
        at += 2 + max(2, length)


def _in_png(picture: bytes) -> Iterator[bytes]:
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_SEGMENTS):
        head = picture[at : at + 8]
        if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
            return
        length = struct.unpack(">I", head[:4])[0]
        if head[4:] == b"iTXt" and picture.startswith(PNG_MARK + b"\0\0\0\0\0", at + 8):
            yield picture[at + 8 + len(PNG_MARK) + 5 : at + 8 + min(length, 2 * MAX_PACKET)]
        at += 12 + length


def _attributes(packet: bytes) -> dict[str, str]:
    """Return the attributes of this project's namespace. Raises `_EndOfPacket` and ExpatError."""
    if len(packet) > MAX_PACKET:
        raise _EndOfPacket
    found: dict[str, str] = {}
    count = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise _EndOfPacket
        for name, value in attributes.items():
            namespace, _, local = name.rpartition(" ")
            if namespace == NAMESPACE and len(value) <= MAX_VALUE:
                found.setdefault(local, value)

    def refuse(*_declaration: object) -> None:
        raise _EndOfPacket

    parser = expat.ParserCreate("utf-8", " ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(packet, True)
    return found


def _recipe(values: dict[str, str]) -> PaintingRecipe | None:
    """Return the recipe of these attributes, None for an impossible one. Raises ValueError."""
    if "Strength" not in values or "Size" not in values:
        return None
    style = values.get("Style", "")
    strength, size = float(values["Strength"]), _digits(values["Size"])
    if style and not _is_style(style):
        return None
    if not (MIN_STRENGTH <= strength <= 1 and MIN_SIZE <= size <= MAX_SIZE):
        return None
    return PaintingRecipe(
        style=style,
        version=_digits(values.get("Version", "0")),
        strength=strength,
        size=size,
        keep_colors=values.get("KeepColors") == "true",
    )


def _digits(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError(value)
    return int(value)


def _is_style(style: str) -> bool:
    try:
        names = blend_syntax.read(style)
    except BadOption:
        return False
    return len(names) <= MAX_BLEND and all(_NAME.fullmatch(name) for name in names)
