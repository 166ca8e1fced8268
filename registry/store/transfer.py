"""Move all that a store holds to another one: any database and any way to keep blobs, to any other.

The rows appear in the target in one transaction, or not at all. Blobs on a disk or in a bucket are there
before. If the move fails, they are orphans, and the next attempt finds them. During the move nothing can be
written to the source, unless the move is `online`: then it moves what the source held at its begin.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from registry.blobs.blob import Blob
from registry.blobs.in_database import DatabaseBlobs
from registry.database.dialect import Transaction, without_nul
from registry.store.location import StoreLocation, StoreParts
from styles.errors import BadOption, Permanent

#: Each table with its key, those first that others refer to. Wrong tokens of late (`attempt`) stay behind.
TABLES = {
    "style": "name",
    "maintainer": "style, person",
    "author": "style",
    "blob": "digest",
    "version": "style, version",
    "alias": "style, alias",
    "private_version": "style, version",
    "learnt": "job",
    "stopped_job": "job",
    "card_edit": "style, version",
    "usage": "source, day, style",
    "proof": "style, version, photo",
    "thumbnail": "preview",
    "proof_mail": "style, version",
    "person": "name",
    "event": "seq",
    "audit": "id",
    "token": "id",
    "session": "hash",
    "environment": "hash",
}


class MoveRefused(BadOption):
    """Refuse to move a store from or to where it makes no sense."""

    status = 409


class MoveFailed(Permanent):
    """Report that what arrived is not what was sent; nothing is moved then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReport:
    """Count what was moved, and found the same on both sides."""

    rows: dict[str, int]  #: by table
    bytes: int  #: bytes of all blobs


def move(
    source: StoreLocation,
    target: StoreLocation,
    progress: Callable[[int, int], None] = lambda *_: None,
    *,
    online: bool = False,
) -> MoveReport:
    """Move a store to an empty one, and check every row and every blob's hash before the move counts.

    `progress` is called with the bytes of blobs that are moved, and of all. Raises `MoveRefused`,
    `MoveFailed`, `NoStore`, and like `StoreLocation.open`.
    """
    if _place(source) == _place(target):
        raise MoveRefused("Both name the same database: name another one in the second file.")
    source.require()
    with ExitStack() as stack:
        old, new = (stack.enter_context(_opened(place)) for place in (source, target))
        read = stack.enter_context(old.database.reading() if online else old.database.writing())
        write = stack.enter_context(new.database.writing())
        if not read.rows("SELECT name FROM style LIMIT 1"):
            raise MoveRefused(f"There is no style in {source.name}: does the config name the right registry?")
        _refuse_rows(write, target)
        rows = {}
        for table in TABLES:
            if table == "blob":
                size = _move_blobs(old, read, new, write, progress)
            else:
                for row in _rows(read, table):
                    write.insert(table, row)
            rows[table] = _check_rows(read, write, table)
        return MoveReport(rows=rows, bytes=size)


def require_empty(target: StoreLocation) -> None:
    """Raise `MoveRefused` where a store has rows, before the work for a move to it."""
    if target.exists:
        with _opened(target) as parts, parts.database.reading() as db:
            _refuse_rows(db, target)


def _refuse_rows(db: Transaction, target: StoreLocation) -> None:
    if taken := [table for table in TABLES if db.rows(f"SELECT 1 FROM {table} LIMIT 1")]:  # noqa: S608
        raise MoveRefused(
            f"{target.name} is not empty: it has rows in {', '.join(taken)}. Name an empty database, "
            "and start a registry on it only afterwards."
        )


def _move_blobs(
    old: StoreParts,
    read: Transaction,
    new: StoreParts,
    write: Transaction,
    progress: Callable[[int, int], None],
) -> int:
    """Move each blob with its row, and return the bytes of all."""
    rows = _rows(read, "blob")
    total = sum(row["bytes"] for row in rows)
    # Bytes in the database are seen only by the transaction that has just written them.
    arrived = DatabaseBlobs(lambda: nullcontext(write)) if _in_database(new) else new.blobs
    done = 0
    for row in rows:
        read.rows("SELECT 1")  # keeps the transaction awake
        blob = Blob(**row, store=old.blobs, verified=set())
        with _downloaded(blob, new.incoming.path) as file, new.incoming.receive(file) as copy:
            _require(blob.digest, copy.digest, "to be moved")
            new.blobs.keep(write, copy)
        write.insert("blob", row)
        _require(blob.digest, replace(blob, store=arrived).found_digest(), "where it was moved to")
        done += blob.bytes
        progress(done, total)
    return done


def _in_database(parts: StoreParts) -> bool:
    return isinstance(parts.blobs, DatabaseBlobs)


@contextmanager
def _downloaded(blob: Blob, folder: Path) -> Iterator[Path]:
    """Write a blob to a file, a piece at a time, and remove it after the block."""
    path = folder / secrets.token_hex(16)
    try:
        with path.open("wb") as file:
            for piece in blob.pieces():
                file.write(piece)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _require(wanted: str, found: str, where: str) -> None:
    if wanted != found:
        raise MoveFailed(f"The blob {wanted} is damaged {where}: its bytes have the hash {found}.")


def _check_rows(read: Transaction, write: Transaction, table: str) -> int:
    """Return how many rows both sides have. Raises `MoveFailed` unless they are the same."""
    sent, arrived = _rows(read, table), _rows(write, table)
    if sent != arrived:
        raise MoveFailed(f"The table {table} is another one in the target: nothing was moved.")
    return len(sent)


def _rows(db: Transaction, table: str) -> list[dict[str, Any]]:
    """Return all rows. PostgreSQL holds no character NUL, which a detail of the audit trail may have."""
    found = db.rows(f"SELECT * FROM {table} ORDER BY {TABLES[table]}")  # noqa: S608 - constants
    return [{key: without_nul(value) for key, value in row.items()} for row in found]


def _place(location: StoreLocation) -> str:
    return location.database or str(location.folder.resolve())


@contextmanager
def _opened(location: StoreLocation) -> Iterator[StoreParts]:
    parts = location.open()
    try:
        yield parts
    finally:
        parts.close()
