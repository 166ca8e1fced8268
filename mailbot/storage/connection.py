"""The ledger's file: opened, changed in transactions, and kept small.

connect       open to read and to write, its schema up to date
transaction   all of a block or none of it, safe from a power cut or from the death of the process alone
compact       leaves nothing of what was deleted in the files
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailbot.storage.schema import migrate

BUSY_TIMEOUT = "busy_timeout = 10000"
#: `auto_vacuum` must come first: it counts only for a file that has no page yet. `secure_delete` overwrites
#: what is deleted, and costs 1 ms for the bytes of an answer of 300 KB.
PRAGMAS = (
    *("auto_vacuum = INCREMENTAL", "journal_mode = WAL", "secure_delete = ON"),
    *("foreign_keys = ON", BUSY_TIMEOUT),
)
#: Free pages, of 4 KB, that are kept for the answers to come; and those given back at once, in some 50 ms.
SPARE_PAGES, COMPACT_PAGES = 4096, 1024


def connect(file: Path) -> sqlite3.Connection:
    """The file, whose statements are committed one by one unless in a `transaction`; for one thread."""
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    migrate(db)
    return db


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool) -> Iterator[sqlite3.Connection]:
    """One transaction; `durable`: it survives a power cut, which costs an fsync."""
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite has rolled back by itself where the disk was full
            db.execute("ROLLBACK")
        raise


def compact(db: sqlite3.Connection) -> bool:
    """Leaves nothing of what was deleted in the files, and gives some room back; True if there is more."""
    free = int(db.execute("PRAGMA freelist_count").fetchone()[0]) - SPARE_PAGES
    if free > 0:
        # As a script: `execute` goes but one step, which is a page.
        db.executescript(f"PRAGMA incremental_vacuum({min(free, COMPACT_PAGES)})")
    # Somebody who reads is not waited for: the next pass does it.
    db.execute("PRAGMA busy_timeout = 100")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute(f"PRAGMA {BUSY_TIMEOUT}")
    return free > COMPACT_PAGES
