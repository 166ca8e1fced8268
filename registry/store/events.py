"""Publish the registry's changes in order, and let callers wait for the next one.

A change writes its event in the transaction that makes it visible, so a reader of events misses nothing. The
feed is woken by changes of this process, and by the database where that tells of changes. It also polls the
store, since another process may change it: a second registry, or an operator's command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from styles.service.asyncio_tasks import wait_until_set

#: Kinds of events. `published`: the version exists and is live. `staged`: it exists, and another alias moved
#: to it. `promoted`: `live` or another alias moved to the version. `rolled back`: `live` went back to it.
#: `retired`: the name means nothing any more; the version is the one that was live.
EventKind = Literal[
    "published", "staged", "promoted", "rolled back", "retired", "alias removed", "card edited"
]

#: Most seconds that a caller waits: proxies drop a silent connection after 30 s or 60 s.
LONGEST_WAIT = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleEvent:
    """Describe one change of one style."""

    seq: int  #: grows in the order of the changes; those of private versions leave gaps
    at: str  #: ISO 8601, UTC
    kind: str  #: one of `EventKind`; a later release may know more
    style: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Hold the events after a number."""

    events: tuple[StyleEvent, ...]
    #: The `since` of the next call. Smaller than the number asked for only if the registry began anew.
    last: int


class EventFeed:
    """Let callers wait for changes, each for a limited time, until the feed is closed."""

    def __init__(self, read: Callable[[int], Changes], poll_seconds: float) -> None:
        """Take `read(since)`, which reads the store and blocks, and the seconds between two polls.

        `read` is called in a thread.
        """
        self._read = read
        self._poll_seconds = poll_seconds
        self._news = asyncio.Event()  #: set for those who wait now, then replaced
        self._closed = False
        self.waiting = 0  #: callers that have no answer yet

    async def wait(self, since: int, seconds: float = LONGEST_WAIT) -> Changes:
        """Return the changes after `since`: at once if there are any, else none after `seconds`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(seconds, LONGEST_WAIT)
        self.waiting += 1
        try:
            while True:
                news = self._news  # taken before the read, so that a change during the read is not missed
                changes = await asyncio.to_thread(self._read, since)
                left = deadline - loop.time()
                if changes.last != since or left <= 0 or self._closed:
                    return changes
                await wait_until_set(news, min(self._poll_seconds, left))
        finally:
            self.waiting -= 1

    def wake(self) -> None:
        """Let all waiting callers read at once, since something may have changed."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """Answer all waiting callers, and every later one at once."""
        self._closed = True
        self.wake()
