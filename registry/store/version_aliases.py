"""Move aliases: `live`, `previous` and the aliases that people choose.

Versions stay where they are. So a job that began on one version ends on it, and a retired style comes back by
a promotion or a publication.
"""

from __future__ import annotations

import re

from registry.database import dialect
from registry.database.dialect import Transaction, Value
from registry.store import queries
from registry.store.access import roles
from registry.store.access.roles import SYSTEM, Writer
from registry.store.audit import record
from registry.store.events import EventKind
from registry.store.style_versions import LIVE, PREVIOUS, STAGED, StyleVersion
from styles.contract import PRIVATE, ResolvedStyle
from styles.errors import BadOption, UnknownStyle

#: Pattern of an alias. It never looks like a version number.
ALIAS = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)


class NoPrevious(BadOption):
    """Refuse to roll back a style that has no previous version."""

    status = 409


class AliasMoved(BadOption):
    """Refuse to move an alias that is not where the caller believes it to be."""

    status = 409


class UnknownAlias(UnknownStyle):
    """Report an alias that a style does not have."""

    def __init__(self, style: str, alias: str, known: list[str]) -> None:
        super().__init__(f"{style}@{alias}", near=[style], known=known)
        self.message = f"{style} has no alias “{alias[:40]}”."
        self.args = (self.message,)


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


def promote(
    db: Transaction,
    name: str,
    version: int,
    *,
    alias: str = LIVE,
    since: int | None = None,
    by: Writer = SYSTEM,
) -> ResolvedStyle:
    """Point an alias at a version. If the alias is `live`, `previous` follows it.

    `since` is the version that the alias must be at before, if given. Nothing happens if the alias is at its
    target already. Promoting a version of a retired style to `live` brings the style back. Raises
    `UnknownStyle`, also for an unknown version, `NotAllowed`, `AliasMoved`, and `BadOption` for an alias.
    """
    check(alias)
    found = target(db, name, version)
    roles.require(db, name, by, "publish" if alias == LIVE else "stage")
    now = queries.aliases(db, name)
    if alias != LIVE and queries.kept(db, name).retired:
        raise queries.unknown(db, name)
    if now.get(alias) == version:
        return found.resolved  # nothing changes, so there is nothing to record
    _require_at(name, alias, now.get(alias), since)
    if alias == LIVE:
        go_live(db, found, "promoted", by=by)
    else:
        point(db, name, {alias: version})
        record(db, "promoted", style=name, version=version, by=by.person, detail=alias)
    return found.resolved


def rollback(db: Transaction, name: str, *, since: int | None = None, by: Writer = SYSTEM) -> ResolvedStyle:
    """Exchange `live` and `previous`, so that a second rollback undoes the first; return the live version.

    `since` is the version to leave. With it, a request that is repeated after its answer was lost changes
    nothing. Raises `UnknownStyle`, `NotAllowed`, `AliasMoved`, and `NoPrevious`, a `BadOption` of status 409.
    """
    style = queries.style(db, name)
    roles.require(db, name, by)
    _require_at(name, LIVE, style.live.version, since)
    if PREVIOUS not in style.aliases:
        raise NoPrevious(f"{name} has no previous version to roll back to.")
    found = target(db, name, style.aliases[PREVIOUS])
    go_live(db, found, "rolled back", by=by)
    return found.resolved


def retire(db: Transaction, name: str, *, by: Writer) -> None:
    """Remove all aliases of a style, so that its name means nothing any more."""
    style = queries.kept(db, name)
    if style.retired and not style.aliases:  # a version may have been staged since
        raise queries.unknown(db, name)
    roles.require(db, name, by)
    db.execute("UPDATE style SET retired = coalesce(retired, ?) WHERE name = ?", dialect.now(), name)
    db.execute("DELETE FROM alias WHERE style = ?", name)
    hidden = queries.private_versions(db, name)
    # Events leave out private versions, and others may wait for that of a public one.
    newest = next((each for each in style.versions if each.version not in hidden), style.versions[0])
    version = style.aliases.get(LIVE, newest.version)
    record(db, "retired", style=name, version=version, by=by.person)


def go_live(db: Transaction, version: StyleVersion, kind: EventKind, *, by: Writer) -> None:
    """Make a version live, move `previous` to the one before, and record it.

    A retired style comes back, and a private version is everybody's from then on.
    """
    targets = {LIVE: version.version}
    if was := queries.aliases(db, version.name).get(LIVE):
        targets[PREVIOUS] = was
    point(db, version.name, targets)
    # What was staged or private is live now.
    query = "DELETE FROM alias WHERE style = ? AND version = ? AND (alias = ? OR alias LIKE ?)"
    db.execute(query, version.name, version.version, STAGED, f"{PRIVATE}%")
    query = "DELETE FROM private_version WHERE style = ? AND version = ?"
    db.execute(query, version.name, version.version)
    db.execute("UPDATE style SET retired = NULL WHERE name = ?", version.name)
    detail = f"version {was} before" if was else ""
    record(db, kind, style=version.name, version=version.version, by=by.person, detail=detail)


def stage(db: Transaction, version: StyleVersion, alias: str, *, by: Writer) -> None:
    """Point an alias at a new version, which goes live by a promotion later.

    With a secret alias the version is private.
    """
    point(db, version.name, {alias: version.version})
    said = alias
    if alias.startswith(PRIVATE):
        row: dict[str, Value] = {"style": version.name, "version": version.version}
        db.insert("private_version", row, ignore=True)
        said = "private"  # the alias is a secret, and many may read the audit trail
    record(db, "staged", style=version.name, version=version.version, by=by.person, detail=said)


def remove_alias(db: Transaction, name: str, alias: str, *, by: Writer = SYSTEM) -> None:
    """Remove an alias other than `live` and `previous`. Its version stays.

    Raises `UnknownStyle`, of which `UnknownAlias` is one, `NotAllowed` and `BadOption`.
    """
    now = queries.kept(db, name).aliases
    roles.require(db, name, by, "stage")
    if alias == LIVE:
        raise BadOption("`live` cannot be removed alone: retire the style instead.")
    check(alias)
    if alias not in now:
        raise UnknownAlias(name, alias, queries.names(db))
    db.execute("DELETE FROM alias WHERE style = ? AND alias = ?", name, alias)
    record(db, "alias removed", style=name, version=now[alias], by=by.person, detail=alias)


def _require_at(name: str, alias: str, now: int | None, since: int | None) -> None:
    if since is not None and now != since:
        where = f"at version {now}" if now else "at no version"
        raise AliasMoved(f"{name}: {alias} is {where} and not at {since}. Nothing was changed.")


def point(db: Transaction, name: str, targets: dict[str, int]) -> None:
    """Point aliases of a style at versions. Records nothing."""
    statement = """
        INSERT INTO alias (style, alias, version) VALUES (?, ?, ?)
        ON CONFLICT (style, alias) DO UPDATE SET version = excluded.version"""
    for alias, version in targets.items():
        db.execute(statement, name, alias, version)


def target(db: Transaction, name: str, version: int) -> StyleVersion:
    """Return a version by its number. Raises `UnknownStyle`, of which `UnknownVersion` is one."""
    if found := queries.version(db, name, version):
        return found
    style = queries.kept(db, name)
    raise UnknownVersion(name, version, style.versions[0].version, queries.names(db))


def check(alias: str) -> None:
    """Raise `BadOption` if no person can set this alias."""
    if alias == PREVIOUS:
        raise BadOption("`previous` is where `live` was before, and cannot be set by hand.")
    if not ALIAS.fullmatch(alias):
        raise BadOption(
            f"“{alias[:100]}” cannot be an alias: "
            "that is up to 32 small letters, digits and hyphens, and a letter first."
        )
