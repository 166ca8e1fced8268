"""Keep styles on the disk: immutable versions, movable aliases, and their history.

`Store` puts the modules of this folder together and opens a transaction for each method. Every method blocks;
one that only reads takes about a millisecond, since it waits for no writer. Any thread and any process may
call at any time. Writers run one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from registry.store import aliases, publishing, queries
from registry.store import audit as audit_log
from registry.store.audit import AuditEntry
from registry.store.blobs import BlobStore, Swept
from registry.store.database import DatabaseFile, rows
from registry.store.events import Changes
from registry.store.models import LIVE, Blob, Style
from registry.store.sessions import Sessions
from registry.store.tokens import Tokens
from styles.contract import Card, ResolvedStyle, StyleSummary
from styles.formats.style_file import ShippedStyle

#: Every blob that a version needs: its weights, its preview.
_NAMED = "SELECT digest FROM version UNION SELECT preview FROM version WHERE preview IS NOT NULL"

T = TypeVar("T")


class Store:
    """Hold the registry's state below a folder."""

    def __init__(self, folder: Path, *, sweep: bool = True, default: str = "") -> None:
        """Open the folder, create it if it is missing, and remove abandoned files if `sweep` is set.

        `default` is the style that is painted when a mail names none. It cannot be retired.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs = BlobStore(folder)
        self._database = DatabaseFile(folder / "registry.db")
        self._default = default
        self.tokens = Tokens(self._database)
        self.sessions = Sessions(self._database)
        #: Folder of uploads in progress, on the file system of the blobs. A sweep empties it after an hour.
        self.incoming = self._blobs.incoming
        if sweep:
            with self._database.writing() as db:
                self._blobs.sweep(named={row["digest"] for row in rows(db, "SELECT digest FROM blob")})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Published versions are on the disk already."""
        self._database.close()

    async def writes(self, change: Callable[[], T]) -> T:
        """Run a method of this store that writes in the writer thread, and return its result.

        `close` waits for it. It runs to its end even if the caller is cancelled. Raises what `change` raises.
        """
        return await self._database.writes(change)

    def publish(
        self,
        card: Card,
        weights: Path,
        preview: Path | None = None,
        *,
        format: str = "safetensors",
        by: str = "",
    ) -> ResolvedStyle:
        """Publish a file as the newest version of the style `card.name`, and make it live.

        A file of this project's own network is read once more. For any other file, the validation's result
        counts. A retired style comes back. Raises `BadOption` for a bad name or a text that is too long, and
        `BadCheckpoint` for a bad style file or preview.
        """
        return publishing.publish(self._database, self._blobs, card, weights, preview, format=format, by=by)

    def seed(self, shipped: Sequence[ShippedStyle]) -> list[ResolvedStyle]:
        """Publish the shipped styles whose weights the style never had, and return the new versions.

        So the weights of a new release go live once. A version that an operator published later stays, and a
        retired style stays retired. A broken shipped style is logged and left out, so that the others serve.
        """
        return publishing.seed(self._database, self._blobs, shipped)

    def promote(self, name: str, version: int, *, alias: str = LIVE, by: str = "") -> ResolvedStyle:
        """Point an alias at a version. If the alias is `live`, `previous` follows it.

        Nothing happens if the alias is there already. Promoting a version of a retired style to `live` brings
        the style back. Raises `UnknownStyle`, also for an unknown version, and `BadOption` for an invalid
        alias.
        """
        with self._database.writing() as db:
            return aliases.promote(db, name, version, alias=alias, by=by)

    def rollback(self, name: str, *, by: str = "") -> ResolvedStyle:
        """Exchange `live` and `previous`, and return the version that is live now.

        Raises `UnknownStyle`, and `NoPrevious`, a `BadOption` of status 409.
        """
        with self._database.writing() as db:
            return aliases.rollback(db, name, by=by)

    def retire(self, name: str, *, by: str = "") -> None:
        """Remove a style from the list, with all its aliases.

        Its versions can still be had by number and digest, for the jobs that have begun on them. Raises
        `UnknownStyle`, and `DefaultStyle`, a `BadOption` of status 409.
        """
        if name == self._default:
            raise aliases.DefaultStyle(name)
        with self._database.writing() as db:
            aliases.retire(db, name, by=by)

    def refused(self, name: str, *, by: str, reason: str) -> None:
        """Note in the audit trail that a publication was refused, and why."""
        with self._database.writing() as db:
            audit_log.note(db, "refused", style=name, by=by, detail=reason)

    def styles(self) -> list[StyleSummary]:
        """Return a summary of every style, by name. Each takes 20 microseconds."""
        with self._database.reading() as db:
            return queries.summaries(db)

    def style(self, name: str) -> Style:
        """Return a style with its versions and aliases. Raises `UnknownStyle`, also for a retired one."""
        with self._database.reading() as db:
            return queries.style(db, name)

    def kept(self, name: str) -> Style:
        """Return a style, retired or not; a retired one has no aliases. Raises `UnknownStyle`."""
        with self._database.reading() as db:
            return queries.kept(db, name)

    def resolve(self, name: str, ref: str | int = LIVE) -> ResolvedStyle:
        """Return the version that `ref`, an alias or a version number, means. Raises `UnknownStyle`."""
        with self._database.reading() as db:
            version = queries.version(db, name, ref)
            if version is None:
                raise queries.unknown(db, name, ref)
            return version.resolved

    def blob(self, digest: str) -> Blob | None:
        """Return a blob that a version refers to, or None."""
        with self._database.reading() as db:
            found = rows(db, "SELECT digest, bytes, media_type FROM blob WHERE digest = ?", digest)
        return Blob(**found[0], path=self._blobs.path(digest)) if found else None

    def changes(self, since: int) -> Changes:
        """Return the events after number `since`, oldest first, at most `audit.EVENTS_AT_ONCE`."""
        with self._database.reading() as db:
            return audit_log.changes(db, since)

    def audit(self, limit: int = 100, style: str | None = None) -> list[AuditEntry]:
        """Return the newest entries of the audit trail, newest first, of one style or of all."""
        with self._database.reading() as db:
            return audit_log.entries(db, limit, style)

    def gc(self, *, dry_run: bool = False) -> Swept:
        """Remove blobs that no version names and abandoned uploads, and return what was removed.

        Versions are never deleted, so no blob in use is removed, only what interrupted publications left. A
        dry run removes nothing.
        """
        with self._database.writing() as db:
            named = {row["digest"] for row in rows(db, _NAMED)}
            if not dry_run:
                db.execute(f"DELETE FROM blob WHERE digest NOT IN ({_NAMED})")  # noqa: S608 - a constant
            return self._blobs.sweep(named, spared=0, dry_run=dry_run)
