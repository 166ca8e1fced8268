"""Read the fields of a publication's form, with their limits, and make the card.

Text is kept as one line in Unicode's composed form. A list is a line with commas between its entries.
Characters that nobody sees could make a page show something else than the text. They are refused, not
dropped, so that the publisher learns of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import cast, get_args

from registry.store.cards import LISTS, check_list
from styles.contract import Card, PixelRange
from styles.errors import BadOption, Permanent
from styles.language.invisible_characters import hidden_character, shows_something

#: Known fields, with the most characters of each.
LIMITS: Mapping[str, int] = {
    "title": 200,
    "artist": 200,
    "year": 40,  # "about 1831"
    "licence": 100,  # an SPDX name, or a few words
    "description": 2000,
    "pixel_range": 10,
    "values": 16_000,  # a thousand numbers
    **{field: most * (longest + len(", ")) for field, (most, longest) in LISTS.items()},
}
#: Values of `pixel_range`; with "" the validation finds it out.
PIXEL_RANGES: tuple[str, ...] = ("", *get_args(PixelRange))
#: Most bytes of a character in UTF-8.
BYTES_PER_CHARACTER = 4


class BadUpload(Permanent, ValueError):
    """Report a wrong form, before its weights are read."""


def limit(field: str) -> int:
    """Return the most bytes of a field. Raises `BadUpload` for an unknown field."""
    if field not in LIMITS:
        known = ", ".join(("weights", *LIMITS))
        raise BadUpload(f"Nobody knows the field {field[:40]!r}; there are {known}.")
    return LIMITS[field] * BYTES_PER_CHARACTER


def text(field: str, raw: bytes) -> str:
    """Return the text of a field as it is kept. Raises `BadUpload`."""
    try:
        line = " ".join(unicodedata.normalize("NFC", raw.decode()).split())
    except UnicodeDecodeError as error:
        raise BadUpload(f"The {field} is not in UTF-8.") from error
    if len(line) > LIMITS[field]:
        raise too_long(field)
    if hidden := hidden_character(line):
        raise BadUpload(f"The {field} holds a character that nobody sees, U+{ord(hidden):04X}: take it out.")
    if line and not shows_something(line):
        raise BadUpload(f"Of the {field} nobody would see anything: write letters.")
    if field == "pixel_range" and line not in PIXEL_RANGES:
        raise BadUpload(f"The pixel range is {', '.join(PIXEL_RANGES[1:])}, or left out, not {line!r}.")
    if field in LISTS:
        try:
            check_list(field, entries(line))
        except BadOption as error:
            raise BadUpload(error.message) from error
    return line


def entries(line: str) -> tuple[str, ...]:
    """Return the entries of a list, which are written with commas between them; each once."""
    return tuple(dict.fromkeys(entry for part in line.split(",") if (entry := part.strip())))


def changes(values: Mapping[str, str | list[str]]) -> dict[str, str | tuple[str, ...]]:
    """Return edited fields as a card has them. Raises `BadUpload`."""
    changed: dict[str, str | tuple[str, ...]] = {}
    for field, value in values.items():
        line = text(field, (value if isinstance(value, str) else ", ".join(value)).encode(errors="replace"))
        changed[field] = entries(line) if field in LISTS else line
    return changed


def too_long(field: str) -> BadUpload:
    """Build the error of a field over its limit."""
    return BadUpload(f"The {field} may have {LIMITS[field]:,} characters, and has more.")


def pixel_range(fields: Mapping[str, str]) -> PixelRange | None:
    """Return the network's pixel range as the uploader states it, or None."""
    return cast(PixelRange, fields["pixel_range"]) if fields.get("pixel_range") else None


def card(name: str, fields: Mapping[str, str]) -> Card:
    """Make the card from the fields. A missing title is made from the name."""
    given = {field: fields[field] for field in LIMITS if field != "pixel_range" and fields.get(field)}
    lists = {field: entries(given[field]) for field in LISTS if field in given}
    return Card.from_mapping({"name": name, "title": name.replace("-", " ").title(), **given, **lists})
