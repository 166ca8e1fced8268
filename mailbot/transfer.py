"""Transfer encodings undone (RFC 2045), as lenient as mail programs are.

    decode           a leaf's bytes, and the encoding that they claim -> what they encode
    decode_base64    base64 of any quality
    uuencoded        the first uuencoded file in a text

The standard library decodes too, but holds a large photo five times while it does so, and gives up on names
such as `Base64 ` (AT&T) and `base-64`.
"""

from __future__ import annotations

import binascii
import re

from mailbot import sniff

#: How base64 of the common pictures begins: JPEG, PNG, GIF, WebP, and HEIC's box of 24 to 40 bytes.
_PICTURES = (
    *(b"/9j/", b"iVBORw0KGgo", b"R0lGOD", b"UklGR"),
    *(b"AAAAGGZ0eX", b"AAAAHGZ0eX", b"AAAAIGZ0eX", b"AAAAJGZ0eX"),
)
_UU_NAMES = ("x-uuencode", "uuencode", "uue", "x-uue")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_BEGIN = re.compile(rb"^begin(?P<base64>-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n", re.MULTILINE)


def decode(payload: bytes, encoding: str) -> bytes:
    """The bytes of a leaf. Never raises."""
    name = _NO_LETTER.sub("", encoding)
    if name == "base64":
        return payload if sniff.kind(payload) else decode_base64(payload)
    if name == "quotedprintable":
        return binascii.a2b_qp(payload)
    if encoding in _UU_NAMES:
        found = uuencoded(payload, 0)
        return found[2] if found else b""
    if payload[:200].lstrip().startswith(_PICTURES):  # the encoding was not told, or wrongly
        return decode_base64(payload)
    return payload


def decode_base64(payload: bytes) -> bytes:
    """What is in it up to its padding; line ends and strange characters are skipped, a cut end is kept."""
    for end in (b"", b"==", b"A=="):
        try:
            return binascii.a2b_base64(payload + end if end else payload)
        except binascii.Error:
            continue
    return b""


def uuencoded(content: bytes, at: int) -> tuple[int, bytes, bytes, int] | None:
    """The next uuencoded file from `at` on: where it begins, its name, its bytes, where it ends."""
    begin = _BEGIN.search(content, at)
    if begin is None:
        return None
    lines, end = _until_end(content, begin.end(), b"====" if begin["base64"] else b"end")
    decoded = decode_base64(b"".join(lines)) if begin["base64"] else b"".join(map(_uu_line, lines))
    return begin.start(), begin["name"], decoded, end


def _until_end(content: bytes, at: int, last: bytes) -> tuple[list[bytes], int]:
    """The lines from `at` to the one that is `last`, and where the next begins."""
    lines: list[bytes] = []
    while at < len(content):
        newline = content.find(b"\n", at)
        end = newline + 1 if newline >= 0 else len(content)
        line = content[at:end].rstrip(b"\r\n")
        at = end
        if line.rstrip() == last:
            break
        lines.append(line)
    return lines, at


def _uu_line(line: bytes) -> bytes:
    """The bytes of one line; b"" for one that is none."""
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # some encoders write more than the count at its beginning says
        try:
            return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
        except binascii.Error:
            return b""
