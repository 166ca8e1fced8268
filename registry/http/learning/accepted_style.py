"""Make the card of a style that a job has learnt, of what its person writes and of the job's status."""

from __future__ import annotations

from typing import Any

from registry.http.request_bodies import AcceptedStyle
from registry.store.cards import LISTS
from styles.language.reserved_names import is_reserved


def fields_of(body: AcceptedStyle) -> dict[str, str]:
    """Return the texts of the card. A title with other letters than a name can have is another name too."""
    fields = body.model_dump(include={"title", "artist", "description", "other_names"})
    written = " ".join(body.title.replace(",", " ").split())
    is_name = len(written) <= LISTS["other_names"][1] and not is_reserved(written)
    if not body.other_names and not written.isascii() and is_name:
        fields["other_names"] = written
    return fields


def record_of(status: dict[str, Any]) -> str:
    """Return the card's record of a training."""
    summary = status.get("summary")
    summary = summary if isinstance(summary, dict) else {}
    steps, minutes = summary.get("steps"), summary.get("minutes")
    learnt = "learnt from a photo of a painting"
    if not (isinstance(steps, int | float) and isinstance(minutes, int | float)):
        return learnt
    return f"{learnt}: {steps:.0f} steps in {minutes:.1f} min"
