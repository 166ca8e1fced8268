"""The threads of a runner: one for the engine, and beside it those that decode and encode.

    Pipeline
      .room      a place for a batch; there are two, so that the next one's photos are decoded by the time
                 that the engine is done, and no more pictures are in memory than those of both
      .decode    work on a batch that is to come: several photos at once
      .engine    the engine's, one piece of work after the other
      .encode    work on a batch that was painted
      .in_order  what is encoded sooner than the batch before waits for that
    EngineTurn         a batch's at the engine, in the order of the room: if the engine hangs, the balancer
                       blames
                 the batch that it sent first, so none gets there before it, however soon it is decoded

Pillow works without Python's lock, so all of this goes on at once. Decoding and encoding have threads of
their own: an answer that somebody waits for must not stand behind photos that the engine has no time for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from runner.protocol.messages import CREDITS
from styles.service.cgroup import cores

T = TypeVar("T")

#: More than these would wait for the engine, even a large GPU.
MOST_THREADS = 8


class EngineTurn:
    """A batch's at the engine. It is over when all that the batch wants of the engine was given to it."""

    def __init__(self, before: asyncio.Event) -> None:
        self._before = before
        #: The next one's may come.
        self.over = asyncio.Event()

    async def come(self) -> None:
        """Waits until those of all batches before are over."""
        await self._before.wait()


class Pipeline:
    """Made where there is an event loop, and used from it."""

    def __init__(self, threads: int = 0) -> None:
        """`threads` to decode and as many to encode; 0: one for each core, at most eight."""
        threads = threads or min(MOST_THREADS, cores())
        self._engine = ThreadPoolExecutor(1, "engine")
        self._decode, self._encode = (ThreadPoolExecutor(threads, name) for name in ("decode", "encode"))
        self._places = asyncio.Semaphore(CREDITS)
        self._entering = asyncio.Lock()
        self._inside = 0
        self._turn = asyncio.Event()  # set when the last one is over
        self._turn.set()
        self._last: asyncio.Future[None] | None = None
        #: When the engine was done with a batch last, on the clock of `time.perf_counter`.
        self.free_since = 0.0

    @property
    def only_one(self) -> bool:
        """Whether the room holds one batch at the most: there is nothing to do beside its painting."""
        return self._inside <= 1

    @asynccontextmanager
    async def room(self, *, alone: bool = False) -> AsyncIterator[EngineTurn]:
        """A place while the block lasts, in the order of asking; `alone`: all of them."""
        wanted, taken = CREDITS if alone else 1, 0
        try:
            async with self._entering:  # two that want all places would each wait for the other's
                while taken < wanted:
                    await self._places.acquire()
                    taken += 1
            self._inside += 1
            turn = EngineTurn(self._turn)
            self._turn = turn.over
            try:
                yield turn
            finally:
                turn.over.set()
                self._inside -= 1
        finally:
            for _ in range(taken):
                self._places.release()

    async def decode(self, work: Callable[[], T]) -> T:
        """What `work` gives."""
        return await _in(self._decode, work)

    async def engine(self, work: Callable[[], T], last_of: EngineTurn | None = None) -> T:
        """What `work` gives, once all that was given before is done; with it a turn may be over."""
        done = asyncio.get_running_loop().run_in_executor(self._engine, work)
        if last_of is None:
            return await done
        last_of.over.set()
        try:
            return await done
        finally:
            self.free_since = time.perf_counter()

    async def encode(self, work: Callable[[], T]) -> T:
        """What `work` gives."""
        return await _in(self._encode, work)

    async def in_order(self, work: Awaitable[T]) -> T:
        """What `work` gives, but not before all that came here earlier has given its own, or failed."""
        before, self._last = self._last, asyncio.get_running_loop().create_future()
        mine = self._last
        try:
            done = await work
            if before is not None:
                await asyncio.shield(before)
            return done
        finally:
            mine.set_result(None)


async def _in(threads: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work)
