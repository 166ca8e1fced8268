"""The fleet of this machine: runner processes, started, watched, replaced and ended.

    LocalFleet
      .run        a batch to a runner, and its pictures back
      .restart    puts a fresh process in each place, one after the other
      .resize     has more places, or fewer; `runner.fleet.autoscaling` decides
      .shutdown   ends them all

A place for each runner (`runner.fleet.slot`) keeps a process in it. A process that does not answer a batch in
time hangs: it is killed, which is a death. One that is worn out (`runner.fleet.recycling`) is replaced as in
a restart. What went live lately each runner loads ahead, beside its batches.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from runner.config import RunnerConfig
from runner.fleet.autoscaling import Crew
from runner.fleet.devices import devices, threads
from runner.fleet.fleet import NotDelivered, RunnerState
from runner.fleet.preloading import Ahead
from runner.fleet.slot import FRESH_BYTES, Place
from runner.fleet.slot_context import Site
from runner.protocol.messages import Outcome, Task
from styles.errors import RunnerDied
from styles.service.cgroup import free_memory

log = logging.getLogger(__name__)

#: Long side over which a photo takes longer than a batch of the usual ones, pixels. One of 50 megapixels
#: takes up to 30 s on two cores. It is the side asked for: only a runner process opens the photo.
LARGE_SIDE = 2048


class LocalFleet:
    """Runner processes on this machine."""

    def __init__(
        self,
        config: RunnerConfig,
        registry: str,
        *,
        batch_seconds: float,
        large_seconds: float | None = None,
        module: str = "runner.process.process",
    ) -> None:
        """`registry` is its URL, `module` what a process runs.

        `batch_seconds` is the deadline of a batch, `large_seconds` of a sheet, or of one with a size over
        `LARGE_SIDE`; both count from when it is at the head of its runner's line.
        """
        self._config = config
        self._registry = registry
        self._batch_seconds = batch_seconds
        self._large_seconds = large_seconds or batch_seconds
        self._module = module
        #: Processes on each device.
        self.least = config.processes
        self.most = max(config.processes, config.processes_max)
        self._size = config.processes
        self._places: dict[str, Place] = {}
        self._ahead = Ahead()
        self._site: Site
        self._rolling: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()  # is replaced, or leaves
        self._ending = False
        self._sockets: tempfile.TemporaryDirectory[str] | None = None
        self._changed: Callable[[], None] = lambda: None

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begins to start the processes; they are ready when their states say so."""
        self._changed = changed
        self._sockets = tempfile.TemporaryDirectory(prefix="runner-")  # 0700, and a path that is short enough
        self._site = Site(
            sockets=Path(self._sockets.name),
            ahead=self._ahead,
            recycle_bytes=self._config.recycle_bytes,
            changed=changed,
            worn=self._roll,
        )
        for device in devices(self._config.device):
            for _ in range(self.least):
                self._open(device)

    def runners(self) -> list[RunnerState]:
        """All of them, by device and number; what takes over and what was taken over from stand beside."""
        return [state for place in self._places.values() for state in place.states()]

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """See `Fleet.run`; cancelled, it ends the runner too, which would paint for nobody."""
        large = any(task.sheet or task.options.size > LARGE_SIDE for task in batch)
        seconds = self._large_seconds if large else self._batch_seconds
        place = self._places.get(runner)
        if place is None:
            raise NotDelivered(f"{runner} is no more")
        return await place.paint(batch, seconds)

    def warm(self, digest: str) -> None:
        """See `Fleet.warm`; only the last few are loaded ahead."""
        self._ahead.add(digest)

    def restart(self) -> None:
        """See `Fleet.restart`. Where no fresh process comes up, the old ones stay, and the log says why."""
        for place in self._places.values():
            place.due = True
        self._changed()
        self._roll()

    def crew(self) -> Crew:
        """See `Elastic.crew`."""
        places = list(self._places.values())
        busy = Counter(place.device for place in places if place.busy)
        heaviest = max((state.report.memory for state in self.runners()), default=0)
        return Crew(
            size=self._size,
            busy=max(busy.values(), default=0),
            start_seconds=max((place.start_seconds for place in places), default=0.0),
            settled=all(state.state in ("ready", "down") for state in self.runners()),
            room=free_memory() > max(heaviest, FRESH_BYTES),
        )

    def resize(self, size: int) -> None:
        """See `Elastic.resize`; a fresh process first loads what the others hold."""
        self._size = size
        for device in devices(self._config.device):
            places = [p for p in self._places.values() if p.device == device and not p.leaving]
            for _ in range(len(places), size):
                self._open(device)
            for place in places[size:]:
                place.leaving = True
                leaving = asyncio.create_task(self._close(place))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)
        self._changed()

    async def shutdown(self) -> None:
        """Ends all processes, politely for some seconds."""
        self._ending = True
        tasks = [*self._leaving, self._rolling] if self._rolling else list(self._leaving)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*[place.shutdown() for place in self._places.values()])
        if self._sockets is not None:
            self._sockets.cleanup()

    def _open(self, device: str) -> None:
        """A further place, for a process that holds what the others on its device do."""
        names = (f"{device}-{number}".replace(":", "-") for number in itertools.count())
        name = next(name for name in names if name not in self._places)
        beside = [place for place in self._places.values() if place.device == device]
        place = self._places[name] = Place(name, device, partial(self._command, device), self._site)
        place.startup(frozenset().union(*[other.resident for other in beside]))

    async def _close(self, place: Place) -> None:
        async with self._one_at_a_time:
            await place.leave()
        del self._places[place.name]
        self._changed()

    def _command(self, device: str, socket: Path) -> Sequence[str]:
        config = self._config
        arguments = {
            "--socket": socket,
            "--parent": os.getpid(),
            "--device": device,
            "--threads": threads(device, config.processes),
            "--cache": config.cache,
            "--cache-bytes": config.cache_bytes,
            "--cache-disk-bytes": config.cache_disk_bytes,
            "--registry": self._registry,
        }
        command = [sys.executable, "-m", self._module]
        return command + [str(part) for argument in arguments.items() for part in argument]

    # One fresh process after another, so that memory for one more is enough

    def _roll(self) -> None:
        """Replaces what is due, if that is not under way."""
        if not self._ending and (self._rolling is None or self._rolling.done()):
            self._rolling = asyncio.create_task(self._replace_due())

    def _due(self) -> Iterator[Place]:
        while place := next((p for p in self._places.values() if p.due and not p.leaving), None):
            yield place

    async def _replace_due(self) -> None:
        for place in self._due():
            try:
                async with self._one_at_a_time:
                    await place.replace()
            except (RunnerDied, OSError) as error:
                log.warning("runner %s keeps its process, since no fresh one comes up: %s", place.name, error)
                for other in self._places.values():  # they would fare no better
                    other.due = False
