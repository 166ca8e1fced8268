"""Start the processes of one slot on the node where its launcher runs.

A launcher keeps one idle connection to the balancer, and makes another one when a process takes it. So a dead
process or a short cut needs nothing of Ray. If another launcher comes for the slot, the one before is let go:
its process paints until one of the new launcher has taken over.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable

from runner.cluster.idle_connection import IdleConnection
from runner.fleet.runner_connection import RunnerConnection
from styles.errors import RunnerDied
from styles.service.asyncio_tasks import TaskSet, cancel

log = logging.getLogger(__name__)


class RemoteLauncher:
    """Wait for launchers of one slot, and start processes by them."""

    def __init__(self, renewed: Callable[[], None], closed: Callable[[], None]) -> None:
        """`renewed` is called when another launcher has come, `closed` when it is not needed any more."""
        self.node = ""
        self._renewed = renewed
        self._closed = closed
        self._launcher = ""  # the last one that came
        self._past: set[str] = set()  # those before it
        self._idle: IdleConnection | None = None
        self._joined = asyncio.Event()
        self._waiting = 0  # starts without a connection
        self._free = sys.maxsize
        self._watching = TaskSet()

    @property
    def waiting(self) -> bool:
        """Whether a process should start and there is no launcher."""
        return self._waiting > 0

    def join(self, idle: IdleConnection) -> None:
        """Take a connection of a launcher, or refuse it where another one has come since."""
        launcher, before = idle.hello.launcher, self._launcher
        if launcher in self._past:
            idle.refuse("another launcher has come for its runner")
            return
        if self._idle is not None:
            self._idle.refuse("another launcher has come for its runner")
        self._idle, self._launcher = idle, launcher
        self.node, self._free = idle.hello.node, idle.free
        self._watching.start(idle.watch(self._lost))
        self._joined.set()
        if before not in ("", launcher):
            self._past.add(before)
            self._renewed()

    async def start(self, seconds: float | None = None) -> RunnerConnection:
        """Start a process. Raises `RunnerDied`, also without a launcher for `seconds`; None waits."""
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                idle = await self._take()
        except TimeoutError as error:
            raise RunnerDied(f"no launcher came within {seconds:g} s") from error
        finally:
            self._waiting -= 1
        return await idle.start()

    async def _take(self) -> IdleConnection:
        while (idle := self._idle) is None:
            self._joined.clear()
            await self._joined.wait()
        self._idle = None
        return idle

    def free_memory(self) -> int:
        """Return the bytes of memory on the node, as its launcher last said."""
        if self._idle is not None:
            self._free = self._idle.free
        return self._free

    async def close(self) -> None:
        """Send the launcher away, and wait for none any more."""
        self._closed()
        if self._idle is not None:
            self._idle.refuse("its runner is not needed any more")
        await cancel(*self._watching)

    def _lost(self, idle: IdleConnection) -> None:
        if idle is self._idle:
            self._idle = None
