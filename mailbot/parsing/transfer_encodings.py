"""Decode transfer encodings (RFC 2045), as leniently as mail programs do.

The standard library's decoder holds a large photo five times in memory, and rejects names such as `Base64 `
(AT&T) and `base-64`.
"""

from __future__ import annotations

import binascii
import contextlib
import re

from mailbot.parsing import file_type

#: First letters of common pictures in base64: JPEG, PNG, GIF, WebP, and HEIC with a box of 24 to 40 bytes.
_PICTURES = (
    *(b"/9j/", b"iVBORw0KGgo", b"R0lGOD", b"UklGR"),
    *(b"AAAAGGZ0eX", b"AAAAHGZ0eX", b"AAAAIGZ0eX", b"AAAAJGZ0eX"),
)
_UU_NAMES = ("x-uuencode", "uuencode", "uue", "x-uue")
_NO_LETTER = re.compile(r"[^a-z0-9]")
#: The line end is part of the pattern: a literal start is searched ten times as fast as `^`.
_BEGIN = re.compile(rb"\nbegin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_BEGIN_AT_ONCE = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")


def decode(payload: bytes, encoding: str) -> bytes:
    """Decode the bytes of a leaf in the encoding that they claim. Never raises."""
    name = _NO_LETTER.sub("", encoding)
    if name == "base64":
        return payload if file_type.kind(payload) else decode_base64(payload)
    if name == "quotedprintable":
        return binascii.a2b_qp(payload)
    if encoding in _UU_NAMES:
        found = uuencoded(payload, 0)
        return found[2] if found else b""
    if payload[:200].lstrip().startswith(_PICTURES):  # the encoding is missing or wrong
        return decode_base64(payload)
    return payload


def decode_base64(payload: bytes | memoryview) -> bytes:
    """Decode up to the padding; line ends and other characters are skipped, and the end may be cut off."""
    with contextlib.suppress(binascii.Error):
        return binascii.a2b_base64(payload)
    with contextlib.suppress(binascii.Error):
        return binascii.a2b_base64(bytes(payload) + b"==")
    with contextlib.suppress(binascii.Error):  # a last letter alone is no byte
        return binascii.a2b_base64(bytes(payload).rstrip()[:-1] + b"==")
    return b""


def uuencoded(content: bytes, at: int) -> tuple[int, bytes, bytes, int] | None:
    """Find the next uuencoded file from `at` on: its start, name, bytes and end; None if there is none."""
    begin = (_BEGIN_AT_ONCE.match(content) if at == 0 else None) or _BEGIN.search(content, max(0, at - 1))
    if begin is None:
        return None
    file, end = _uu_file(content, begin.end())
    return begin.start() + begin[0].startswith(b"\n"), begin[1], file, end


def _uu_file(content: bytes, at: int) -> tuple[bytes, int]:
    """Decode the lines from `at` on, and return their end: behind "end", or before any other line."""
    found = bytearray()
    while at < len(content):
        newline = content.find(b"\n", at)
        after = newline + 1 if newline >= 0 else len(content)
        line = content[at:after].rstrip()
        if line == b"end":
            return bytes(found), after
        try:
            found += _uu_line(line)
        except binascii.Error:
            break
        at = after
    return bytes(found), at


def _uu_line(line: bytes) -> bytes:
    """Decode one line. Raises `binascii.Error`."""
    try:
        return binascii.a2b_uu(line) if line else b""
    except binascii.Error:  # some encoders write more bytes than the count at the start says
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
