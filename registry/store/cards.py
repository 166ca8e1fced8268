"""Check cards, and edit the card of a version.

The version stays as it was published, and the edited card lies over it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from registry.database.dialect import Transaction
from registry.store import queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import SYSTEM, Writer
from registry.store.audit import record
from registry.store.names.style_names import check_name
from registry.store.style_versions import LIVE
from styles.contract import Card
from styles.errors import BadCheckpoint, BadOption
from styles.formats import style_file, transformer_file
from styles.language.reserved_names import is_ordinary, is_reserved

#: Fields of a card that describe the style; the others describe its file, and never change.
EDITABLE = ("title", "artist", "year", "licence", "description", "other_names", "tags")
#: Architectures that a kept file of a format may hold.
ARCHITECTURES = {"safetensors": (style_file.ARCHITECTURE, transformer_file.ARCHITECTURE), "onnx": ("onnx",)}
#: Most characters of a card's text. Shipped cards have at most 300.
LONGEST_TEXT = 4000
#: Most entries of a card's lists, and most characters of one. Shipped cards have 123 names at most.
LISTS = {"other_names": (200, 80), "tags": (20, 40)}

_KEEP = """
    INSERT INTO card_edit (style, version, card) VALUES (?, ?, ?)
    ON CONFLICT (style, version) DO UPDATE SET card = excluded.card"""


def edit_card(
    db: Transaction, name: str, changes: Mapping[str, Any], *, version: int = 0, by: Writer = SYSTEM
) -> Card:
    """Change fields of a version's card, by default of the live one, and return the card.

    Nothing happens if they are so already. Raises `NotAllowed`, `UnknownStyle`, and `BadOption` for a text.
    """
    number = version or queries.aliases(db, name).get(LIVE, 0)
    target = version_aliases.target(db, name, number) if number else queries.style(db, name).live
    roles.require(db, name, by)
    card = replace(target.card, **{field: changes[field] for field in EDITABLE if field in changes})
    if card != target.card:
        check_card(card, target.format)
        db.execute(_KEEP, name, target.version, json.dumps(asdict(card), ensure_ascii=False))
        changed = [field for field in EDITABLE if getattr(card, field) != getattr(target.card, field)]
        detail = ", ".join(changed)
        record(db, "card edited", style=name, version=target.version, by=by.person, detail=detail)
    return card


def check_list(field: str, entries: Sequence[str]) -> None:
    """Raise `BadOption` if a card cannot have this list of other names, or of tags."""
    most, longest = LISTS[field]
    if len(entries) > most:
        raise BadOption(f"The card's {field} has {len(entries)} entries; {most} are allowed.")
    for entry in entries:
        if len(entry) > longest:
            raise BadOption(f"“{entry[:40]} …” is too long for {field}: {longest} characters are allowed.")
        if "," in entry or not entry.strip():
            raise BadOption(f"“{entry}” cannot stand in {field}: an entry has words and no comma.")
        if is_reserved(entry):
            raise BadOption(
                f"“{entry}” means something else when it stands in a mail: leave it out of {field}."
            )


def check_card(card: Card, format: str) -> None:
    """Raise `BadOption` for a card that a style cannot have, and `BadCheckpoint` for a wrong architecture."""
    check_name(card.name)
    for field in LISTS:
        check_list(field, getattr(card, field))
    if ordinary := next((name for name in card.other_names if is_ordinary(name) and name != card.title), ""):
        raise BadOption(
            f"“{ordinary}” is said of many photos, and each of these mails would ask for the style: "
            "leave it out of other_names, or add a word to it."
        )
    for key, text in asdict(card).items():
        if key not in LISTS and len(text) > LONGEST_TEXT:
            raise BadOption(f"The card's {key} has {len(text):,} characters; {LONGEST_TEXT:,} are allowed.")
    if card.architecture not in ARCHITECTURES.get(format, ()):
        raise BadCheckpoint(f"A {format[:40]} file cannot hold the architecture {card.architecture[:40]!r}.")
