"""Waiting for an event."""

from __future__ import annotations

import asyncio

import pytest

from styles.service.waiting import cancel, wait_until_set


async def test_it_ends_by_the_event_or_by_the_time() -> None:
    event = asyncio.Event()
    assert not await wait_until_set(event, 0.01)
    asyncio.get_running_loop().call_soon(event.set)
    assert await wait_until_set(event, None)


async def test_a_cancellation_is_not_swallowed() -> None:
    event = asyncio.Event()
    task = asyncio.create_task(wait_until_set(event, 60))
    await asyncio.sleep(0)
    event.set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelled_tasks_have_ended_however_they_end() -> None:
    async def fail() -> None:
        raise ValueError

    failed, waiting = asyncio.create_task(fail()), asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    await cancel(failed, waiting)
    assert failed.done()
    assert waiting.cancelled()
    await cancel()
