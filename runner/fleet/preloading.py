"""Styles that went live lately, which runners load before anybody asks for them.

Preloader
  .add      a digest went live
  .load     has one runner process follow, until that is gone
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from runner.fleet.fleet import MAX_PRELOADED, NotDelivered
from runner.fleet.handle import WARM_SECONDS, RunnerHandle
from styles.errors import RunnerDied
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)


class Preloader:
    """The last digests that went live. Each runner process follows them, one process at a time.

    So a style that kills who loads it, or hangs it, does so to one of them: the others then never begin.
    """

    def __init__(self) -> None:
        self._numbers = BoundedDict[str, int](MAX_PRELOADED)  # by digest, the newest last
        self._count = itertools.count()
        self._news = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def add(self, digest: str) -> None:
        """It is live from now on, for the first time or again."""
        self._numbers[digest] = next(self._count)
        self._news.set()
        self._news = asyncio.Event()

    async def follow(self) -> AsyncGenerator[str, None]:
        """Each of them once, the newest first, and then whatever comes. What is overtaken is left out."""
        given: set[int] = set()
        while True:
            news = self._news
            left = [digest for digest, number in self._numbers.items() if number not in given]
            if left:
                given = {*given.intersection(self._numbers.values()), self._numbers[left[-1]]}
                yield left[-1]
            else:
                await news.wait()

    async def load(self, handle: RunnerHandle) -> None:
        """Has a process load them one after the other, until it is gone. One that hangs over it is ended."""
        async with aclosing(self.follow()) as digests:
            async for digest in digests:
                try:
                    async with self._one_at_a_time:
                        if digest in self._numbers:  # still, though another process has loaded it meanwhile
                            await handle.warm([digest], WARM_SECONDS)
                except NotDelivered:
                    return
                except RunnerDied as error:
                    # It may be what killed it, and must not kill the next one, with photos in its hands.
                    self._numbers.pop(digest, None)
                    log.warning("%s is not loaded ahead again: %s", digest, error)
