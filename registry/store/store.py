"""The styles on the disk: versions that never change, aliases that move, and the order of it all.

    publish(card, weights, preview)   a new version, which is live from then on
    seed(shipped)                     the shipped styles, those that are new
    promote, rollback, retire         the aliases of what is there
    styles(), style(name)             what there is
    resolve(name, ref)                which version an alias or a number means
    blob(digest)                      a file to serve
    changes(since), audit(limit)      what happened, for programs and for people
    gc()                              removes the files that no version names
    tokens, sessions                  who may write
    writes(change)                    any of it that writes, for who must not block

A `Store` is put together here of the modules that do the work. Every method blocks: for at most about a
millisecond where it only reads, as it waits for nobody who writes. Any thread and any process may call at
any time; those that write do so one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from registry.store import audit as audit_log
from registry.store import queries
from registry.store.aliases import Aliases
from registry.store.audit import AuditEntry
from registry.store.blobs import BlobStore, Swept
from registry.store.database import DatabaseFile, rows
from registry.store.events import Changes
from registry.store.models import LIVE, Blob, Style
from registry.store.publishing import Publications, check_name
from registry.store.sessions import Sessions
from registry.store.tokens import Tokens
from styles.contract import Card, ResolvedStyle, StyleSummary
from styles.formats.style_file import ShippedStyle

#: `check_name` is for those who ask before there is a file to publish.
__all__ = ["Store", "check_name"]

#: Every blob that a version needs: its weights, its preview.
_NAMED = "SELECT digest FROM version UNION SELECT preview FROM version WHERE preview IS NOT NULL"

T = TypeVar("T")


class Store:
    """The registry's state below a folder."""

    def __init__(self, folder: Path, *, sweep: bool = True, default: str = "") -> None:
        """Makes the folder if there is none, and sweeps what was abandoned in it unless told not to.

        `default`: the style that is painted when nobody names one, which cannot be retired.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs = BlobStore(folder)
        self._database = DatabaseFile(folder / "registry.db")
        self._publications = Publications(self._database, self._blobs)
        self._aliases = Aliases(self._database, default)
        self.tokens = Tokens(self._database)
        self.sessions = Sessions(self._database)
        #: Where uploads are received, on the blobs' own file system. What is an hour old there is swept.
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
        """Closes the file; what was published is on the disk already."""
        self._database.close()

    async def writes(self, change: Callable[[], T]) -> T:
        """Does something of this store that writes, in the thread for that.

        Closing waits for it, and what has begun goes on where the caller is cancelled. Raises what `change`
        raises.
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
        """Makes a file the newest version of the style `card.name`, and that version live.

        A file of our own network is checked once more; of any other, the validation's word is taken for what
        it holds. A retired style is back. Raises `BadOption` for a name that cannot be one or a text that is
        too long, `BadCheckpoint` for a bad style file or preview.
        """
        return self._publications.publish(card, weights, preview, format=format, by=by)

    def seed(self, shipped: Sequence[ShippedStyle]) -> list[ResolvedStyle]:
        """Publishes the shipped styles whose weights the style never had; gives what it published.

        So a new release's weights go live once, a version that an operator put there later stays, and what
        was retired stays retired. A shipped style that is broken is logged and left out: the others are
        still worth serving.
        """
        return self._publications.seed(shipped)

    def promote(self, name: str, version: int, *, alias: str = LIVE, by: str = "") -> ResolvedStyle:
        """Points an alias at a version; `previous` follows `live`. Nothing happens if it is there already.

        To promote a retired style's version to `live` brings it back. Raises `UnknownStyle`, also for a
        version that it does not have, and `BadOption` for what cannot be an alias, such as `previous`.
        """
        return self._aliases.promote(name, version, alias=alias, by=by)

    def rollback(self, name: str, *, by: str = "") -> ResolvedStyle:
        """Lets `live` and `previous` change places; gives what is live now.

        Raises `UnknownStyle`, and `NoPrevious`, a `BadOption` of status 409.
        """
        return self._aliases.rollback(name, by=by)

    def retire(self, name: str, *, by: str = "") -> None:
        """Takes a style out of the list: its name and aliases mean nothing any more.

        Raises `UnknownStyle`, and `DefaultStyle`, a `BadOption` of status 409.

        Its versions can still be had by their numbers and digests, for the jobs that have begun on them.
        """
        self._aliases.retire(name, by=by)

    def refused(self, name: str, *, by: str, reason: str) -> None:
        """Notes in the audit trail that a publication was refused, and why."""
        with self._database.writing() as db:
            audit_log.note(db, "refused", style=name, by=by, detail=reason)

    def styles(self) -> list[StyleSummary]:
        """Every style as the list shows it, by name; 20 microseconds for each of them."""
        with self._database.reading() as db:
            return queries.summaries(db)

    def style(self, name: str) -> Style:
        """A style with everything that is known of it. Raises `UnknownStyle`, also for a retired one."""
        with self._database.reading() as db:
            return queries.style(db, name)

    def kept(self, name: str) -> Style:
        """The same, and a retired style too; that has no aliases. Raises `UnknownStyle`."""
        with self._database.reading() as db:
            return queries.kept(db, name)

    def resolve(self, name: str, ref: str | int = LIVE) -> ResolvedStyle:
        """The version that `ref`, an alias or a version number, means. Raises `UnknownStyle`."""
        with self._database.reading() as db:
            version = queries.version(db, name, ref)
            if version is None:
                raise queries.unknown(db, name, ref)
            return version.resolved

    def blob(self, digest: str) -> Blob | None:
        """A blob that a version refers to, or None."""
        with self._database.reading() as db:
            found = rows(db, "SELECT * FROM blob WHERE digest = ?", digest)
        if not found:
            return None
        row = found[0]
        path = self._blobs.path(digest)
        return Blob(digest=digest, path=path, bytes=row["bytes"], media_type=row["media_type"])

    def changes(self, since: int) -> Changes:
        """The events after number `since`, the oldest first, at most `history.EVENTS_AT_ONCE`."""
        with self._database.reading() as db:
            return audit_log.changes(db, since)

    def audit(self, limit: int = 100, style: str | None = None) -> list[AuditEntry]:
        """The newest entries of the audit trail, the newest first; of one style or of all."""
        with self._database.reading() as db:
            return audit_log.entries(db, limit, style)

    def gc(self, *, dry_run: bool = False) -> Swept:
        """Removes the blobs that no version names and the uploads that were abandoned; tells what went.

        Versions are never deleted, so that nothing in use is: what goes is what cut-short publications
        left. A dry run only tells.
        """
        with self._database.writing() as db:
            named = {row["digest"] for row in rows(db, _NAMED)}
            if not dry_run:
                db.execute(f"DELETE FROM blob WHERE digest NOT IN ({_NAMED})")  # noqa: S608 - ours
            return self._blobs.sweep(named, spared=0, dry_run=dry_run)
