"""Run the threads of a runner: one for the engine, others to decode and to encode.

There is space for two batches, so that the next photos are decoded in time, and only the pictures of two are
in memory. Each batch has an `EngineTurn`, in the order of arrival. If the engine hangs, the balancer blames
the batch that it sent first, so no later batch may overtake it.

Pillow releases Python's lock, so all threads work at once. Decoding and encoding have their own threads: an
answer must not wait behind photos that the engine has no time for.

A large photo has neither space nor turn. The engine paints it in slices, and waiting work comes before the
next slice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from runner.protocol.messages import CREDITS
from styles.service.cgroup import cores

T = TypeVar("T")

#: Least and most seconds of a slice of a large photo. In between, it takes as long as the batches before it,
#: so that they do not starve it. Its last strip comes on top: 20 ms on two fast cores, half a second on slow
#: ones. So others lose a second at most.
LEAST_SLICE, MOST_SLICE = 0.25, 0.5
#: Threads for decoding, at most. More photos would wait for the engine, even of a large GPU.
MOST_THREADS = 8


@dataclass(frozen=True, slots=True, eq=False)
class EngineTurn:
    """Hold a batch's turn at the engine; it is over when the engine has all the work of the batch."""

    before: asyncio.Event  #: set when the turns of all batches before are over
    over: asyncio.Event = field(default_factory=asyncio.Event)  #: set when the next batch may have its turn


class Pipeline:
    """Run work in threads; made and used in one event loop."""

    def __init__(self, threads: int = 0) -> None:
        """`threads` to decode and as many to encode; 0: one for each core, at most eight."""
        threads = threads or min(MOST_THREADS, cores())
        self._engine = ThreadPoolExecutor(1, "engine")
        self._decode, self._encode = (ThreadPoolExecutor(threads, name) for name in ("decode", "encode"))
        self._places = asyncio.Semaphore(CREDITS)
        self._large = asyncio.Lock()
        self._entering = asyncio.Lock()
        self._inside = 0
        self._turn = asyncio.Event()  # set when the last turn is over
        self._turn.set()
        self._last: asyncio.Future[None] | None = None
        #: When the engine last finished a batch, on the clock of `time.perf_counter`.
        self.free_since = 0.0

    @property
    def only_one(self) -> bool:
        """Whether there is one batch at most, so that nothing can run beside it."""
        return self._inside <= 1

    @asynccontextmanager
    async def turn(self, *, alone: bool = False) -> AsyncIterator[EngineTurn]:
        """Admit a batch during the block, in the order of asking; `alone`: no other one beside it."""
        needed, taken = CREDITS if alone else 1, 0
        try:
            async with self._entering:  # two that need all places would wait for each other
                while taken < needed:
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

    @property
    def holds_large(self) -> bool:
        """Whether a large photo is being painted."""
        return self._large.locked()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Admit a large photo during the block, one at a time, beside the batches."""
        async with self._large:
            self._inside += 1
            try:
                yield
            finally:
                self._inside -= 1

    async def decode(self, work: Callable[[], T]) -> T:
        """Run `work` in the decode pool and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._decode, work)

    async def engine(self, work: Callable[[], T], last_of: EngineTurn | None = None) -> T:
        """Run `work` in the thread of the engine, in order; `last_of` ends a turn with it."""
        done = asyncio.get_running_loop().run_in_executor(self._engine, work)
        if last_of is None:
            return await done
        last_of.over.set()
        try:
            return await done
        finally:
            self.free_since = time.perf_counter()

    async def slices(self, work: Callable[[float], bool], tell: Callable[[bool], None]) -> None:
        """Run `work` in the engine's thread until it returns True; waiting work has its turn in between.

        `work` is called with the seconds that it may take. `tell` is called with True when the engine begins
        a slice, and with False after it.
        """
        loop = asyncio.get_running_loop()

        def work_on() -> bool:
            loop.call_soon_threadsafe(tell, True)
            return work(min(MOST_SLICE, max(LEAST_SLICE, time.perf_counter() - ended)))

        is_done, ended = False, time.perf_counter()
        while not is_done:
            is_done = await self.engine(work_on)
            tell(False)
            ended = time.perf_counter()

    async def encode(self, work: Callable[[], T]) -> T:
        """Run `work` in the encode pool and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._encode, work)

    async def in_order(self, work: Awaitable[T]) -> T:
        """Await `work`, and return its result after all earlier calls have ended."""
        before, self._last = self._last, asyncio.get_running_loop().create_future()
        mine = self._last
        try:
            done = await work
            if before is not None:
                await asyncio.shield(before)
            return done
        finally:
            mine.set_result(None)
