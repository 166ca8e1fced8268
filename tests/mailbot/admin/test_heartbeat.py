"""The bot's sign of life, and how it notices what another process did to its ledger."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mailbot.admin import heartbeat
from mailbot.admin.heartbeat import DEAD_SECONDS, Heartbeat, HeartbeatRow
from mailbot.storage.ledger import Ledger
from mailbot.storage.outside_access import changing, looking
from tests.fakes.waiting import until


def beat(file: Path) -> HeartbeatRow | None:
    with looking(file) as db:
        return HeartbeatRow.of(db)


@contextlib.asynccontextmanager
async def beating(ledger: Ledger, *wakes: asyncio.Event, polled_at: float = 0.0) -> AsyncIterator[None]:
    task = asyncio.create_task(Heartbeat(ledger, lambda: polled_at, [wake.set for wake in wakes]).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_bot_that_lives_says_so_and_one_that_stops_too(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    async with Ledger(file) as ledger:
        assert beat(file) is None
        async with beating(ledger, polled_at=time.monotonic() - 60):
            await until(lambda: beat(file))
            alive = beat(file)
            assert alive
            assert alive.is_alive(time.time())
            assert not alive.is_alive(time.time() + DEAD_SECONDS)
            assert alive.polled_at
            assert 59 < time.time() - alive.polled_at < 90
        after = beat(file)
        assert after
        assert not after.is_alive(time.time())


async def test_a_mailbox_that_was_never_looked_into_is_told_as_that(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    async with Ledger(file) as ledger, beating(ledger):
        await until(lambda: beat(file))
        found = beat(file)
        assert found
        assert found.polled_at is None


async def test_the_bot_is_woken_by_what_others_do_and_not_by_what_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "LOOK_SECONDS", 0.01)
    file, wake = tmp_path / "ledger.db", asyncio.Event()
    async with Ledger(file) as ledger, beating(ledger, wake):
        await until(lambda: beat(file))
        await ledger.ours([])
        assert not wake.is_set()
        with changing(file) as db:
            db.execute("INSERT INTO picture VALUES ('aa')")
        await asyncio.wait_for(wake.wait(), 10)


class FullLedger(Ledger):
    """One whose disk has no room, and never will."""

    async def transact(self, *_args: object, **_options: object) -> Any:
        await asyncio.Event().wait()


async def test_a_full_disk_does_not_hold_up_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "LAST_SECONDS", 0.05)
    async with FullLedger(tmp_path / "ledger.db") as ledger, asyncio.timeout(10), beating(ledger):
        await asyncio.sleep(0)  # it has begun
