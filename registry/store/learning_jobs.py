"""Keep which job of learning has made which version, and stop jobs.

So a job makes one version, and none once it was stopped. A version that its author took back has the mark of
a private one, and no alias.
"""

from __future__ import annotations

from registry.database.dialect import Transaction
from registry.store import audit, queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, Writer
from registry.store.authors import is_theirs, require_bot
from registry.store.style_versions import LIVE, PREVIOUS, STAGED, StyleVersion
from styles.errors import Permanent
from styles.learning_errors import LearningStopped

#: The version of a job with its aliases, `live` first; without one, the alias is NULL.
_OF_JOB = """
    SELECT learnt.style, learnt.version, alias.alias FROM learnt LEFT JOIN alias
        ON alias.style = learnt.style AND alias.version = learnt.version
    WHERE job = ? ORDER BY coalesce(alias.alias, '') = ? DESC"""


class NoLongerPublished(Permanent):
    """Refuse to publish what a job has learnt: it was stopped, or its version was taken back or replaced."""

    status = 409

    def __init__(self, style: str = "", version: int = 0) -> None:
        super().__init__(
            f"This was published as version {version} of {style}, and was taken back or replaced since. "
            "Make that version live again on the style's page, or have the painting learnt once more."
            if style
            else LearningStopped.sentence
        )
        self.style = style  #: "" for a job that was stopped


def stop_job(db: Transaction, job: str) -> str:
    """Stop a job, so that no registry publishes it. Return the style that it has made before; "" if none."""
    rows = db.rows("SELECT style FROM learnt WHERE job = ?", job)
    if rows:
        return str(rows[0]["style"])
    db.insert("stopped_job", {"job": job}, ignore=True)
    return ""


def withdraw(db: Transaction, job: str, *, default: str, by: Writer) -> None:
    """Stop a job for its author: nothing that it has learnt is published, and what it has made is undone.

    What was live or staged before is so again. A style without another version in use is retired. What is
    undone is private. A second time changes nothing: a maintainer may have made the version live since.
    Raises `NotAllowed` for everybody but the bot.
    """
    require_bot(by)
    if is_stopped(db, job):
        return
    db.insert("stopped_job", {"job": job}, ignore=True)
    for row in db.rows("SELECT style, version FROM learnt WHERE job = ?", job):
        _take_back(db, row["style"], row["version"], default=default)


def _take_back(db: Transaction, name: str, version: int, *, default: str) -> None:
    bot, aliases = Writer(BOT, "registry"), queries.aliases(db, name)
    if version not in aliases.values():
        return
    staged = audit.before(db, name, version, STAGED) if aliases.get(STAGED) == version else 0
    if set(aliases.values()) == {version} and not staged:
        if name != default:
            version_aliases.retire(db, name, by=bot)
            _hide(db, name, version)
        return
    if aliases.get(LIVE) == version and PREVIOUS in aliases:  # the others may be private
        version_aliases.rollback(db, name, by=bot)
    db.execute("DELETE FROM alias WHERE style = ? AND version = ?", name, version)
    _hide(db, name, version)
    audit.record(db, "alias removed", style=name, version=version, by=BOT, detail="taken back by its author")
    if staged:
        version_aliases.point(db, name, {STAGED: staged})
        audit.record(db, "promoted", style=name, version=staged, by=BOT, detail=STAGED)


def _hide(db: Transaction, name: str, version: int) -> None:
    """Make a version private that was taken back: nobody finds it by its number, or gets its files."""
    db.insert("private_version", {"style": name, "version": version}, ignore=True)


def is_stopped(db: Transaction, job: str) -> bool:
    """Tell whether nothing is published of what a job learns."""
    return bool(db.rows("SELECT 1 FROM stopped_job WHERE job = ?", job))


def made_by(db: Transaction, job: str) -> tuple[StyleVersion, str] | None:
    """Return the version that a job has made, and an alias of it; None before. Raises `NoLongerPublished`.

    So a job makes one version. A repeated publication is answered as the first, by every registry.
    """
    if is_stopped(db, job):
        raise NoLongerPublished
    rows = db.rows(_OF_JOB, job, LIVE)
    found = queries.version(db, rows[0]["style"], rows[0]["version"]) if rows else None
    if found is None:
        return None
    if rows[0]["alias"] is None:
        raise NoLongerPublished(found.name, found.version)
    return found, rows[0]["alias"]


def has_made(db: Transaction, job: str, address: str = "", *, by: Writer) -> bool:
    """Tell whether a job has made a style that a writer may change, for the bot one of an author."""
    rows = db.rows("SELECT style FROM learnt WHERE job = ?", job)
    if not rows or by.person != BOT:
        return bool(rows) and roles.may(db, rows[0]["style"], by)
    return not address or is_theirs(db, rows[0]["style"], address, by=by)


def note_made(db: Transaction, job: str, version: StyleVersion) -> None:
    """Record which version a job has made."""
    db.insert("learnt", {"job": job, "style": version.name, "version": version.version})
