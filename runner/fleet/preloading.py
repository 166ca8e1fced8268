"""Load styles that went live before the first photo asks for them."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from runner.fleet.fleet import MAX_PRELOADED, MachineLost, NotDelivered
from runner.fleet.runner_handle import WARM_SECONDS, RunnerHandle
from styles.errors import RunnerDied
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)


class Preloader:
    """Have each runner process load the last styles that went live, one process at a time.

    So a style that kills or hangs a process does so to one of them: the others then never load it.
    """

    def __init__(self) -> None:
        self._numbers = BoundedDict[str, int](MAX_PRELOADED)  # by digest, the newest last
        self._count = itertools.count()
        self._news = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def add(self, digest: str) -> None:
        """Note that a style went live, for the first time or again."""
        self._numbers[digest] = next(self._count)
        self._news.set()
        self._news = asyncio.Event()

    async def follow(self) -> AsyncGenerator[str, None]:
        """Yield each style once, the newest first, and then each new one; outdated ones are skipped."""
        given: set[int] = set()
        while True:
            news = self._news
            left = [digest for digest, number in self._numbers.items() if number not in given]
            if left:
                given = {*given.intersection(self._numbers.values()), self._numbers[left[-1]]}
                yield left[-1]
            else:
                await news.wait()

    async def load(self, handle: RunnerHandle, changed: Callable[[], None]) -> None:
        """Load styles into a runner process until the process ends; `changed` is called after each one.

        A process that hangs is killed; a style that kills one is not loaded again.
        """
        async with aclosing(self.follow()) as digests:
            async for digest in digests:
                try:
                    async with self._one_at_a_time:
                        if digest in self._numbers:  # still, after waiting for another process
                            await handle.warm([digest], WARM_SECONDS)
                            changed()
                except (NotDelivered, MachineLost):
                    return
                except RunnerDied as error:
                    # It may be the cause of the death, and must not kill a process that holds photos.
                    self._numbers.pop(digest, None)
                    log.warning("%s is not loaded ahead again: %s", digest, error)
