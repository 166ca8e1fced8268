"""Transfer encodings undone (RFC 2045), as lenient as mail programs are.

    decode           a leaf's bytes, and the encoding that they claim -> what they encode
    decode_base64    base64 of any quality
    uuencoded        the first uuencoded file in a text

The standard library decodes too, but holds a large photo five times while it does so, and gives up on names
such as `Base64 ` (AT&T) and `base-64`.
"""

from __future__ import annotations

import binascii
import contextlib
import re

from mailbot.parsing import file_type

#: How base64 of the common pictures begins: JPEG, PNG, GIF, WebP, and HEIC's box of 24 to 40 bytes.
_PICTURES = (
    *(b"/9j/", b"iVBORw0KGgo", b"R0lGOD", b"UklGR"),
    *(b"AAAAGGZ0eX", b"AAAAHGZ0eX", b"AAAAIGZ0eX", b"AAAAJGZ0eX"),
)
_UU_NAMES = ("x-uuencode", "uuencode", "uue", "x-uue")
_NO_LETTER = re.compile(r"[^a-z0-9]")
#: With the line end before it: a literal beginning is looked for ten times as fast as `^`.
_BEGIN = re.compile(rb"\nbegin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_BEGIN_AT_ONCE = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")


def decode(payload: bytes, encoding: str) -> bytes:
    """The bytes of a leaf. Never raises."""
    name = _NO_LETTER.sub("", encoding)
    if name == "base64":
        return payload if file_type.kind(payload) else decode_base64(payload)
    if name == "quotedprintable":
        return binascii.a2b_qp(payload)
    if encoding in _UU_NAMES:
        found = uuencoded(payload, 0)
        return found[2] if found else b""
    if payload[:200].lstrip().startswith(_PICTURES):  # the encoding was not told, or wrongly
        return decode_base64(payload)
    return payload


def decode_base64(payload: bytes | memoryview) -> bytes:
    """What is in it up to its padding; line ends and strange characters are skipped, a cut end is kept."""
    for attempt in (_strictly, _padded, _without_the_last):
        with contextlib.suppress(binascii.Error):
            return attempt(payload)
    return b""


def _strictly(payload: bytes | memoryview) -> bytes:
    return binascii.a2b_base64(payload)


def _padded(payload: bytes | memoryview) -> bytes:
    return binascii.a2b_base64(bytes(payload) + b"==")


def _without_the_last(payload: bytes | memoryview) -> bytes:
    """One letter alone is no byte."""
    return _padded(bytes(payload).rstrip()[:-1])


def uuencoded(content: bytes, at: int) -> tuple[int, bytes, bytes, int] | None:
    """The next uuencoded file from `at` on: where it begins, its name, its bytes, where it ends."""
    begin = (_BEGIN_AT_ONCE.match(content) if at == 0 else None) or _BEGIN.search(content, max(0, at - 1))
    if begin is None:
        return None
    file, end = _uu_file(content, begin.end())
    return begin.start() + begin[0].startswith(b"\n"), begin[1], file, end


def _uu_file(content: bytes, at: int) -> tuple[bytes, int]:
    """The bytes in the lines from `at` on, and where they end: after "end" or before no such line."""
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
    """The bytes of one line. Raises `binascii.Error`."""
    try:
        return binascii.a2b_uu(line) if line else b""
    except binascii.Error:  # some encoders write more than the count at its beginning says
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
