"""What changed in the registry, in order: the events, and the feed that waits for the next one.

A change writes its event in the transaction that makes it visible, so who reads the events misses
nothing. The feed is told of what this process changes, and looks into the store besides, since another
process (a second registry on the same folder, an operator's command) may be the one who published.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: What can happen to a style:
#: `published`: the version exists, and `live` is it;
#: `promoted`: `live` or another alias went to the version; `rolled back`: `live` went back to it;
#: `retired`: the name means nothing any more; the version is the one that was live.
Kind = Literal["published", "promoted", "rolled back", "retired"]

#: How long an unanswered caller of the feed waits at most, seconds: below the 30 s and 60 s after which
#: proxies give up on a silent connection.
LONGEST_WAIT = 25.0
#: How often the feed looks, seconds: what another process publishes is known within this time. One look is
#: the end of an index, some 50 microseconds.
LOOK_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleEvent:
    """One change of one style."""

    seq: int  #: 1, 2, 3 … in the order of the changes
    at: str  #: ISO 8601, UTC
    kind: str  #: one of `Kind`; a later release may know more of them
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
        self._news = asyncio.Event()  #: set for those who wait now, then replaced
        self._closed = False
        self.waiting = 0  #: callers that have no answer yet

    async def wait(self, since: int, seconds: float = LONGEST_WAIT) -> Changes:
        """The changes after `since`, at once if there are any, else empty after `seconds` or at the end."""
        self.waiting += 1
        try:
            return await self._wait(since, min(seconds, LONGEST_WAIT))
        finally:
            self.waiting -= 1

    async def _wait(self, since: int, seconds: float) -> Changes:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            news = self._news  # before the look: what comes in between must not be slept over
            changes = await asyncio.to_thread(self._read, since)
            left = deadline - loop.time()
            if changes.last != since or left <= 0 or self._closed:
                return changes
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_EVERY, left)):
                    await news.wait()

    def wake(self) -> None:
        """Lets all who wait look at once: this process has changed something."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """Answers all who wait, and from now on everyone at once."""
        self._closed = True
        self.wake()
