"""Edit the card of a version. The version stays as it was published, and the edited card lies over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from registry.database.dialect import Transaction
from registry.store import aliases, queries, roles
from registry.store.audit import record
from registry.store.models import LIVE
from registry.store.publishing import check_card
from registry.store.roles import SYSTEM, Writer
from styles.contract import Card

#: Fields of a card that describe the style; the others describe its file, and never change.
EDITABLE = ("title", "artist", "year", "licence", "description", "other_names", "tags")

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
    target = aliases.target(db, name, number) if number else queries.style(db, name).live
    roles.require(db, name, by)
    card = replace(target.card, **{field: changes[field] for field in EDITABLE if field in changes})
    if card != target.card:
        check_card(card, target.format)
        db.execute(_KEEP, name, target.version, json.dumps(asdict(card), ensure_ascii=False))
        changed = [field for field in EDITABLE if getattr(card, field) != getattr(target.card, field)]
        detail = ", ".join(changed)
        record(db, "card edited", style=name, version=target.version, by=by.person, detail=detail)
    return card
