"""Decode text of any stated charset, right or wrong.

Names mean what they mean to browsers (WHATWG Encoding): `iso-8859-1` is Windows-1252, `gb2312` its successor.
Codecs that are no charsets of mail are not used: Python's `punycode` takes time in the square of its input.
"""

from __future__ import annotations

import codecs
import re
from itertools import product

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
    "windows-31j": "cp932",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
#: Code pages by other names than Python's `cp949`.
_CODE_PAGE = re.compile(r"(?:windows|cp)-(\d+)")
_NO_CHARSETS = ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "oem", "mbcs")


def decode_bytes(raw: bytes, charset: str) -> str:
    """Decode the stated charset; if it is unknown or wrong UTF-8, else Windows-1252. Never raises."""
    for errors, name in product(("strict", "replace"), (_known(charset), "utf-8")):
        try:
            text = raw.decode(name, errors)
        except (LookupError, ValueError):
            continue
        if errors == "strict" or _is_mostly_readable(text):
            return text
    return raw.decode("cp1252", "replace")


def _known(charset: str) -> str:
    """Return the name of the charset's codec, "utf-8" if there is none."""
    stated = charset.strip().strip("\"'").partition("*")[0].lower()
    if not stated.isascii() or len(stated) > 40:
        return "utf-8"
    for spelling in (stated, stated.removeprefix("x-")):  # Python knows "x-mac-japanese", but no "x-gbk"
        try:
            name = codecs.lookup(_ALIASES.get(spelling) or _CODE_PAGE.sub(r"cp\1", spelling)).name
        except (LookupError, ValueError):
            continue
        if name == "ascii" or name in _NO_CHARSETS:  # programs state "us-ascii" for any text, mostly UTF-8
            break
        return _WIDER.get(name, name)
    return "utf-8"


def _is_mostly_readable(text: str) -> bool:
    """Tell whether most characters beyond ASCII could be decoded, as in a text that was cut or damaged."""
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii > 2 * text.count("\ufffd")
