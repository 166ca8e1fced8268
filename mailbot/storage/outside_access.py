"""Open the ledger from another process than the bot's, whether the bot is running or not.

Reading takes no lock that the bot could notice. For changes, SQLite lets the bot and this process take turns.
Neither creates a ledger nor migrates one: only the bot does that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from mailbot.storage.ledger_file import is_current, transaction

#: Seconds that the other process may hold the ledger.
TIMEOUT = 10.0


class NoLedger(OSError):
    """Report that there is no ledger, or one that the bot has to migrate first."""


@contextmanager
def looking(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection that sees the ledger at one moment. Raises `NoLedger`, sqlite3.Error."""
    with _opened(file, "ro") as db:
        db.execute("BEGIN")
        yield db


@contextmanager
def changing(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a transaction that is durable after the block. Raises `NoLedger`, sqlite3.Error."""
    with _opened(file, "rw") as db:
        for pragma in ("secure_delete = ON", "foreign_keys = ON"):
            db.execute(f"PRAGMA {pragma}")
        with transaction(db, durable=True):
            yield db


def require_ledger(file: Path) -> None:
    """Raise `NoLedger` where there is none."""
    if not file.is_file():
        raise NoLedger(f"There is no ledger at {file}: no bot has run with this configuration yet.")


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    require_ledger(file)
    uri = f"file:{quote(str(file))}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=TIMEOUT, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        if not is_current(db):  # these readers may read every column
            raise NoLedger(f"{file} is of an older version: start the bot once, which brings it up to date.")
        yield db
