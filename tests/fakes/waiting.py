"""Waiting for what nobody announces: a file that appears, what another task has come to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], object], seconds: float = 40) -> None:
    """Returns as soon as it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.005)
