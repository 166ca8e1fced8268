"""Record what happened: events for programs, the audit trail for people.

Both are written in the transaction that makes the change, so neither exists without the change.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from registry.database.dialect import Transaction, Value, now
from registry.store.events import Changes, EventKind, StyleEvent

#: Most events in one answer. With more, the caller asks again.
EVENTS_AT_ONCE = 1000
#: Most entries of the audit trail in one answer.
ENTRIES_AT_ONCE = 10_000
_TOLD = """
    SELECT event.* FROM event LEFT JOIN private_version AS hidden
        ON hidden.style = event.style AND hidden.version = event.version
    WHERE seq > ? AND hidden.version IS NULL ORDER BY seq LIMIT ?"""
#: Kinds of events by which a version may lose an alias. Their detail is another alias, or a sentence.
_LEAVING = ("published", "promoted", "rolled back", "alias removed")
#: Characters of a detail that are kept, since a refusal may quote the upload.
LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Describe one action: time, person, kind, style and version."""

    at: str  #: ISO 8601, UTC
    by: str  #: a person's name; "" for what happened before the audit trail was kept
    action: str  #: a kind of event, or `refused`, `token added`, `token revoked`
    style: str  #: "" for an action on no style
    version: int  #: the version the action was about; 0 for none
    detail: str  #: more about the action, such as the alias that was moved; mostly ""


def record(db: Transaction, kind: EventKind, *, style: str, version: int, by: str, detail: str = "") -> None:
    """Record a change of a style as an event and in the audit trail."""
    at = now()
    db.insert("event", {"at": at, "kind": kind, "style": style, "version": version})
    note(db, kind, style=style, version=version, by=by, detail=detail, at=at)


def note(
    db: Transaction,
    action: str,
    *,
    by: str,
    style: str = "",
    version: int = 0,
    detail: str = "",
    at: str = "",
) -> None:
    """Add one entry to the audit trail alone."""
    row: dict[str, Value] = {
        "at": at or now(),
        "by": by,
        "action": action,
        "style": style,
        "version": version,
    }
    db.insert("audit", row | {"detail": detail[:LONGEST_DETAIL]})


def changes(db: Transaction, since: int) -> Changes:
    """Return the events after number `since`, oldest first, at most `EVENTS_AT_ONCE`.

    Everybody may read them, so those of private versions are left out.
    """
    events = tuple(msgspec.convert(dict(row), StyleEvent) for row in db.rows(_TOLD, since, EVENTS_AT_ONCE))
    if events:
        return Changes(events=events, last=events[-1].seq)
    newest = db.rows("SELECT coalesce(max(seq), 0) AS seq FROM event")[0]["seq"]
    return Changes(events=(), last=newest)


def before(db: Transaction, style: str, version: int, alias: str) -> int:
    """Return the version that an alias other than `live` was at before it came to this one; 0 for none."""
    at = 0
    for row in db.rows("SELECT action, version, detail FROM audit WHERE style = ? ORDER BY id", style):
        action, detail = row["action"], row["detail"]
        is_of_alias = detail == alias and action in ("staged", "promoted")
        if is_of_alias and row["version"] == version:
            break
        is_of_another = bool(detail) and " " not in detail and detail != alias
        if is_of_alias:
            at = row["version"]
        elif action == "retired" or (row["version"] == at and action in _LEAVING and not is_of_another):
            at = 0  # it went live, or the alias was removed
    return at


def entries(db: Transaction, limit: int = 100, style: str | None = None) -> list[AuditEntry]:
    """Return the newest `limit` entries of the audit trail, newest first, of one style or of all."""
    query = 'SELECT at, "by", action, style, version, detail FROM audit'
    query += " WHERE style = ?" if style else ""
    values = (style,) if style else ()
    found = db.rows(f"{query} ORDER BY id DESC LIMIT ?", *values, max(0, min(limit, ENTRIES_AT_ONCE)))
    return [AuditEntry(**row) for row in found]


def publishers(db: Transaction, style: str) -> dict[int, str]:
    """Return who published each version of a style; "" for versions from before the audit trail was kept."""
    query = """SELECT version, "by" FROM audit WHERE style = ? AND action IN ('published', 'staged')"""
    return {row["version"]: row["by"] for row in db.rows(query, style)}
