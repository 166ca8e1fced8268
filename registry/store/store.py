"""Keep styles on the disk: immutable versions, movable aliases, and their history.

`Store` puts the modules of this folder together and opens a transaction for each method. Every method blocks;
one that only reads takes about a millisecond, since it waits for no writer. Any thread and any process may
call at any time. Writers run one after the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlite_utils import Database

from registry.blobs.folder import Blob, BlobStore, Swept
from registry.database.sqlite import DatabaseFile, rows
from registry.store import aliases, publishing, queries
from registry.store import audit as audit_log
from registry.store.credentials import Sessions, Tokens

#: Every blob that a version needs: its weights, its preview.
_NAMED = "SELECT digest FROM version UNION SELECT preview FROM version WHERE preview IS NOT NULL"

P = ParamSpec("P")
T = TypeVar("T")


def _within(
    transaction: Callable[[DatabaseFile], AbstractContextManager[Database]],
    work: Callable[Concatenate[Database, P], T],
) -> Callable[Concatenate[Store, P], T]:
    """Make a function of this folder a method, which opens a transaction for it."""

    @functools.wraps(work)
    def method(self: Store, /, *args: P.args, **named: P.kwargs) -> T:
        with transaction(self.database) as db:
            return work(db, *args, **named)

    return method


def _publishing(
    work: Callable[Concatenate[DatabaseFile, BlobStore, P], T],
) -> Callable[Concatenate[Store, P], T]:
    """Make a function that opens its transactions itself a method."""

    @functools.wraps(work)
    def method(self: Store, /, *args: P.args, **named: P.kwargs) -> T:
        return work(self.database, self._blobs, *args, **named)

    return method


class Store:
    """Hold the registry's state below a folder.

    Most methods are the functions of this folder by their names, each in a transaction of its own.
    """

    def __init__(self, folder: Path, *, sweep: bool = True, default: str = "") -> None:
        """Open the folder, create it if it is missing, and remove abandoned files if `sweep` is set.

        `default` is the style that is painted when a mail names none. It cannot be retired.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs = BlobStore(folder)
        self.database = DatabaseFile(folder / "registry.db")
        self._default = default
        #: Runs a method of this store that writes, in the writer thread.
        self.writes = self.database.writes
        self.tokens = Tokens(self.database)
        self.sessions = Sessions(self.database)
        #: Folder of uploads in progress, on the file system of the blobs. A sweep empties it after an hour.
        self.incoming = self._blobs.incoming
        if sweep:
            with self.database.writing() as db:
                self._blobs.sweep(named={row["digest"] for row in rows(db, "SELECT digest FROM blob")})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Published versions are on the disk already."""
        self.database.close()

    def retire(self, name: str, *, by: str = "") -> None:
        """Remove a style from the list, with all its aliases.

        Its versions can still be had by number and digest, for the jobs that have begun on them. Raises
        `UnknownStyle`, and `DefaultStyle`, a `BadOption` of status 409.
        """
        if name == self._default:
            raise aliases.DefaultStyle(
                f"{name} is painted when a mail names no style: let [styles] default name another one first."
            )
        with self.database.writing() as db:
            aliases.retire(db, name, by=by)

    def refused(self, name: str, *, by: str, reason: str) -> None:
        """Note in the audit trail that a publication was refused, and why."""
        with self.database.writing() as db:
            audit_log.note(db, "refused", style=name, by=by, detail=reason)

    publish = _publishing(publishing.publish)
    seed = _publishing(publishing.seed)
    promote = _within(DatabaseFile.writing, aliases.promote)
    rollback = _within(DatabaseFile.writing, aliases.rollback)
    styles = _within(DatabaseFile.reading, queries.summaries)
    style = _within(DatabaseFile.reading, queries.style)
    kept = _within(DatabaseFile.reading, queries.kept)
    resolve = _within(DatabaseFile.reading, queries.resolve)
    changes = _within(DatabaseFile.reading, audit_log.changes)
    audit = _within(DatabaseFile.reading, audit_log.entries)
    publishers = _within(DatabaseFile.reading, audit_log.publishers)

    def blob(self, digest: str) -> Blob | None:
        """Return a blob that a version refers to, or None."""
        with self.database.reading() as db:
            found = rows(db, "SELECT digest, bytes, media_type FROM blob WHERE digest = ?", digest)
        return Blob(**found[0], path=self._blobs.path(digest)) if found else None

    def gc(self, *, dry_run: bool = False) -> Swept:
        """Remove blobs that no version names and abandoned uploads, and return what was removed.

        Versions are never deleted, so no blob in use is removed, only what interrupted publications left. A
        dry run removes nothing.
        """
        with self.database.writing() as db:
            named = {row["digest"] for row in rows(db, _NAMED)}
            if not dry_run:
                db.execute(f"DELETE FROM blob WHERE digest NOT IN ({_NAMED})")  # noqa: S608 - a constant
            return self._blobs.sweep(named, spared=0, dry_run=dry_run)
