"""Make the card of a style that a job has learnt, of what its person writes and of the job's status."""

from __future__ import annotations

from typing import Any

from registry.http import card_fields
from registry.http.request_bodies import AcceptedStyle, RenamedStyle
from registry.store.cards import LISTS
from registry.store.names.style_names import slug
from styles.contract import Card
from styles.language.reserved_names import is_reserved


def fields_of(body: AcceptedStyle) -> dict[str, str]:
    """Return the texts of the card. A title with other letters than a name can have is another name too."""
    fields = body.model_dump(include={"title", "artist", "description", "other_names"})
    if not body.other_names and (other := _other_name(body.title)):
        fields["other_names"] = other
    return fields


def renamed(body: RenamedStyle) -> Card:
    """Return a card with the name, the title and the other names that a style gets.

    Words without a letter that a name can have, “我的花园”, become the title alone.
    """
    title = card_fields.text("title", (body.title or body.to).encode())
    other = _other_name(title)
    return Card(name=slug(body.to) or body.name, title=title, other_names=(other,) if other else ())


def _other_name(title: str) -> str:
    written = " ".join(title.replace(",", " ").split())
    is_name = len(written) <= LISTS["other_names"][1] and not is_reserved(written)
    return written if is_name and not written.isascii() else ""


def record_of(status: dict[str, Any]) -> str:
    """Return the card's record of a training."""
    summary = status.get("summary")
    summary = summary if isinstance(summary, dict) else {}
    steps, minutes = summary.get("steps"), summary.get("minutes")
    learnt = "learnt from a photo of a painting"
    if not (isinstance(steps, int | float) and isinstance(minutes, int | float)):
        return learnt
    return f"{learnt}: {steps:.0f} steps in {minutes:.1f} min"
