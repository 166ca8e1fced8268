"""The ledger: what has come in, what is being done about it, and what is still to be sent.

Everything that must survive a crash is here, in one SQLite file and the spool beside it:

    accept      spool the mail, then one transaction: from here on it will be answered
    lease       hand out messages to work on; counts the attempt *before* anything is parsed
    finish      result and outbox row in one transaction
    postpone, release                   not now: the attempt is given back
    take, sent, deferred, failed        the outbox
    recover     at start: free what a dead process held, and send again what it was sending

Most of the SQL stands in `message_rows.py` and `outbox_rows.py`; here is said what is one transaction,
and how durable. One connection on one thread does all the work, so calls are serialised and the event loop
never waits.
A commit that must survive a power cut runs with synchronous=FULL; one that need only survive the death of
this process runs with NORMAL, which in WAL mode costs no fsync. A photo takes three of the one (accept,
finish, sent) and six of the other (filed, lease, noted, muted, admit, take).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from mailbot.parsing.headers import without_tag
from mailbot.storage import message_rows, outbox_rows
from mailbot.storage.connection import compact, connect, transaction
from mailbot.storage.dedupe import dedupe_key, pseudonym
from mailbot.storage.disk_full import with_room
from mailbot.storage.models import Message, OutboxRow, RawEmail, Reply
from mailbot.storage.spool import SHARED, Spool, folder_of

P = ParamSpec("P")
T = TypeVar("T")


class Ledger:
    """The mailbot's memory. Use it as an async context manager. Raises sqlite3.Error and OSError."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._spool = Spool(folder_of(file))
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def __aenter__(self) -> Self:
        await self._call(self._open)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._call(self._db.close)
        self._thread.shutdown()

    # Coming in

    async def accept(self, raw: RawEmail) -> Message | None:
        """Make `raw` ours: once this returns, it will be answered. None if it was seen before."""
        key = await asyncio.to_thread(dedupe_key, raw)
        return await self._call(self._accept, raw, key)

    async def body(self, message: Message) -> bytes:
        """The mail as it came, or its headers alone where it was oversized."""
        return await asyncio.to_thread(self._spool.read, message.spool)

    async def recover(self) -> tuple[int, int]:
        """At start: free leases, send again what was being sent. Gives (messages, answers) freed.

        A message that was being worked on when the process died, three times, is quarantined.
        """
        return await self._call(self._recover)

    # Being worked on

    async def lease(self, limit: int) -> list[Message]:
        """At most `limit` messages that are due, now `working` and their attempt counted.

        Of those that were being worked on when a process died there is only one at a time: should it be the
        one that kills, no other is blamed for it three times.
        """
        return await self.transact(lambda db: message_rows.lease(db, limit, self._clock()), durable=False)

    async def next_message_at(self) -> float | None:
        """When `lease` has the next message, seconds since the epoch; None if that is up to those at work."""
        return await self.read(message_rows.next_at)

    async def postpone(self, message: Message, until: float, reason: str) -> None:
        """A temporary error: work on `message` again at `until`."""
        await self.transact(lambda db: message_rows.postpone(db, message.id, until, reason), durable=False)

    async def release(self, message: Message) -> None:
        """Put `message` back unharmed, as at shutdown."""
        await self.transact(lambda db: message_rows.release(db, message.id), durable=False)

    async def stumbled(self, message: Message, until: float, reason: str) -> None:
        """An error that nobody foresaw: tried again at `until`, quarantined the third time."""
        await self.transact(
            lambda db: message_rows.stumbled(db, message.id, until, reason, self._clock()), durable=False
        )

    # Done with

    async def silence(self, message: Message, reason: str) -> None:
        """`message` is never answered."""
        await self.transact(lambda db: message_rows.silence(db, message.id, reason, self._clock()))
        await self._call(self._spool.remove, message.spool)

    async def quarantine(self, message: Message, reason: str) -> None:
        """`message` cannot be understood: kept for a person to look at, not answered."""
        await self.transact(lambda db: message_rows.quarantine(db, message.id, reason, self._clock()))

    async def quarantined(self) -> list[Message]:
        """Quarantined messages of which the mailbox's quarantine folder has no copy yet."""
        return await self.read(message_rows.quarantined)

    async def set_aside(self, message: Message) -> None:
        """The quarantine folder has `message` now. The spool keeps it too, so that it can be retried."""
        await self.transact(lambda db: message_rows.set_aside(db, message.id))

    async def finish(self, message: Message, reply: Reply) -> None:
        """Done: the result and its outbox row in one transaction. A second time changes nothing."""
        await self._call(self._finish, message, reply)

    async def ours(self, digests: Sequence[str]) -> set[str]:
        """Those of these hex SHA-256 that are pictures we have sent."""
        return await self._call(self._ours, digests)

    def reply_id(self, message: Message, domain: str) -> str:
        """The Message-ID of the answer to `message`: fixed, and not to be guessed by others."""
        digest = hmac.new(self._secret, f"reply {message.dedupe}".encode(), hashlib.sha256).hexdigest()
        return f"<{digest[:40]}@{domain}>"

    def known_as(self, address: str) -> str:
        """By which a sender is counted and not read: a keyed hash, the same whatever stands behind a `+`."""
        return pseudonym(self._secret, without_tag(address))

    # Going out

    async def take(self) -> OutboxRow | None:
        """The next answer that is due, now `sending` and its attempt counted."""
        return await self.transact(lambda db: outbox_rows.take(db, self._clock()), durable=False)

    async def next_reply_at(self) -> float | None:
        """When the next pending answer is due, seconds since the epoch; None if there is none."""
        return await self.read(outbox_rows.next_at)

    async def sent(self, row: OutboxRow) -> None:
        """The SMTP server has taken `row`; its bytes are needed no more."""
        await self.transact(lambda db: outbox_rows.sent(db, row.id, self._clock()))

    async def deferred(self, row: OutboxRow, until: float, error: str) -> None:
        """Try `row` again at `until`, the same bytes and the same id."""
        await self.transact(lambda db: outbox_rows.deferred(db, row.id, until, error), durable=False)

    async def failed(self, row: OutboxRow, error: str) -> None:
        """`row` was refused for good. Its bytes are kept for a while: a person may have it sent again."""
        await self.transact(lambda db: outbox_rows.failed(db, row.id, error))

    async def census(self) -> dict[str, int]:
        """How many messages and outbox rows are in each state, as `message.done` or `outbox.sent`."""
        return await self._call(self._census)

    # For modules with SQL of their own

    @property
    def spool(self) -> Spool:
        """The files beside the ledger."""
        return self._spool

    async def transact(self, work: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """What `work` gives, done as one transaction, on the ledger's thread: let it be short."""
        return await self._call(self._transact, work, durable)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` reads, without a transaction around it."""
        return await self._call(work, self._db)

    async def compact(self) -> bool:
        """Leave nothing of what was deleted in the files, and give some room back; True if there is more.

        `secure_delete` has overwritten it in the pages; what is left in the write-ahead log goes here.
        """
        return await self._call(compact, self._db)

    # On the ledger's thread

    async def _call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await with_room(lambda: loop.run_in_executor(self._thread, partial(work, *args, **kwargs)))

    def _open(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._spool.folder.mkdir(mode=0o700, exist_ok=True)
        self._db = connect(self._file)
        row = self._db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()
        self._secret: bytes = row["value"]
        self._take_over(self._file.parent / SHARED)

    def _take_over(self, shared: Path) -> None:
        """Fetch our mails from the folder that all ledgers beside this one shared before."""
        if shared.is_dir():
            ours = {row["spool"] for row in self._db.execute("SELECT spool FROM message")}
            self._spool.take_over(shared, ours)

    def _transact(self, work: Callable[[sqlite3.Connection], T], durable: bool) -> T:
        with transaction(self._db, durable=durable) as db:
            return work(db)

    def _accept(self, raw: RawEmail, key: str) -> Message | None:
        now = self._clock()
        known = message_rows.known(self._db, key)
        spooled = "" if known else self._spool.put(raw.body, f"-{raw.size}" if raw.oversized else "")
        with transaction(self._db, durable=True) as db:
            if known:
                message_rows.see(db, raw, known)
                return None
            return message_rows.accept(db, raw, key, spooled, now)

    def _recover(self) -> tuple[int, int]:
        with transaction(self._db, durable=True) as db:
            freed = message_rows.freed(db, self._clock()), outbox_rows.freed(db)
            wanted = message_rows.wanted(db)
        self._spool.tidy(wanted)
        return freed

    def _finish(self, message: Message, reply: Reply) -> None:
        with transaction(self._db, durable=True) as db:
            message_rows.finish(db, message.id, reply, self._clock())
        self._spool.remove(message.spool)

    def _ours(self, digests: Sequence[str]) -> set[str]:
        query = "SELECT 1 FROM picture WHERE sha256 = ?"
        return {sha256 for sha256 in digests if self._db.execute(query, (sha256,)).fetchone()}

    def _census(self) -> dict[str, int]:
        query = """SELECT 'message.' || state, count(*) FROM message GROUP BY state
            UNION ALL SELECT 'outbox.' || state, count(*) FROM outbox GROUP BY state"""
        return dict(self._db.execute(query).fetchall())
