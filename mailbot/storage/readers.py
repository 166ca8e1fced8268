"""The ledger from another process than the bot's, while that is at work or not.

    looking     read only, and without any lock that the bot could notice
    changing    one short transaction; SQLite lets the bot and this process take turns

Neither makes a ledger nor brings one up to date: that is the bot's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

#: The migration without which nothing here makes sense of a ledger.
NEEDED = "0003_keeping"
#: For how long the other process may hold the ledger, seconds.
PATIENCE = 10.0


class NoLedger(OSError):
    """There is none, or one that the bot has to bring up to date first."""


@contextmanager
def looking(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write; all that is read is of one moment. Raises `NoLedger`, sqlite3.Error."""
    with _opened(file, "ro") as db:
        db.execute("BEGIN")
        yield db


@contextmanager
def changing(file: Path) -> Iterator[sqlite3.Connection]:
    """A transaction, durable when this is left. Raises `NoLedger`, sqlite3.Error."""
    with _opened(file, "rw") as db:
        for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    if not file.is_file():
        raise NoLedger(f"There is no ledger at {file}: no bot has run with this configuration yet.")
    uri = f"file:{quote(str(file))}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names = db.execute("SELECT name FROM migration") if "migration" in tables else ()
        if NEEDED not in {row[0] for row in names}:
            raise NoLedger(f"{file} is of an older version: start the bot once, which brings it up to date.")
        yield db
