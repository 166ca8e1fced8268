"""Open, read and write the registry's SQLite file.

A `DatabaseFile` reads by one connection and writes by another. In WAL mode a reader never waits for a writer.
So a reader waits neither for the disk, on which a publication takes some 10 ms, nor for another process.
Within a process one thread reads at a time, and one writes.

An event loop writes by `DatabaseFile.writes`, in a thread for writes alone. In the loop's own pool, a few
writes that wait for another process would occupy all threads, and reads would wait for one.
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from registry.database import sqlite_schema as schema

#: Seconds that a writer waits for another process's transaction, which takes milliseconds.
BUSY_SECONDS = 10.0

T = TypeVar("T")


class DatabaseFile:
    """Hold the file open for reading and writing by any thread."""

    def __init__(self, path: Path) -> None:
        self._writer, self._reader = connect(path), _open(path)
        self._reader.execute("PRAGMA query_only = ON")
        self._one_reads = threading.Lock()
        self._one_writes = threading.Lock()
        #: Called in the event loop after each change by `writes`.
        self.after_write: Callable[[], None] = lambda: None
        self._thread = ThreadPoolExecutor(1, "registry-writes")  # the first write starts its thread

    def close(self) -> None:
        """Wait for readers and writers, also those in the queue, then close the file."""
        self._thread.shutdown()
        with self._one_reads, self._one_writes:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Open a snapshot of the last committed transaction."""
        with self._one_reads:
            self._reader.begin()
            try:
                yield self._reader
            finally:
                self._reader.rollback()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Open a transaction that is applied completely or not at all, and excludes all other writers."""
        with self._one_writes, transaction(self._writer):
            yield self._writer

    async def writes(self, change: Callable[[], T]) -> T:
        """Run `change`, which writes and blocks, after all earlier ones, and return its result.

        `close` waits for it. It runs to its end even if the caller is cancelled.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, change)
        finally:
            self.after_write()


def rows(db: Database, query: str, *values: str | int) -> list[dict[str, Any]]:
    """Return all rows of a query at once, since a transaction may end after this."""
    return list(db.query(query, values))


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
                schema.migrations.apply(db)
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
