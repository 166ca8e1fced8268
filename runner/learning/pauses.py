"""Stop the learning processes of a processor while photos are painted on it.

A process that runs only when nothing else wants to still takes the caches and the way to the memory. A
stopped one takes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from runner.fleet.child_process import ChildProcess

#: Most seconds of a pause: where photos are painted all the time, something is learnt between them.
LONGEST_PAUSE = 5.0


class LearningPauses:
    """Hold the processes that learn on the processor, and stop them for a while."""

    def __init__(self) -> None:
        self._processes: set[ChildProcess] = set()
        self._end: asyncio.TimerHandle | None = None

    @contextmanager
    def pausing(self, process: ChildProcess) -> Iterator[None]:
        """Stop a process while a photo is painted, until the block ends."""
        self._processes.add(process)
        if self._end:
            process.pause()
        try:
            yield
        finally:
            self._processes.discard(process)

    def note_painting(self, *, is_painting: bool) -> None:
        """Begin a pause when the first photo comes, and end it when the last one has gone."""
        if is_painting:
            self._end = asyncio.get_running_loop().call_later(LONGEST_PAUSE, self._go_on)
            for process in self._processes:
                process.pause()
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._end:
            self._end.cancel()
            self._end = None
            for process in self._processes:
                process.resume()
