"""Wait for an event for a limited time, and for the end of cancelled tasks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any


async def wait_until_set(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for `event`, at most `seconds` unless that is None, and return whether it is set.

    `asyncio.wait_for` is not used, since in Python 3.11 it can swallow a cancellation.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks and wait until they have ended. Their errors are dropped."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
