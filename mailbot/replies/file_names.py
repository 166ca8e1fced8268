"""Name the files of painted pictures: `beach.jpg` as the Starry Night is `beach-starry-night.jpg`.

The name goes into a header and then onto any file system. So it has no path, only one dot (Windows reserves
`con.jpg` and `con.x.jpg`), no invisible character that changes the reading direction, and a limited length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from mailbot.parsing.text import shorten
from styles.contract import Format

#: Bytes of a name in UTF-8: file systems allow 255, and browsers may add ` (1)`.
MAX_BYTES = 200
#: Bytes of the photo's own name, so that the style's name is always whole.
MAX_STEM_BYTES = 90
#: Unicode categories that are kept: letters, their marks, numbers, pictographs and their tones.
_KEPT = ("L", "M", "N", "So", "Sk")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SHARE = re.compile(r":[\d.]*")
#: The style's name in the file name of a sheet.
ALL_STYLES = "all-styles"


def painted(photo: str, style: str, format: Format, taken: Container[str] = ()) -> str:
    """Return a name that is not `taken` (in lower case); `style` is a job's: a name, a blend or ""."""
    suffix = {"jpeg": "jpg"}.get(format, format)
    stem = made_safe(_SUFFIX.sub("", photo), MAX_STEM_BYTES) or "photo"
    words = "-and-".join(_SHARE.sub("", part) for part in style.split(",")) or ALL_STYLES
    whole = _cut(f"{stem}-{made_safe(words, MAX_BYTES) or 'painted'}", MAX_BYTES)
    number = 1
    while (name := f"{whole}{f'-{number}' if number > 1 else ''}.{suffix}").lower() in taken:
        number += 1
    return name


def preview_of(name: str) -> str:
    """Return the name of a picture's preview."""
    return f"{name.rpartition('.')[0]}-preview.jpg"


def made_safe(text: str, max_bytes: int) -> str:
    """Replace all but letters, digits, marks and pictographs by hyphens; "" if nothing is left."""
    composed = unicodedata.normalize("NFC", text[: 4 * max_bytes])
    kept = "".join(c if unicodedata.category(c).startswith(_KEPT) or c in "()_" else "-" for c in composed)
    return _cut(re.sub(r"-{2,}", "-", kept).lstrip("-"), max_bytes)


def _cut(text: str, max_bytes: int) -> str:
    """Cut text to `max_bytes` of UTF-8, but not within a character or between it and its marks."""
    cut = shorten(text, max_bytes)
    while 0 < len(cut) < len(text) and unicodedata.category(text[len(cut)]).startswith("M"):
        cut = cut[:-1]
    return cut.rstrip("-")
