"""Stop the learning processes of a processor while photos are painted on it.

A process that runs only when nothing else wants to still takes the caches and the way to the memory. A
stopped one takes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from runner.fleet.child_process import ChildProcess

#: Most seconds of pauses, after which a process may run for as long. So something is learnt where photos are
#: painted all the time, and it is not taken for dead.
TURN = 5.0


class LearningPauses:
    """Hold the processes that learn on the processor, and stop them for a while."""

    def __init__(self) -> None:
        self._processes: set[ChildProcess] = set()
        self._is_painting = self._is_paused = False
        self._timer: asyncio.TimerHandle | None = None
        #: Seconds of pauses that are left of this turn, and when the last pause began or ended.
        self._left, self._since = TURN, -TURN

    @contextmanager
    def pausable(self, process: ChildProcess) -> Iterator[None]:
        """Let a process be stopped while a photo is painted, until the block ends."""
        self._processes.add(process)
        if self._is_paused:
            process.pause()
        try:
            yield
        finally:
            self._processes.discard(process)

    def note_painting(self, *, is_painting: bool) -> None:
        """Begin a pause when the first photo comes, and end it when the last one has gone."""
        self._is_painting = is_painting
        if is_painting:
            self._pause()
        else:
            self._resume()

    def _pause(self) -> None:
        """Stop the processes until their turn comes; during it, when it is over."""
        if self._is_paused or not self._is_painting:
            return
        loop = asyncio.get_running_loop()
        ran = loop.time() - self._since
        if ran >= TURN:
            self._left = TURN
        if self._left <= 0:
            self._set_timer(loop.call_later(TURN - ran, self._pause))
            return
        self._is_paused, self._since = True, loop.time()
        self._set_timer(loop.call_later(self._left, self._resume))
        for process in self._processes:
            process.pause()

    def _resume(self) -> None:
        """Let the processes go on, and stop them again after their turn if photos are painted still."""
        self._set_timer(None)
        if self._is_paused:
            now = asyncio.get_running_loop().time()
            self._left -= now - self._since
            self._is_paused, self._since = False, now
            for process in self._processes:
                process.resume()
        self._pause()

    def _set_timer(self, timer: asyncio.TimerHandle | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = timer
