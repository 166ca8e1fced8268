"""The name of a painted picture's file: `beach.jpg` as the Starry Night is `beach-starry-night.jpg`.

    painted     the name, given the photo's and the style's
    made_safe   letters, digits, marks and pictographs of any script; the rest becomes a hyphen

The name goes into a header and then onto any file system. So it has no path, no dot but the last (Windows
keeps `con.jpg` and `con.x.jpg` for itself), no invisible character that turns the reading direction round,
and is as long as file systems take in bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from styles.contract import Format

#: Bytes of UTF-8: file systems take 255, and the browser that saves a file may add ` (1)`.
MAX_BYTES = 200
#: Of the photo's own name, so that the style's is always whole.
MAX_STEM_BYTES = 90
#: Unicode's general categories that are kept: letters, marks on them, numbers, pictographs and their tones.
_KEPT = ("L", "M", "N", "So", "Sk")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SHARE = re.compile(r":[\d.]*")
#: What a picture in all styles is called after.
ALL_STYLES = "all-styles"


def painted(photo: str, style: str, format: Format, taken: Container[str] = ()) -> str:
    """The file's name; `style` is a job's: a name, a blend or "". Not one of `taken`, in lower case."""
    suffix = {"jpeg": "jpg"}.get(format, format)
    stem = made_safe(_SUFFIX.sub("", photo), MAX_STEM_BYTES) or "photo"
    words = "-and-".join(_SHARE.sub("", part) for part in style.split(",")) or ALL_STYLES
    whole = _cut(f"{stem}-{made_safe(words, MAX_BYTES) or 'painted'}", MAX_BYTES)
    number = 1
    while (name := f"{whole}{f'-{number}' if number > 1 else ''}.{suffix}").lower() in taken:
        number += 1
    return name


def preview_of(name: str) -> str:
    """What the smaller picture of a file is called."""
    return f"{name.rpartition('.')[0]}-preview.jpg"


def made_safe(text: str, max_bytes: int) -> str:
    """The text as a part of a file's name; "" where nothing of it can be."""
    composed = unicodedata.normalize("NFC", text[: 4 * max_bytes])
    kept = "".join(c if unicodedata.category(c).startswith(_KEPT) or c in "()_" else "-" for c in composed)
    return _cut(re.sub(r"-{2,}", "-", kept).lstrip("-"), max_bytes)


def _cut(text: str, max_bytes: int) -> str:
    """So many bytes of UTF-8 at most; no character is halved, and none loses its marks."""
    cut = text.encode("utf-8", "ignore")[:max_bytes].decode("utf-8", "ignore")
    while 0 < len(cut) < len(text) and unicodedata.category(text[len(cut)]).startswith("M"):
        cut = cut[:-1]
    return cut.rstrip("-")
