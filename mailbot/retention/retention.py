"""Delete old mails, and those whose author asks for it, in a loop beside the bot.

`erasure.py` deletes here, `server_deletion.py` on the mail server, and `Ledger.compact` leaves nothing in
SQLite's file or its write-ahead log. A pass is made at the start, every hour (more often where `keep_days` is
short), and when an author wants their photos deleted. Every failure is logged and retried: no mail waits for
it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence

from mailbot.error_location import where
from mailbot.storage import erasure
from mailbot.storage.erasure import DeletionCounts
from mailbot.storage.ledger import Ledger
from styles.service.asyncio_tasks import wait_until_set
from styles.service.units import DAY

log = logging.getLogger(__name__)

#: Mails that are erased in one transaction, which takes some 40 ms on the ledger's thread.
STEP = 100
#: Bounds of the pause between two passes, seconds. Between them it is as long as `keep_days`.
SHORTEST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
#: Seconds between two passes while a deletion request waits for its answer, its mail for being moved, or
#: what is learnt from its photos for the balancer.
DELETION_PAUSE = 10.0
#: Seconds for which a deletion request gets these passes: in any case, and at most while mails are left.
DELETION_SECONDS, OPEN_DELETION_SECONDS = 120.0, 3600.0


class Retention:
    """Delete mails that are older than `keep_days` while `run` runs."""

    def __init__(
        self,
        keep_days: float,
        ledger: Ledger,
        clear_server: Callable[[], Awaitable[int]],
        clock: Callable[[], float] = time.time,
        stop_learning: Callable[[int, str], Awaitable[None]] | None = None,
        stop_again: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Take `clear_server`, which deletes on the mail server what is erased here, or raises OSError.

        `stop_learning` stops what is learnt from paintings that the author of a mail sent before it. In each
        pass `stop_again` does what it could not, and tells whether nothing is left to do.
        """
        self._keep_seconds = keep_days * DAY
        self._ledger = ledger
        self._clear_server = clear_server
        self._stop_learning, self._stop_again = stop_learning, stop_again
        self._clock = clock
        self._requested = asyncio.Event()

    async def stop_learning(self, message: int, from_address: str) -> None:
        """Stop what is learnt from paintings that the author of a mail sent before it."""
        if self._stop_learning:
            await self._stop_learning(message, from_address)

    def wake(self) -> None:
        """Start a pass now."""
        self._requested.set()

    async def run(self) -> None:
        """Delete old and unwanted mails, at intervals and when a sender asks, until cancelled."""
        while True:
            self._requested.clear()
            pause = min(max(self._keep_seconds, SHORTEST_PAUSE), LONGEST_PAUSE)
            try:
                if self._stop_again and not await self._stop_again():
                    pause = DELETION_PAUSE
                await self.once()
                if await self._ledger.read(self._is_deletion_open):
                    pause = DELETION_PAUSE
            except (OSError, sqlite3.Error) as error:
                log.warning("old mails are deleted later: %s: %s", type(error).__name__, error)
            except Exception as error:  # a bug here shall neither end the bot nor go unnoticed
                log.error("deleting met an unexpected error: %s", where(error))  # noqa: TRY400 - see there
            await wait_until_set(self._requested, pause)

    async def once(self) -> None:
        """Make one pass. Raises OSError and sqlite3.Error."""
        erased = 0
        while files := await self._ledger.transact(
            lambda db: erasure.erase_due(db, self._clock(), self._keep_seconds, STEP)
        ):
            await self._remove(files)
            erased += len(files)
        while await self._ledger.compact():
            pass
        cleared = await self._clear_server()
        if erased or cleared:
            log.info("mails deleted here: %d, on the mail server: %d", erased, cleared)

    async def forget(self, request: int, from_address: str) -> DeletionCounts:
        """Delete at once what the author of the mail `request` sent before it; soon on the server too.

        The mail itself is deleted when it is answered.
        """
        # Before its mails are finished: after a crash it is done again.
        await self.stop_learning(request, from_address)
        spool, now = self._ledger.spool, self._clock()
        done = await self._ledger.transact(lambda db: erasure.forget(db, spool, request, from_address, now))
        await self.stop_learning(request, from_address)  # of what was learnt the answer may be deleted now
        await self._remove(done.files)
        await self._ledger.compact()
        self._requested.set()
        return done

    def _is_deletion_open(self, db: sqlite3.Connection) -> bool:
        query = "SELECT 1 FROM message WHERE erase_at > ? OR (erase_at > ? AND NOT cleared) LIMIT 1"
        now = self._clock()
        return bool(db.execute(query, (now - DELETION_SECONDS, now - OPEN_DELETION_SECONDS)).fetchone())

    async def _remove(self, files: Sequence[str]) -> None:
        for name in files:
            await asyncio.to_thread(self._ledger.spool.remove, name)
