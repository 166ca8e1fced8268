"""Wait for an event for a limited time."""

from __future__ import annotations

import asyncio
import contextlib


async def wait_until_set(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for `event`, at most `seconds` unless that is None, and return whether it is set.

    `asyncio.wait_for` is not used, since in Python 3.11 it can swallow a cancellation.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
