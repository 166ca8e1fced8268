"""Move aliases: `live`, `previous` and the aliases that people choose.

Versions stay where they are. So a job that began on one version ends on it, and a retired style comes back by
a promotion or a publication.
"""

from __future__ import annotations

import re

from registry.database import dialect
from registry.database.dialect import Transaction
from registry.store import queries
from registry.store.audit import record
from registry.store.events import EventKind
from registry.store.models import LIVE, PREVIOUS, StyleVersion
from styles.contract import ResolvedStyle
from styles.errors import BadOption, UnknownStyle

#: Pattern of an alias. It never looks like a version number.
ALIAS = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)


class NoPrevious(BadOption):
    """Refuse to roll back a style that has no previous version."""

    status = 409


class DefaultStyle(BadOption):
    """Refuse to retire the style for mails that name none."""

    status = 409


class UnknownVersion(UnknownStyle):
    """Report a version that a style does not have."""

    def __init__(self, style: str, version: int, newest: int, known: list[str]) -> None:
        super().__init__(f"{style}@{version}", near=[style], known=known)
        has = "version 1 only" if newest == 1 else f"versions 1 to {newest}"
        self.message = f"{style} has no version {version}: it has {has}."
        self.args = (self.message,)


def promote(db: Transaction, name: str, version: int, *, alias: str = LIVE, by: str = "") -> ResolvedStyle:
    """Point an alias at a version. If the alias is `live`, `previous` follows it.

    Nothing happens if the alias is there already. Promoting a version of a retired style to `live` brings the
    style back. Raises `UnknownStyle`, also for an unknown version, and `BadOption` for an invalid alias.
    """
    _check(alias)
    target = _target(db, name, version)
    now = queries.aliases(db, name)
    if LIVE not in now and alias != LIVE:
        raise queries.unknown(db, name)
    if now.get(alias) == version:
        return target.resolved  # nothing changes, so there is nothing to record
    if alias == LIVE:
        go_live(db, target, "promoted", by=by)
    else:
        _point(db, name, {alias: version})
        record(db, "promoted", style=name, version=version, by=by, detail=alias)
    return target.resolved


def rollback(db: Transaction, name: str, *, by: str = "") -> ResolvedStyle:
    """Exchange `live` and `previous`, so that a second rollback undoes the first; return the live version.

    Raises `UnknownStyle`, and `NoPrevious`, a `BadOption` of status 409.
    """
    style = queries.style(db, name)
    if PREVIOUS not in style.aliases:
        raise NoPrevious(f"{name} has no previous version to roll back to.")
    target = _target(db, name, style.aliases[PREVIOUS])
    go_live(db, target, "rolled back", by=by)
    return target.resolved


def retire(db: Transaction, name: str, *, by: str) -> None:
    """Remove all aliases of a style, so that its name means nothing any more."""
    live = queries.style(db, name).live
    db.execute("UPDATE style SET retired = ? WHERE name = ?", dialect.now(), name)
    db.execute("DELETE FROM alias WHERE style = ?", name)
    record(db, "retired", style=name, version=live.version, by=by)


def go_live(db: Transaction, version: StyleVersion, kind: EventKind, *, by: str) -> None:
    """Make a version live, move `previous` to the one before, and record it. A retired style comes back."""
    targets = {LIVE: version.version}
    if was := queries.aliases(db, version.name).get(LIVE):
        targets[PREVIOUS] = was
    _point(db, version.name, targets)
    db.execute("UPDATE style SET retired = NULL WHERE name = ?", version.name)
    detail = f"version {was} before" if was else ""
    record(db, kind, style=version.name, version=version.version, by=by, detail=detail)


def _point(db: Transaction, name: str, targets: dict[str, int]) -> None:
    statement = """
        INSERT INTO alias (style, alias, version) VALUES (?, ?, ?)
        ON CONFLICT (style, alias) DO UPDATE SET version = excluded.version"""
    for alias, version in targets.items():
        db.execute(statement, name, alias, version)


def _target(db: Transaction, name: str, version: int) -> StyleVersion:
    if found := queries.version(db, name, version):
        return found
    style = queries.kept(db, name)
    raise UnknownVersion(name, version, style.versions[0].version, queries.names(db))


def _check(alias: str) -> None:
    if alias == PREVIOUS:
        raise BadOption("`previous` is where `live` was before, and cannot be set by hand.")
    if not ALIAS.fullmatch(alias):
        raise BadOption(
            f"“{alias[:100]}” cannot be an alias: "
            "that is up to 32 small letters, digits and hyphens, and a letter first."
        )
