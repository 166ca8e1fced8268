"""How the registry's SQLite file is opened, read and written.

    connect(path)       one connection, the file made and brought up to date
    transaction(db)     all or nothing, alone
    snapshot(db)        several reads of one moment
    Database               what the store holds: a connection for each of the two

A `Database` reads by one connection and writes by another. In WAL mode a reader never waits for a writer, so
that nobody who asks for a style waits for the disk, on which a publication takes some 10 ms, nor for
another process that is writing. Within a process one thread at a time reads, and one writes. An event loop
writes by `Database.writes`, in a thread that does nothing else: were it the loop's pool, a few writes that
wait for another process would take all of its threads, and reads would wait for one.
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

from registry.store import schema

#: How long a writer waits for another process's transaction, seconds; ours take milliseconds.
BUSY_SECONDS = 10.0

T = TypeVar("T")


class DatabaseFile:
    """The file, open to read and to write; any thread may use it."""

    def __init__(self, path: Path) -> None:
        self._writer = connect(path)
        try:
            self._reader = _open(path)
        except BaseException:
            self._writer.close()
            raise
        self._reader.execute("PRAGMA query_only = ON")
        self._one_reads = threading.Lock()
        self._one_writes = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "registry-writes")  # started by the first write of a loop

    def close(self) -> None:
        """Waits for who is at it, and for the writes that wait, then closes the file."""
        self._thread.shutdown()
        with self._one_reads, self._one_writes:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Reads of one moment, that of the last transaction that was committed."""
        with self._one_reads, snapshot(self._reader):
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """A transaction: all of the block or nothing. No other, of any process, is at it meanwhile."""
        with self._one_writes, transaction(self._writer):
            yield self._writer

    async def writes(self, change: Callable[[], T]) -> T:
        """What `change`, which writes and blocks, gives; after those that were asked for before it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, change)


def rows(db: Database, query: str, *values: str | int) -> list[dict[str, Any]]:
    """What a query finds; all of it at once, since a transaction may end after this."""
    return list(db.query(query, values))


def connect(path: Path) -> Database:
    """Opens the file, makes it if there is none, and brings it up to date.

    The connection is in autocommit mode and may be used by any thread, by one at a time. Every statement
    is its own transaction unless `transaction` says otherwise.
    """
    db = _open(path)
    try:
        with _alone(path.with_suffix(".lock")):
            db.enable_wal()
            # A version that was answered as published must outlive a power cut; WAL's default may lose it.
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
    return Database(connection, execute_plugins=False)  # what else is installed has no say here


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time: going over to WAL fails at once while another does so, whatever the timeout."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing the file, or dying, lets go of it
        yield


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All of the block or nothing; it holds the right to write from the start, so what it reads stays.

    `Database.atomic` asks for that right only with its first write, and fails if another came in between.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Several reads of one moment: what another process publishes meanwhile is not seen in between."""
    db.begin()
    try:
        yield
    finally:
        db.rollback()
