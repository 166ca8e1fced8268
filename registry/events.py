"""What changed in the registry, in order: the events, and the feed that waits for the next one.

A publication writes its event in the transaction that makes it visible, so who reads the events misses
nothing. The feed looks into the store rather than being told, since another process (a second registry
on the same folder, an operator's command) may be the one who published.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: How long an unanswered caller of the feed waits at most, seconds: below the 30 s and 60 s after which
#: proxies give up on a silent connection.
LONGEST_WAIT = 25.0
#: How often the feed looks, seconds: a published style is known to be one within this time. One look is
#: the end of an index, some 50 microseconds.
LOOK_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleEvent:
    """One change of one style."""

    seq: int  #: 1, 2, 3 … in the order of the changes
    at: str  #: ISO 8601, UTC
    kind: str  #: `published`: the version exists and `live` is it
    style: str
    version: int

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> StyleEvent:
        """From a row or JSON. Raises KeyError, TypeError or ValueError for what is no event."""
        return cls(
            seq=int(values["seq"]),
            at=str(values["at"]),
            kind=str(values["kind"]),
            style=str(values["style"]),
            version=int(values["version"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since a point in the row of events."""

    events: tuple[StyleEvent, ...]
    #: Where to go on from. Smaller than what was asked for only if the registry began anew.
    last: int


class EventFeed:
    """Lets callers wait for changes, each for a bounded time, until it is closed."""

    def __init__(self, read: Callable[[int], Changes]) -> None:
        """`read(since)` is a blocking look into the store; it is called in a thread."""
        self._read = read
        self._closing = asyncio.Event()

    async def wait(self, since: int, seconds: float = LONGEST_WAIT) -> Changes:
        """The changes after `since`, at once if there are any, else empty after `seconds` or at the end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(seconds, LONGEST_WAIT)
        while True:
            changes = await asyncio.to_thread(self._read, since)
            left = deadline - loop.time()
            if changes.last != since or left <= 0 or self._closing.is_set():
                return changes
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_EVERY, left)):
                    await self._closing.wait()

    def close(self) -> None:
        """Answers all who wait, and from now on everyone at once."""
        self._closing.set()
