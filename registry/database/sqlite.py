"""Open, read and write the registry's SQLite file.

A `DatabaseFile` reads by one connection and writes by another. In WAL mode a reader never waits for a writer.
So a reader waits neither for the disk, on which a publication takes some 10 ms, nor for another process.
Within a process one thread reads at a time, and one writes.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from registry.database import sqlite_schema
from registry.database.dialect import StateDatabase, Value

#: Seconds that a writer waits for another process's transaction, which takes milliseconds.
BUSY_SECONDS = 10.0


class SqliteTransaction:
    """Run the statements of a transaction on a connection."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(self, query: str, *values: Value) -> list[dict[str, Any]]:
        """See `Transaction`."""
        return list(self._db.query(query, values))

    def execute(self, statement: str, *values: Value) -> None:
        """See `Transaction`."""
        self._db.execute(statement, values)

    def insert(self, table: str, row: Mapping[str, Value], *, ignore: bool = False) -> None:
        """See `Transaction`."""
        self._db.table(table).insert(dict(row), ignore=ignore)


class DatabaseFile(StateDatabase):
    """Hold the file open for reading and writing by any thread."""

    #: A poll reads the end of an index, some 50 microseconds.
    poll_seconds = 0.25
    is_shared = False

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._writer, self._reader = connect(path), _open(path)
        self._reader.execute("PRAGMA query_only = ON")
        self._one_reads = threading.Lock()
        self._one_writes = threading.Lock()

    async def watch(self, wake: Callable[[], None]) -> None:
        """See `StateDatabase`. A file tells nothing."""

    def close(self) -> None:
        """See `StateDatabase`."""
        super().close()
        with self._one_reads, self._one_writes:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[SqliteTransaction]:
        """See `StateDatabase`."""
        with self._one_reads:
            self._reader.begin()
            try:
                yield SqliteTransaction(self._reader)
            finally:
                self._reader.rollback()

    @contextmanager
    def writing(self) -> Iterator[SqliteTransaction]:
        """See `StateDatabase`."""
        with self._one_writes, transaction(self._writer):
            yield SqliteTransaction(self._writer)


def connect(path: Path) -> Database:
    """Open the file, create it if it is missing, and apply its migrations.

    The connection is in autocommit mode. Any thread may use it, one at a time. Every statement is a
    transaction of its own unless `transaction` groups several.
    """
    db = _open(path)
    try:
        with path.with_suffix(".lock").open("w") as lock:
            # One process at a time: a switch to WAL fails at once while another process does the same.
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed or the process dies
            db.enable_wal()
            # A version reported as published must survive a power cut; WAL's default may lose it.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            with transaction(db):  # a process that has the file open already may be writing
                sqlite_schema.migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def _open(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    return Database(connection, execute_plugins=False)  # no other installed package may change it


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Apply the whole block or nothing of it.

    The right to write is taken at the start, so that what the block reads stays true. `Database.atomic` takes
    it only with the first write, and fails if another process wrote in between.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
