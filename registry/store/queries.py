"""Reading the styles: which there are, and what a name, an alias or a number means.

    names(db), summaries(db)      what can be asked for by name
    style(db, name)               one of them with everything that is known of it
    kept(db, name)                the same, of a retired one too
    version(db, name, ref)        what an alias or a version number means; a number also of a retired style
    unknown(db, name, ref)        the error for what means nothing, with the nearest names

To be called within a transaction or a snapshot (registry/store/database.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from rapidfuzz import fuzz, process, utils
from sqlite_utils import Database

from registry.store.database import rows
from registry.store.models import LIVE, Style, StyleVersion
from styles.contract import StyleSummary
from styles.errors import UnknownStyle

VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
#: A name is near another from this likeness on, 0 to 100. Real typing mistakes score 83 and more; names that
#: only share some letters ("kandinsky" and "candy") about 60.
NEAR = 70

_VERSIONS = "SELECT version.*, blob.bytes FROM version JOIN blob ON blob.digest = version.digest"
_BY_ALIAS = f"{_VERSIONS} JOIN alias ON alias.style = version.style AND alias.version = version.version"


def names(db: Database) -> list[str]:
    """Every style that is not retired, by name."""
    return [row["name"] for row in rows(db, "SELECT name FROM style WHERE retired IS NULL ORDER BY name")]


def summaries(db: Database) -> list[StyleSummary]:
    """Every style that is not retired as the list shows it, by name; two queries for them all."""
    all_aliases = rows(db, "SELECT style, alias, version FROM alias ORDER BY style, alias")
    aliases = {
        name: {row["alias"]: row["version"] for row in found}
        for name, found in groupby(all_aliases, lambda row: row["style"])
    }
    live = rows(db, f"{_BY_ALIAS} WHERE alias.alias = ? ORDER BY version.style", LIVE)
    return [StyleVersion.from_row(row).summary(aliases[row["style"]]) for row in live]


def style(db: Database, name: str) -> Style:
    """A style that is not retired. Raises `UnknownStyle`."""
    found = kept(db, name)
    if found.retired:
        raise unknown(db, name)
    return found


def kept(db: Database, name: str) -> Style:
    """A style, retired or not. Raises `UnknownStyle` for what never was one."""
    versions = rows(db, f"{_VERSIONS} WHERE style = ? ORDER BY version DESC", name)
    if not versions:
        raise unknown(db, name)
    return Style(
        name=name,
        aliases=aliases(db, name),
        versions=tuple(StyleVersion.from_row(row) for row in versions),
        retired=rows(db, "SELECT coalesce(retired, '') AS at FROM style WHERE name = ?", name)[0]["at"],
    )


def aliases(db: Database, name: str) -> dict[str, int]:
    """Where a style's aliases point to; nowhere for a retired one."""
    found = rows(db, "SELECT alias, version FROM alias WHERE style = ? ORDER BY alias", name)
    return {row["alias"]: row["version"] for row in found}


def version(db: Database, name: str, ref: str | int) -> StyleVersion | None:
    """The version that `ref` stands for; None for one that stands for none."""
    if VERSION.fullmatch(str(ref)):
        found = rows(db, f"{_VERSIONS} WHERE style = ? AND version = ?", name, int(ref))
    else:
        found = rows(db, f"{_BY_ALIAS} WHERE alias.style = ? AND alias.alias = ?", name, str(ref))
    return StyleVersion.from_row(found[0]) if found else None


def unknown(db: Database, name: str, ref: str | int = LIVE) -> UnknownStyle:
    """The error for a name, or a version of one, that there is not."""
    known = names(db)
    near = [name] if name in known else _near(name, known)
    return UnknownStyle(name if str(ref) == LIVE else f"{name}@{ref}", near=near, known=known)


def _near(name: str, known: Sequence[str]) -> list[str]:
    """The three names most like one, the nearest first; case and punctuation do not count."""
    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=NEAR
    )
    return [match for match, _, _ in found]
