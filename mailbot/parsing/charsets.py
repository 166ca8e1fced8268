"""Decode text of any stated charset, right or wrong.

Names mean what they mean to browsers (WHATWG Encoding): `iso-8859-1` is Windows-1252, `gb2312` its successor.
Codecs that are no charsets of mail are not used: Python's `punycode` takes time in the square of its input.
"""

from __future__ import annotations

import codecs

#: Stated charset -> the charset that is meant, by Python's names.
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
    "tis-620": "cp874",
}
#: Names that Python does not know -> its own names.
_ALIASES = {
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874",
    "x-windows-949": "cp949",
}
_NO_CHARSETS = frozenset(
    ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "oem", "mbcs")
)


def decode_bytes(raw: bytes, charset: str) -> str:
    """Decode the stated charset; if it is unknown or wrong UTF-8, else Windows-1252. Never raises."""
    name = _known(charset)
    for candidate in (name, "utf-8"):
        try:
            return raw.decode(candidate)
        except (LookupError, ValueError):
            continue
    for candidate in (name, "utf-8"):
        if (text := _nearly(raw, candidate)) is not None:
            return text
    return raw.decode("cp1252", "replace")


def _known(charset: str) -> str:
    """Return the name of the charset's codec, "utf-8" if there is none."""
    stated = charset.strip().strip("\"'").partition("*")[0].lower()
    if not stated.isascii() or len(stated) > 40:
        return "utf-8"
    try:
        name = codecs.lookup(_ALIASES.get(stated, stated)).name
    except (LookupError, ValueError):
        return "utf-8"
    if name == "ascii" or name in _NO_CHARSETS:  # programs state "us-ascii" for any text, mostly UTF-8
        return "utf-8"
    return _WIDER.get(name, name)


def _nearly(raw: bytes, name: str) -> str | None:
    """Decode text that is cut or damaged; None if most characters beyond ASCII are unreadable."""
    try:
        text = raw.decode(name, "replace")
    except (LookupError, ValueError):
        return None
    bad = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if beyond_ascii > 2 * bad else None
