"""Keep styles: immutable versions, movable aliases, and their history.

`Store` puts the modules of this folder together and opens a transaction for each method. Every method blocks;
one that only reads takes about a millisecond, since it waits for no writer. Any thread and any process may
call at any time. Writers run one after the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Concatenate, ParamSpec, Self, TypeVar

from registry.blobs.blob import Blob, SweepResult
from registry.blobs.incoming_files import ABANDONED_AFTER
from registry.database.dialect import StateDatabase, Transaction
from registry.store import audit as audit_log
from registry.store import (
    authors,
    cards,
    learning_jobs,
    proofs,
    publishing,
    queries,
    thumbnails,
    version_aliases,
)
from registry.store import usage as usage_counts
from registry.store.access import blob_rights, roles
from registry.store.access.rate_limit_buckets import LocalBuckets, RateLimitBuckets, SharedBuckets
from registry.store.access.roles import SYSTEM, Writer
from registry.store.access.sessions import Sessions
from registry.store.access.tokens import Tokens
from registry.store.location import StoreLocation, StoreParts
from registry.store.names import renaming, style_names
from registry.store.style_versions import StyleVersion
from registry.values import LearntStyle
from styles.contract import Card

#: Every blob that a version needs: its weights, its preview with the thumbnails, its proof.
_NAMED = """
    SELECT digest FROM version UNION SELECT preview FROM version WHERE preview IS NOT NULL
    UNION SELECT digest FROM proof WHERE digest IS NOT NULL
    UNION SELECT small FROM thumbnail WHERE small IS NOT NULL
    UNION SELECT medium FROM thumbnail WHERE medium IS NOT NULL
    UNION SELECT large FROM thumbnail WHERE large IS NOT NULL"""

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
        self._verified: set[str] = set()
        #: Runs a method of this store that writes, in the writer thread.
        self.writes = self.database.writes
        self.tokens = Tokens(self.database)
        self.sessions = Sessions(self.database)
        self.rate_limit_buckets: RateLimitBuckets = (
            SharedBuckets(self.database) if self.database.is_shared else LocalBuckets()
        )
        #: Folder of uploads in progress. A start clears it.
        self.incoming = self._parts.incoming.path
        if sweep:
            self._parts.incoming.clear()
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
        self._parts.close()

    def retire(self, name: str, *, by: Writer = SYSTEM) -> None:
        """Remove a style from the list, with all its aliases.

        Its versions can still be had by number and digest, for the jobs that have begun on them. Raises
        `UnknownStyle`, `NotAllowed`, and `DefaultStyle`, a `BadOption` of status 409.
        """
        if name == self._default:
            raise version_aliases.DefaultStyle(
                f"{name} is painted when a mail names no style: let [styles] default name another one first."
            )
        with self.database.writing() as db:
            version_aliases.retire(db, name, by=by)

    def styles_of(self, address: str) -> list[LearntStyle]:
        """Return the styles of an author that are not retired, by name."""
        with self.database.reading() as db:
            return authors.styles_of(db, address, default=self._default)

    def own_styles(self, by: Writer) -> list[LearntStyle]:
        """Return the styles that were learnt from the paintings of a person, without secret aliases."""
        with self.database.reading() as db:
            return authors.own_styles(db, by, default=self._default)

    def retire_of(self, address: str, name: str = "", *, by: Writer) -> Sequence[str]:
        """Retire the styles of an author, or the one of a name, and return their names.

        The style for mails that name none stays. Raises `NotAllowed` for everybody but the bot.
        """
        with self.database.writing() as db:
            return authors.retire_of(db, address, name, default=self._default, by=by)

    def rename_of(
        self, address: str, name: str, card: Card, *, is_reviewed: bool = False, by: Writer
    ) -> tuple[StyleVersion, str]:
        """Publish an author's style once more as `card` names it, and retire the old one, for the bot."""
        with self.database.writing() as db:
            default = self._default
            return renaming.rename_of(
                db, address, name, card, default=default, is_reviewed=is_reviewed, by=by
            )

    def withdraw(self, job: str, *, by: Writer) -> None:
        """Stop a job of learning, and undo what it has made. Raises `NotAllowed` for all but the bot."""
        with self.database.writing() as db:
            learning_jobs.withdraw(db, job, default=self._default, by=by)

    def refused(self, name: str, *, by: Writer, reason: str) -> None:
        """Note in the audit trail that a publication was refused, and why."""
        with self.database.writing() as db:
            audit_log.note(db, "refused", style=name, by=by.person, detail=reason)

    publish = _publishing(publishing.publish)
    seed = _publishing(publishing.seed)
    require_distinct = _within(_reading, style_names.require_distinct)
    promote = _within(_writing, version_aliases.promote)
    rollback = _within(_writing, version_aliases.rollback)
    remove_alias = _within(_writing, version_aliases.remove_alias)
    edit_card = _within(_writing, cards.edit_card)
    styles = _within(_reading, queries.summaries)
    first_publications = _within(_reading, queries.first_publications)
    sizes = _within(_reading, queries.sizes)
    style = _within(_reading, queries.style)
    kept = _within(_reading, queries.kept)
    resolve = _within(_reading, blob_rights.resolve)
    card = _within(_reading, queries.card)
    changes = _within(_reading, audit_log.changes)
    audit = _within(_reading, audit_log.entries)
    publishers = _within(_reading, audit_log.publishers)
    ownership = _within(_reading, roles.ownership)
    record_usage = _within(_writing, usage_counts.record_usage)
    usage = _within(_reading, usage_counts.usage)
    photos_painted = _within(_reading, usage_counts.photos_painted)
    thumbnails_wanted = _within(_reading, thumbnails.thumbnails_wanted)
    keep_thumbnails = _publishing(thumbnails.keep_thumbnails)
    proofs_wanted = _within(_reading, proofs.proofs_wanted)
    proof = _within(_reading, proofs.proof)
    keep_proof = _publishing(proofs.keep_proof)
    addresses = _within(_reading, proofs.addresses)
    set_address = _within(_writing, proofs.set_address)
    waiting_proofs = _within(_reading, proofs.waiting_proofs)
    proof_mailed = _within(_writing, proofs.proof_mailed)
    go_live_by_mail = _within(_writing, proofs.go_live_by_mail)
    writer_for = _within(_reading, authors.writer_for)
    person_of = _within(_reading, authors.person_of)
    address_of = _within(_reading, authors.address_of)
    choose_name = _within(_reading, style_names.choose_name)
    made_by = _within(_reading, learning_jobs.made_by)
    has_made = _within(_reading, learning_jobs.has_made)
    is_stopped = _within(_reading, learning_jobs.is_stopped)
    stop_job = _within(_writing, learning_jobs.stop_job)
    kept_for = _within(_reading, authors.kept_for)
    is_open_blob = _within(_reading, blob_rights.is_open)
    may_read_blob = _within(_reading, blob_rights.may_read)
    #: Raises `NotAllowed` where a writer may not change a style.
    require = _within(_reading, roles.require)
    may = _within(_reading, roles.may)
    add_maintainer = _within(_writing, roles.add_maintainer)
    remove_maintainer = _within(_writing, roles.remove_maintainer)
    hand_over = _within(_writing, roles.hand_over)

    def blob(self, digest: str) -> Blob | None:
        """Return a blob that a version refers to, or None."""
        with self.database.reading() as db:
            found = db.rows("SELECT digest, bytes, media_type FROM blob WHERE digest = ?", digest)
        return Blob(**found[0], store=self._blobs, verified=self._verified) if found else None

    def gc(self, *, dry_run: bool = False) -> SweepResult:
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
        return SweepResult(blobs=len(blobs), uploads=len(uploads), bytes=sum(blobs + uploads))
