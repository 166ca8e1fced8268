"""Serialize the bot's own messages in the time of copying them.

The standard library writes a message line by line: 5 ms for a picture of 220 kB. Here a payload is copied as
one piece. That is safe, since base64 and quoted-printable are ASCII and no boundary occurs in them.
"""

from __future__ import annotations

import binascii
from email.message import MIMEPart

#: Letters in a line of base64.
_LINE = 76


def as_bytes(message: MIMEPart) -> bytes:
    """Return what `EmailMessage.as_bytes` would: headers by the message's policy, lines with CRLF."""
    return b"".join(_pieces(message))


def _pieces(message: MIMEPart) -> list[bytes]:
    fold = message.policy.fold_binary
    head = b"".join(fold(name, value) for name, value in message.raw_items())
    if not message.is_multipart():
        return [head, b"\r\n", _with_crlf(str(message.get_payload()).encode("ascii"))]
    boundary = str(message.get_boundary()).encode("ascii")
    pieces = [head, b"\r\n"]
    for part in message.iter_parts():
        pieces += [b"--", boundary, b"\r\n", *_pieces(part), b"\r\n"]
    return [*pieces, b"--", boundary, b"--\r\n"]


def _with_crlf(lines: bytes) -> bytes:
    """Convert LF, which the library's content managers write under any policy."""
    return lines if b"\r\n" in lines else lines.replace(b"\n", b"\r\n")


def base64_lines(content: bytes) -> str:
    """Encode `content` in base64, in lines of 76 letters (RFC 2045, 6.8) that end in CRLF."""
    letters = binascii.b2a_base64(content, newline=False).decode("ascii")
    return "".join([f"{letters[at : at + _LINE]}\r\n" for at in range(0, len(letters), _LINE)])
