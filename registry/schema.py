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
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

#: How long a writer waits for another process's transaction, seconds; ours take milliseconds.
BUSY_SECONDS = 10.0

#: Applied in the order in which they stand here, each once; a later change is a new one at the end.
migrations = Migrations("registry")


@migrations(name="0001_first_tables")
def _first_tables(db: Database) -> None:
    db.executescript("""
        CREATE TABLE style (name TEXT PRIMARY KEY, created TEXT NOT NULL) STRICT;

        CREATE TABLE blob (
            digest TEXT PRIMARY KEY CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
            bytes INTEGER NOT NULL,
            media_type TEXT NOT NULL) STRICT;

        CREATE TABLE version (
            style TEXT NOT NULL REFERENCES style (name),
            version INTEGER NOT NULL CHECK (version > 0),
            digest TEXT NOT NULL REFERENCES blob (digest),
            base TEXT NOT NULL,
            format TEXT NOT NULL,
            architecture TEXT NOT NULL,
            card TEXT NOT NULL CHECK (json_valid(card)),
            preview TEXT REFERENCES blob (digest),
            created TEXT NOT NULL,
            PRIMARY KEY (style, version)) STRICT;
        CREATE INDEX version_digest ON version (digest);
        CREATE INDEX version_preview ON version (preview);
        CREATE TRIGGER version_immutable BEFORE UPDATE ON version
            BEGIN SELECT RAISE(ABORT, 'a style version is immutable'); END;

        CREATE TABLE alias (
            style TEXT NOT NULL,
            alias TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (style, alias),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT;

        CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            style TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT;
    """)


def now() -> str:
    """This moment as the tables write it: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def connect(path: Path) -> Database:
    """Opens the file, makes it if there is none, and brings it up to date.

    The connection is in autocommit mode and may be used by any thread, by one at a time.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db = Database(connection, execute_plugins=False)  # what else is installed has no say here
        with _alone(path.with_suffix(".lock")):
            db.enable_wal()
            # A version that was answered as published must outlive a power cut; WAL's default may lose it.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            with transaction(db):  # a process that has the file open already may be writing
                migrations.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


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
