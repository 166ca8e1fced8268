"""Wait for an event for a limited time, and hold tasks until they end or are cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any

from styles.service.backoff import jittered

log = logging.getLogger(__name__)


async def wait_until_set(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for `event`, at most `seconds` unless that is None, and return whether it is set.

    `asyncio.wait_for` is not used, since in Python 3.11 it can swallow a cancellation.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


async def repeat(
    work: Callable[[], Awaitable[None]],
    news: asyncio.Event,
    seconds: float,
    failed: Callable[[Exception], None],
    pauses: tuple[float, float],
) -> None:
    """Work whenever `news` is set, and after `seconds` without it, until cancelled.

    After an error, with which `failed` is called, it works again after a pause. `pauses` are the first one
    and the longest, in seconds.
    """
    failures = 0
    while True:
        news.clear()
        try:
            await work()
            failures = 0
        except Exception as error:
            failed(error)
            await asyncio.sleep(jittered(failures, *pauses))
            failures += 1
            continue
        await wait_until_set(news, seconds)


def start(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start a task that should run until it is cancelled, and log an error that ends it.

    The log names the error's type alone, since its message may quote a mail.
    """

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s has ended: %s", name, type(error).__name__)
            log.debug("in full", exc_info=error)

    task = asyncio.create_task(work, name=name)
    task.add_done_callback(ended)
    return task


class TaskSet(set[asyncio.Task[Any]]):
    """Hold tasks until they end, since the event loop refers to them only weakly."""

    def __init__(self, ended: Callable[[BaseException | None], None] | None = None) -> None:
        """Take `ended`, which is called at each end, with the task's error or with None."""
        super().__init__()
        self._ended = ended

    def start(self, work: Coroutine[Any, Any, Any], context: Context | None = None) -> None:
        """Start a task in a context, or in the caller's. It leaves the set when it ends."""
        task = asyncio.create_task(work, context=context)
        self.add(task)
        task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[Any]) -> None:
        self.discard(task)
        if self._ended:
            self._ended(None if task.cancelled() else task.exception())


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks and wait until they have ended. Their errors are dropped."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def stop_requested() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
