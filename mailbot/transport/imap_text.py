"""Quote strings and encode folder names for IMAP.

    quoted             a string as an argument of a command
    encoded, decoded   a folder's name in modified UTF-7, and back (RFC 3501, 5.1.3)

Modified UTF-7 is ASCII as it is, `&-` for `&`, and between `&` and `-` UTF-16 in base64 with `,` for `/`.
"""

from __future__ import annotations

import base64
import binascii
import re

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_FOREIGN = re.compile(r"[^ -~]+")


def quoted(text: str) -> str:
    """Quote a string for IMAP."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def encoded(name: str) -> str:
    """Encode a folder's name for the server."""
    return _FOREIGN.sub(_shift, name.replace("&", "&-"))


def decoded(name: str) -> str:
    """Decode a folder's name; one that is not well-formed stays as it is."""
    try:
        return _SHIFTED.sub(_unshift, name)
    except (binascii.Error, UnicodeDecodeError):
        return name


def _shift(run: re.Match[str]) -> str:
    code = base64.b64encode(run[0].encode("utf-16-be"), b"+,").decode().rstrip("=")
    return f"&{code}-"


def _unshift(run: re.Match[str]) -> str:
    code = run[1]
    if not code:
        return "&"
    return base64.b64decode(code + "=" * (-len(code) % 4), b"+,").decode("utf-16-be")
