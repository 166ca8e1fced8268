"""Waiting for an event."""

from __future__ import annotations

import asyncio
import logging

import pytest

from styles.service.asyncio_tasks import TaskSet, cancel, start, wait_until_set


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


async def test_a_set_of_tasks_holds_them_until_they_end_and_says_how() -> None:
    async def fail() -> None:
        raise ValueError

    ends: list[type[BaseException] | None] = []
    tasks = TaskSet(lambda error: ends.append(type(error) if error else None))
    tasks.start(fail())
    tasks.start(asyncio.sleep(0))
    tasks.start(asyncio.sleep(60))
    assert len(tasks) == 3
    await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    await cancel(*tasks)
    await asyncio.sleep(0)  # callbacks of the task
    assert not tasks
    assert ends == [ValueError, None, None]


async def test_an_error_that_ends_a_task_is_logged_by_its_type(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("the mail of ann@example.org")

    caplog.set_level(logging.INFO)
    await asyncio.wait({start(fail(), "the heartbeat")})
    await asyncio.sleep(0)  # callbacks of the task
    assert [record.getMessage() for record in caplog.records] == ["the heartbeat has ended: ValueError"]


async def test_a_task_that_is_cancelled_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    task = start(asyncio.sleep(60), "the heartbeat")
    await cancel(task)
    await asyncio.sleep(0)
    assert task.cancelled()
    assert not caplog.records
