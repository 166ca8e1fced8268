"""Decode text of any stated charset, right or wrong.

Labels mean what they mean to browsers (WHATWG Encoding, by `webencodings`): `iso-8859-1` is Windows-1252.
Labels that browsers do not know are looked up among Python's codecs. Codecs that are no charsets of mail are
not used: Python's `punycode` takes time in the square of its input.
"""

from __future__ import annotations

import codecs
import re
from itertools import product

import webencodings

_JAPANESE = "iso2022_jp_ext"
#: Encodings of browsers that reach further than Python's codec of that name -> Python's codec that has more.
_WIDER = {"gbk": "gb18030", "iso-2022-jp": _JAPANESE}
#: Encodings that browsers do not decode at all.
_UNDECODED = ("replacement", "x-user-defined")
#: Labels that programs state for any text. Most of it is UTF-8.
_ANY_TEXT = ("", "ascii", "us-ascii", "ansi_x3.4-1968")
#: Code pages by other names than Python's `cp932`.
_CODE_PAGE = re.compile(r"(?:windows|cp)-(\d+)")
#: Codecs whose letters are bytes of ASCII, so that a damaged text is valid UTF-8 -> what begins the letters.
_SWITCHES = {_JAPANESE: b"\x1b", "iso2022_kr": b"\x0e", "hz": b"~{"}
_NO_CHARSETS = ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "oem", "mbcs")


def decode_bytes(raw: bytes, charset: str) -> str:
    """Decode the stated charset; if it is unknown or wrong UTF-8, else Windows-1252. Never raises."""
    stated = _known(charset)
    switch = _SWITCHES.get(stated)
    names = (stated,) if switch and switch in raw and raw.isascii() else (stated, "utf-8")
    for errors, name in product(("strict", "replace"), names):
        try:
            text = _decode(raw, name, errors)
        except (LookupError, ValueError):
            continue
        if errors == "strict" or _is_mostly_readable(text):
            return text
    return raw.decode("cp1252", "replace")


def _known(charset: str) -> str:
    """Return the name of the charset's codec, "utf-8" if there is none."""
    label = charset.strip().strip("\"'").partition("*")[0].strip().lower()
    if not label.isascii() or len(label) > 40 or label in _ANY_TEXT:
        return "utf-8"
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name in _UNDECODED:
        return _of_python(label)
    if encoding.name == "utf-16le" and label != "utf-16le":
        return "utf-16"  # which reads the byte order mark
    return str(_WIDER.get(encoding.name, encoding.codec_info.name))


def _of_python(label: str) -> str:
    for spelling in (label, label.removeprefix("x-")):  # Python knows "x-mac-japanese", but no "x-cp1250"
        try:
            name = codecs.lookup(_CODE_PAGE.sub(r"cp\1", spelling)).name
        except (LookupError, ValueError):
            continue
        return "utf-8" if name in _NO_CHARSETS else name
    return "utf-8"


def _decode(raw: bytes, name: str, errors: str) -> str:
    """Decode by a codec of Python. Raises LookupError and ValueError."""
    if name != _JAPANESE or errors == "strict":
        return raw.decode(name, errors)
    parts = re.split(rb"(?=[\x1b\n])", raw)  # the end of a line switches back to ASCII
    return "".join(
        _microsoft_jis(part[3:]) if part.startswith((b"\x1b$B", b"\x1b$@")) else part.decode(name, errors)
        for part in parts
    )


def _microsoft_jis(pairs: bytes) -> str:
    """Decode JIS X 0208 with the letters that Microsoft added, such as ① and 髙. Mail programs send them."""
    text = "".join(map(_microsoft_letter, pairs[::2], pairs[1::2]))
    return text + "\ufffd" * (len(pairs) % 2)


def _microsoft_letter(row: int, cell: int) -> str:
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return "\ufffd"
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + ((0x1F if cell < 0x60 else 0x20) if row % 2 else 0x7E)
    return bytes((lead, trail)).decode("cp932", "replace")


def _is_mostly_readable(text: str) -> bool:
    """Tell whether most characters beyond ASCII could be decoded, as in a text that was cut or damaged."""
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii > 2 * text.count("\ufffd")
