"""What a publication says of its style besides the weights: the fields, their limits, and the card.

Text is kept as one line in Unicode's composed form. What could make a page or a list show something other
than what stands there (control characters, overrides of the direction of writing) is refused, not dropped:
who published it should know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import cast, get_args

from styles.contract import Card, PixelRange
from styles.errors import Permanent

#: The fields that there are, with their longest text in characters.
LIMITS: Mapping[str, int] = {
    "title": 200,
    "artist": 200,
    "year": 40,  # "about 1831"
    "licence": 100,  # an SPDX name, or a few words
    "description": 2000,
    "pixel_range": 10,
}
#: What `pixel_range` may say; "" leaves it to the validation to find out.
PIXEL_RANGES: tuple[str, ...] = ("", *get_args(PixelRange))
#: UTF-8 has at most so many bytes for a character.
BYTES_PER_CHARACTER = 4
#: They turn the text after them around, or end that: LRE to RLO, LRI to PDI.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class BadUpload(Permanent, ValueError):
    """A publication whose form is wrong, before its weights are looked at."""


def limit(field: str) -> int:
    """The most bytes of a field. Raises `BadUpload` for one that there is not."""
    if field not in LIMITS:
        known = ", ".join(("weights", *LIMITS))
        raise BadUpload(f"Nobody knows the field {field[:40]!r}; there are {known}.")
    return LIMITS[field] * BYTES_PER_CHARACTER


def text(field: str, raw: bytes) -> str:
    """What was written into a field, as it is kept. Raises `BadUpload`."""
    try:
        line = " ".join(unicodedata.normalize("NFC", raw.decode()).split())
    except UnicodeDecodeError as error:
        raise BadUpload(f"The {field} is not in UTF-8.") from error
    if len(line) > LIMITS[field]:
        raise too_long(field)
    if any(unicodedata.category(c) == "Cc" or c in _TURNING for c in line):
        raise BadUpload(f"The {field} holds a character that nobody sees, and that changes what others show.")
    if field == "pixel_range" and line not in PIXEL_RANGES:
        raise BadUpload(f"The pixel range is {', '.join(PIXEL_RANGES[1:])}, or left out, not {line!r}.")
    return line


def too_long(field: str) -> BadUpload:
    """The error of a field over its limit."""
    return BadUpload(f"The {field} may have {LIMITS[field]:,} characters, and has more.")


def pixel_range(fields: Mapping[str, str]) -> PixelRange | None:
    """What the uploader says that the network takes and gives; None if nothing."""
    return cast(PixelRange, fields["pixel_range"]) if fields.get("pixel_range") else None


def card(name: str, fields: Mapping[str, str]) -> Card:
    """The card as far as the fields tell it; a title that is missing is made of the name."""
    given = {field: fields[field] for field in LIMITS if field != "pixel_range" and fields.get(field)}
    return Card.from_mapping({"name": name, "title": name.replace("-", " ").title(), **given})
