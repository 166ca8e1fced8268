"""Write the bot's heartbeat into its ledger, and notice when other processes write there.

Every `BEAT_SECONDS` a row says that the bot lives and when it last polled the mailbox. `mailbot status` reads
it, so the two need no port and no signal. Every `LOOK_SECONDS` SQLite is asked whether another process has
written, such as `mailbot retry` (`PRAGMA data_version`, some microseconds). Then the bot is woken.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from mailbot.storage.ledger import Ledger

#: Seconds between two beats. Each writes one page of the write-ahead log, without fsync.
BEAT_SECONDS = 10.0
#: Seconds without a beat after which a bot counts as dead.
DEAD_SECONDS = 30.0
#: Seconds within which the bot notices another process's change.
LOOK_SECONDS = 1.0
#: Seconds for the last beat, which on a full disk would wait for ever.
LAST_SECONDS = 2.0

#: Key of the row in the ledger. Ledgers in use have it, so it keeps this name.
KEY = "pulse"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatRow:
    """Hold the last beat; times are seconds since the epoch."""

    pid: int
    started_at: float
    at: float
    polled_at: float | None  #: None: not yet
    stopped: bool = False  #: in good order

    @classmethod
    def of(cls, db: sqlite3.Connection) -> HeartbeatRow | None:
        """Read the last beat; None if no bot ever ran with this ledger."""
        row = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
        return cls(**json.loads(row[0])) if row else None

    def write(self, db: sqlite3.Connection) -> None:
        """Store it as the last beat."""
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, json.dumps(asdict(self))))

    def is_alive(self, now: float) -> bool:
        """Return whether the bot is running."""
        return not self.stopped and now - self.at < DEAD_SECONDS


class Heartbeat:
    """Beat while `run` runs. `polled_at` is of `time.monotonic`, 0 before the first poll."""

    def __init__(
        self, ledger: Ledger, polled_at: Callable[[], float], wakes: Sequence[Callable[[], None]]
    ) -> None:
        self._ledger = ledger
        self._polled_at = polled_at
        self._wakes = wakes
        self._started_at = time.time()

    async def run(self) -> None:
        """Run until cancelled. A failing ledger is the bot's to handle: the missing beat says enough."""
        version: int | None = None
        beat_at, was_polled = float("-inf"), False
        try:
            while True:
                with contextlib.suppress(sqlite3.Error):
                    seen = await self._ledger.read(lambda db: db.execute("PRAGMA data_version").fetchone()[0])
                    if version not in (seen, None):  # another process has written since the last look
                        for wake in self._wakes:
                            wake()
                    version = seen
                is_polled = self._polled_at() > 0  # a bot that has just begun to poll says so at once
                if (is_polled and not was_polled) or time.monotonic() - beat_at >= BEAT_SECONDS:
                    beat_at, was_polled = time.monotonic(), is_polled
                    await self._beat()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            with contextlib.suppress(TimeoutError):  # on a full disk; then the missing beats say it
                async with asyncio.timeout(LAST_SECONDS):
                    await self._beat(stopped=True)

    async def _beat(self, *, stopped: bool = False) -> None:
        now = time.time()
        seen = self._polled_at()
        beat = HeartbeatRow(
            pid=os.getpid(),
            started_at=self._started_at,
            at=now,
            polled_at=now - (time.monotonic() - seen) if seen else None,
            stopped=stopped,
        )
        with contextlib.suppress(sqlite3.Error):
            await self._ledger.transact(beat.write, durable=False)
