"""Keep styles: immutable versions, movable aliases, and their history.

`Store` puts the modules of this folder together and opens a transaction for each method. Every method blocks;
one that only reads takes about a millisecond, since it waits for no writer. Any thread and any process may
call at any time. Writers run one after the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Concatenate, ParamSpec, Self, TypeVar

from registry.blobs.blob import Blob, Swept
from registry.blobs.incoming import ABANDONED_AFTER
from registry.database.dialect import StateDatabase, Transaction
from registry.store import aliases, publishing, queries
from registry.store import audit as audit_log
from registry.store.attempts import Attempts, LocalAttempts, SharedAttempts
from registry.store.credentials import Sessions, Tokens
from registry.store.location import StoreLocation, StoreParts

#: Every blob that a version needs: its weights, its preview.
_NAMED = "SELECT digest FROM version UNION SELECT preview FROM version WHERE preview IS NOT NULL"

P = ParamSpec("P")
T = TypeVar("T")


def _within(
    transaction: Callable[[StateDatabase], AbstractContextManager[Transaction]],
    work: Callable[Concatenate[Transaction, P], T],
) -> Callable[Concatenate[Store, P], T]:
    """Make a function of this folder a method, which opens a transaction for it."""

    @functools.wraps(work)
    def method(self: Store, /, *args: P.args, **named: P.kwargs) -> T:
        with transaction(self.database) as db:
            return work(db, *args, **named)

    return method


def _reading(database: StateDatabase) -> AbstractContextManager[Transaction]:
    return database.reading()


def _writing(database: StateDatabase) -> AbstractContextManager[Transaction]:
    return database.writing()


def _publishing(
    work: Callable[Concatenate[StoreParts, P], T],
) -> Callable[Concatenate[Store, P], T]:
    """Make a function that opens its transactions itself a method."""

    @functools.wraps(work)
    def method(self: Store, /, *args: P.args, **named: P.kwargs) -> T:
        return work(self._parts, *args, **named)

    return method


class Store:
    """Hold the registry's state at a location.

    Most methods are the functions of this folder by their names, each in a transaction of its own.
    """

    def __init__(self, location: StoreLocation, *, sweep: bool = True, default: str = "") -> None:
        """Open the location, create what is missing, and remove abandoned files if `sweep` is set.

        `default` is the style that is painted when a mail names no style. It cannot be retired. Raises like
        `StoreLocation.open`.
        """
        self._parts = location.open()
        self.database, self._blobs = self._parts.database, self._parts.blobs
        self._default = default
        #: Runs a method of this store that writes, in the writer thread.
        self.writes = self.database.writes
        self.tokens = Tokens(self.database)
        self.sessions = Sessions(self.database)
        self.attempts: Attempts = (
            SharedAttempts(self.database) if self.database.is_shared else LocalAttempts()
        )
        #: Folder of uploads in progress. A sweep empties it after an hour.
        self.incoming = self._parts.incoming.path
        if sweep:
            self._parts.incoming.sweep()
        if sweep and self._blobs.swept_at_start:
            with self.database.writing() as db:
                named = {row["digest"] for row in db.rows("SELECT digest FROM blob")}
                self._blobs.sweep(db, named, spared=ABANDONED_AFTER)

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
    promote = _within(_writing, aliases.promote)
    rollback = _within(_writing, aliases.rollback)
    styles = _within(_reading, queries.summaries)
    sizes = _within(_reading, queries.sizes)
    style = _within(_reading, queries.style)
    kept = _within(_reading, queries.kept)
    resolve = _within(_reading, queries.resolve)
    changes = _within(_reading, audit_log.changes)
    audit = _within(_reading, audit_log.entries)
    publishers = _within(_reading, audit_log.publishers)

    def blob(self, digest: str) -> Blob | None:
        """Return a blob that a version refers to, or None."""
        with self.database.reading() as db:
            found = db.rows("SELECT digest, bytes, media_type FROM blob WHERE digest = ?", digest)
        return Blob(**found[0], store=self._blobs) if found else None

    def gc(self, *, dry_run: bool = False) -> Swept:
        """Remove blobs that no version names and abandoned uploads, and return what was removed.

        Versions are never deleted, so no blob in use is removed, only what interrupted publications left. A
        dry run removes nothing.
        """
        uploads = self._parts.incoming.sweep(dry_run=dry_run)
        with self.database.writing() as db:
            named = {row["digest"] for row in db.rows(_NAMED)}
            if not dry_run:
                db.execute(f"DELETE FROM blob WHERE digest NOT IN ({_NAMED})")  # noqa: S608 - a constant
            blobs = self._blobs.sweep(db, named, spared=0, dry_run=dry_run)
        return Swept(blobs=len(blobs), uploads=len(uploads), bytes=sum(blobs + uploads))
