"""What the registry's SQLite file holds: its tables, made by named migrations, and how it is opened.

    style      a name                                             never reused for another style
    blob       bytes on the disk: digest, size, media type        written before its row
    version    1, 2, 3 … of a style: digest, card, preview        immutable: a trigger refuses any change
    alias      `live`, `previous` -> a version of that style      the only thing that moves
    event      what happened, in order                            written in the transaction that did it

Every statement is its own transaction unless `transaction` says otherwise.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

#: How long a writer waits for another process's transaction, seconds; ours take milliseconds.
BUSY_SECONDS = 10.0


def _first_tables(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE style (name TEXT PRIMARY KEY, created TEXT NOT NULL) STRICT")
    connection.execute(
        """CREATE TABLE blob (
            digest TEXT PRIMARY KEY CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
            bytes INTEGER NOT NULL,
            media_type TEXT NOT NULL) STRICT"""
    )
    connection.execute(
        """CREATE TABLE version (
            style TEXT NOT NULL REFERENCES style (name),
            version INTEGER NOT NULL CHECK (version > 0),
            digest TEXT NOT NULL REFERENCES blob (digest),
            base TEXT NOT NULL,
            format TEXT NOT NULL,
            architecture TEXT NOT NULL,
            card TEXT NOT NULL CHECK (json_valid(card)),
            preview TEXT REFERENCES blob (digest),
            created TEXT NOT NULL,
            PRIMARY KEY (style, version)) STRICT"""
    )
    connection.execute("CREATE INDEX version_digest ON version (digest)")
    connection.execute("CREATE INDEX version_preview ON version (preview)")
    connection.execute(
        """CREATE TRIGGER version_immutable BEFORE UPDATE ON version
            BEGIN SELECT RAISE(ABORT, 'a style version is immutable'); END"""
    )
    connection.execute(
        """CREATE TABLE alias (
            style TEXT NOT NULL,
            alias TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (style, alias),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT"""
    )
    connection.execute(
        """CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            style TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT"""
    )


#: Applied in this order, each once; a later change is a new entry at the end.
MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("0001_first_tables", _first_tables),
)


def now() -> str:
    """This moment as the tables write it: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def connect(path: Path) -> sqlite3.Connection:
    """Opens the file, makes it if there is none, and brings it up to date.

    The connection is in autocommit mode and may be used by any thread, by one at a time.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        with _alone(path.with_suffix(".lock")):
            connection.execute("PRAGMA journal_mode = WAL")
        # A version that was answered as published must outlive a power cut; WAL's default may lose it.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time: going over to WAL fails at once while another does so, whatever the timeout."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing the file, or dying, lets go of it
        yield


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing; it holds the right to write from the start, so what it reads stays."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Several reads of one moment: what another process publishes meanwhile is not seen in between."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Applies what is missing, all in one transaction; gives the names of what was applied.

    Two processes that open a new file at once wait for each other: the second finds it done.
    """
    applied = []
    with transaction(connection):
        connection.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at TEXT) STRICT")
        done = {name for (name,) in connection.execute("SELECT name FROM migration")}
        for name, change in MIGRATIONS:
            if name not in done:
                change(connection)
                connection.execute("INSERT INTO migration VALUES (?, ?)", (name, now()))
                applied.append(name)
    return applied
