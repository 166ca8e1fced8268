"""Read styles from the database, and resolve names, aliases and version numbers.

All functions are called within a transaction (registry/database/dialect.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from rapidfuzz import fuzz, process, utils

from registry.database.dialect import Transaction, moment
from registry.store.style_versions import LIVE, PREVIOUS, Style, StyleVersion
from styles.contract import PRIVATE, Card, ResolvedStyle, StyleSummary, style_to_show
from styles.errors import UnknownStyle

VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
#: Likeness from which a name is near another, 0 to 100. Real typing mistakes score 83 and more. Names that
#: only share some letters ("kandinsky" and "candy") score about 60.
NEAR = 70
#: Time for which versions of a retired style are found by their numbers, for photos that are under way.
ENDS_WITHIN = timedelta(hours=1)

_VERSIONS = """
    SELECT style AS name, version, digest, base, format, architecture, preview, created, bytes,
           coalesce(card_edit.card, version.card) AS card, small, medium, large
    FROM version JOIN blob USING (digest) LEFT JOIN card_edit USING (style, version)
    LEFT JOIN thumbnail USING (preview)"""
_BY_ALIAS = f"{_VERSIONS} JOIN alias USING (style, version)"
_PUBLIC_ALIASES = """
    SELECT alias.style, alias.alias, alias.version
    FROM alias LEFT JOIN private_version AS hidden USING (style, version)
    WHERE hidden.version IS NULL ORDER BY alias.style, alias.alias"""
#: Detail of a move of `live`, as `aliases.go_live` writes it.
_BEFORE = "version % before"
#: The last move of `live`. The detail of a move of another alias is that alias.
_LAST_MOVE = """
    SELECT action FROM audit
    WHERE style = ? AND (action IN ('published', 'rolled back', 'retired')
                         OR action = 'promoted' AND (detail = '' OR detail LIKE ?))
    ORDER BY id DESC LIMIT 1"""


def names(db: Transaction) -> list[str]:
    """Return every style that has a live version, by name."""
    return [row["style"] for row in db.rows("SELECT style FROM alias WHERE alias = ? ORDER BY style", LIVE)]


def summaries(db: Transaction) -> list[StyleSummary]:
    """Return a summary of every style that is not retired, by name. Each takes 20 microseconds."""
    all_aliases = db.rows(_PUBLIC_ALIASES)
    aliases = {
        name: {row["alias"]: row["version"] for row in found}
        for name, found in groupby(all_aliases, lambda row: row["style"])
    }
    live = db.rows(f"{_BY_ALIAS} WHERE alias = ? ORDER BY style", LIVE)
    return [StyleVersion.from_row(row).summary(aliases[row["name"]]) for row in live]


def first_publications(db: Transaction) -> dict[str, str]:
    """Return when each style was published first, ISO 8601 in UTC."""
    return {row["name"]: row["created"] for row in db.rows("SELECT name, created FROM style")}


def sizes(db: Transaction) -> tuple[int, int]:
    """Return how many styles have a live version, and how many versions they have in all."""
    query = """
        SELECT count(DISTINCT alias.style) AS styles, count(*) AS versions
        FROM alias JOIN version ON version.style = alias.style WHERE alias.alias = ?"""
    (found,) = db.rows(query, LIVE)
    return found["styles"], found["versions"]


def style(db: Transaction, name: str) -> Style:
    """Return a style that has a live version, without its private ones. Raises `UnknownStyle`."""
    found = public(db, name)
    if LIVE not in found.aliases:
        raise unknown(db, name)
    return found


def kept(db: Transaction, name: str) -> Style:
    """Return a style, also one that is retired or only staged. Raises `UnknownStyle`."""
    versions = db.rows(f"{_VERSIONS} WHERE style = ? ORDER BY version DESC", name)
    if not versions:
        raise unknown(db, name)
    now, moved = aliases(db, name), db.rows(_LAST_MOVE, name, _BEFORE)
    rolled_back = bool(moved) and moved[0]["action"] == "rolled back"
    return Style(
        name=name,
        aliases=now,
        versions=tuple(StyleVersion.from_row(row) for row in versions),
        withdrawn=now.get(PREVIOUS, 0) if rolled_back else 0,
        retired=db.rows("SELECT coalesce(retired, '') AS at FROM style WHERE name = ?", name)[0]["at"],
    )


def public(db: Transaction, name: str) -> Style:
    """Return a style without its private versions. Raises `UnknownStyle`, also if it has no others."""
    found, hidden = kept(db, name), private_versions(db, name)
    versions = tuple(each for each in found.versions if each.version not in hidden)
    if not versions:
        raise unknown(db, name)
    seen = {alias: version for alias, version in found.aliases.items() if version not in hidden}
    return replace(found, versions=versions, aliases=seen)


def private_versions(db: Transaction, name: str) -> set[int]:
    """Return the versions of a style that only their author may ask for, retired or not."""
    return {row["version"] for row in db.rows("SELECT version FROM private_version WHERE style = ?", name)}


def aliases(db: Transaction, name: str) -> dict[str, int]:
    """Return the versions of a style's aliases; empty for a retired style."""
    found = db.rows("SELECT alias, version FROM alias WHERE style = ? ORDER BY alias", name)
    return {row["alias"]: row["version"] for row in found}


def version(db: Transaction, name: str, ref: str | int) -> StyleVersion | None:
    """Return the version that an alias or number means, or None. A number is found in a retired style too."""
    if VERSION.fullmatch(str(ref)):
        found = db.rows(f"{_VERSIONS} WHERE style = ? AND version = ?", name, int(ref))
    else:
        found = db.rows(f"{_BY_ALIAS} WHERE style = ? AND alias = ?", name, str(ref))
    return StyleVersion.from_row(found[0]) if found else None


def _asked(db: Transaction, name: str, ref: str | int) -> StyleVersion | None:
    """Return the version that anybody may ask for: a private one by its secret alias alone.

    Those of a retired style are found for `ENDS_WITHIN` only.
    """
    found = version(db, name, ref)
    if found is None or str(ref).startswith(PRIVATE):
        return found
    since = moment(datetime.now(UTC) - ENDS_WITHIN)
    is_gone = db.rows("SELECT 1 FROM style WHERE name = ? AND retired < ?", name, since)
    return None if is_gone or found.version in private_versions(db, name) else found


def resolve(db: Transaction, name: str, ref: str | int = LIVE) -> ResolvedStyle:
    """Return the version that `ref`, an alias or a version number, means. Raises `UnknownStyle`."""
    found = _asked(db, name, ref)
    if found is None:
        raise unknown(db, name, ref)
    return found.resolved


def card(db: Transaction, name: str, ref: str | int = LIVE) -> Card:
    """Return the card of the version that `ref` means. Raises `UnknownStyle`, also for a retired style."""
    found = _asked(db, name, ref)
    if found is None or not aliases(db, name):
        raise unknown(db, name, ref)
    return found.card


def unknown(db: Transaction, name: str, ref: str | int = LIVE) -> UnknownStyle:
    """Build the error for an unknown name or version, with the three nearest names, nearest first."""
    known = names(db)
    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=NEAR
    )
    near = [name] if name in known else [match for match, _, _ in found]
    return UnknownStyle(style_to_show(name, ref), near=near, known=known)
