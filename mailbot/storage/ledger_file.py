"""Open the ledger's file, change it in transactions and keep it small.

One connection on one thread does all the work, so calls are serialised and the event loop never waits.
A commit that must survive a power cut runs with synchronous=FULL. One that need only survive the death of
this process runs with NORMAL, which in WAL mode costs no fsync. A photo takes three of the one (accept,
finish, sent) and six of the other (filed, lease, noted, muted, admit, take).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from sqlite_utils import Database

from mailbot.storage.disk_full import with_room
from mailbot.storage.keyed_hash import keyed_hash, pseudonym, secret_of
from mailbot.storage.schema.later_tables import migrations
from mailbot.storage.spool import SHARED, Spool, folder_of

P = ParamSpec("P")
T = TypeVar("T")

#: Milliseconds that SQLite waits for another process that writes.
BUSY_TIMEOUT = "busy_timeout = 10000"
#: `auto_vacuum` must come first, because it works only for a file that has no page yet. `secure_delete`
#: overwrites deleted data, which takes 1 ms for an answer of 300 KB.
PRAGMAS = (
    *("auto_vacuum = INCREMENTAL", "journal_mode = WAL", "secure_delete = ON"),
    *("foreign_keys = ON", BUSY_TIMEOUT),
)
#: Free pages of 4 KB that are kept for coming answers, and pages freed in one call, which takes some 50 ms.
SPARE_PAGES, COMPACT_PAGES = 4096, 1024


class NewerLedger(OSError):
    """Report a ledger that a newer version has changed, so that this one may misread it."""


class LedgerFile:
    """Run work on the ledger's connection in its thread. Use it as an async context manager.

    All methods raise sqlite3.Error and OSError; while the disk is full they wait.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self.spool = Spool(folder_of(file))  #: the files beside the ledger
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def __aenter__(self) -> Self:
        await self._call(self._open)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._call(self._db.close)
        self._thread.shutdown()

    async def transact(self, work: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """Run `work` as one transaction on the ledger's thread and return its result. It should be short."""
        return await self._call(self._transact, work, durable)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which only reads, without a transaction and return its result."""
        return await self._call(work, self._db)

    async def compact(self) -> bool:
        """Remove deleted data from the files and shrink them; return whether there is more to remove.

        `secure_delete` has overwritten the pages. This empties the write-ahead log too.
        """
        return await self._call(_compact, self._db)

    def keyed(self, kind: str, about: str) -> str:
        """Return 40 hex digits for a text, which only this ledger can make."""
        return keyed_hash(self._secret, kind, about, digits=40)

    def known_as(self, address: str) -> str:
        """Return a keyed hash of the address without its `+tag`, by which its sender is counted."""
        return pseudonym(self._secret, address)

    async def _call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await with_room(lambda: loop.run_in_executor(self._thread, partial(work, *args, **kwargs)))

    async def _change(self, sql: str, *values: object, durable: bool = True) -> bool:
        """Run one statement as a transaction, and return whether it changed a row."""
        return await self.transact(lambda db: db.execute(sql, values).rowcount > 0, durable=durable)

    def _transact(self, work: Callable[[sqlite3.Connection], T], durable: bool) -> T:
        with transaction(self._db, durable=durable) as db:
            return work(db)

    def _open(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self.spool.folder.mkdir(mode=0o700, exist_ok=True)
        # Without an isolation level, each statement outside of a `transaction` is committed by itself.
        self._db = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            self._db.execute(f"PRAGMA {pragma}")
        migrate(self._db)
        self._secret = secret_of(self._db)
        shared = self._file.parent / SHARED
        if shared.is_dir():  # older versions kept the mails of all ledgers of a folder there
            ours = {row["spool"] for row in self._db.execute("SELECT spool FROM message")}
            self.spool.take_over(shared, ours)


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool) -> Iterator[sqlite3.Connection]:
    """Commit all of the block or none of it. If `durable` it survives a power cut, which costs an fsync."""
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite has rolled back by itself where the disk was full
            db.execute("ROLLBACK")
        raise


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the missing migrations in one transaction. `connection` is in autocommit mode.

    Raises `NewerLedger`; then nothing is changed.
    """
    db = _database(connection)
    with transaction(connection, durable=True):
        migrations.ensure_migrations_table(db)
        if db["migration"].exists():  # where older versions recorded them
            db.execute(
                f"INSERT INTO {migrations.migrations_table} (migration_set, name, applied_at) "  # noqa: S608
                "SELECT ?, name, datetime(applied_at, 'unixepoch') FROM migration ORDER BY name",
                [migrations.name],
            )
            db.execute("DROP TABLE migration")
        _require_known(db)
        migrations.apply(db)


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether a ledger has all migrations, without a change to it."""
    return not migrations.pending(_database(connection))


def _require_known(db: Database) -> None:
    with closing(sqlite3.connect(":memory:")) as empty:
        known = {migration.name for migration in migrations.pending(_database(empty))}
    if unknown := sorted({migration.name for migration in migrations.applied(db)} - known):
        raise NewerLedger(
            f"The ledger comes from a newer version of this project: {', '.join(unknown)} is unknown here. "
            "Install that version again, or restore a backup from before it."
        )


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, execute_plugins=False)  # no other installed package may change it


def _compact(db: sqlite3.Connection) -> bool:
    free = int(db.execute("PRAGMA freelist_count").fetchone()[0]) - SPARE_PAGES
    if free > 0:
        # As a script: `execute` takes one step only, which is one page.
        db.executescript(f"PRAGMA incremental_vacuum({min(free, COMPACT_PAGES)})")
    # A reader is not waited for: the next pass does it.
    db.execute("PRAGMA busy_timeout = 100")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute(f"PRAGMA {BUSY_TIMEOUT}")
    return free > COMPACT_PAGES
