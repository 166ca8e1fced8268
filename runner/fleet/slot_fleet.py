"""Keep a number of runners on each device: add, end and replace them.

Each runner has a slot (`runner_slot.py`). A process that answers a batch too late is killed, and counts as
dead. A worn out one (`recycling.py`) is replaced as in a restart. Each process also loads the styles that
went live lately, beside its batches.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence

from runner.config import RunnerConfig
from runner.fleet.fleet import FleetSnapshot, NotDelivered, RunnerState
from runner.fleet.launcher import Launcher
from runner.fleet.preloading import Preloader
from runner.fleet.runner_slot import FRESH_BYTES, RunnerSlot, SlotContext
from runner.fleet.runner_states import FleetStates
from runner.protocol.messages import Outcome, Task
from styles.errors import RunnerDied
from styles.service.asyncio_tasks import cancel

log = logging.getLogger(__name__)


class SlotFleet(ABC):
    """Run runner processes; `LocalFleet` and `RayFleet` say where."""

    def __init__(
        self,
        config: RunnerConfig,
        *,
        batch_seconds: float,
        sheet_seconds: float | None,
    ) -> None:
        """`batch_seconds` is the deadline of a batch, and of each slice of a large photo.

        `sheet_seconds` is that of a sheet. They count from when the batch is at the head of its
        runner's line.
        """
        self._config = config
        self._batch_seconds = batch_seconds
        self._sheet_seconds = sheet_seconds or batch_seconds
        #: Processes on each device.
        self.least = config.processes
        self.most = max(config.processes, config.processes_max)
        self._size = config.processes
        self._slots: dict[str, RunnerSlot] = {}
        self._states = FleetStates[RunnerSlot](lambda slot: slot.states(due=slot in self._due))
        self._preloader = Preloader()
        self._context: SlotContext
        self._replacing: asyncio.Task[None] | None = None
        self._due: set[RunnerSlot] = set()  # to be replaced
        self._leaving: dict[RunnerSlot, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()  # slots are replaced or leave
        self._ending = False
        self._tell: Callable[[], None] = lambda: None

    @abstractmethod
    def _devices(self) -> Sequence[str]:
        """Return the devices, each of which has `processes` runners."""

    @abstractmethod
    def _launcher(self, name: str, device: str) -> Launcher:
        """Return the launcher for the processes of a new slot."""

    @abstractmethod
    def _free_memory(self) -> int:
        """Return the bytes that another runner may take."""

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begin to start the processes; their states tell when they are ready."""
        self._tell = changed
        self._context = SlotContext(
            preloader=self._preloader,
            recycle_bytes=self._config.recycle_bytes,
            changed=self._changed,
            worn=self._replace_soon,
        )
        self.resize(self.least)

    def runners(self) -> Sequence[RunnerState]:
        """Return the runners by device and number, with the processes that take over or were replaced."""
        return self._states.all()

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """See `Fleet.run`; if it is cancelled, it also ends the runner, whose work has no use."""
        seconds = self._sheet_seconds if batch[0].sheet else self._batch_seconds
        slot = self._slots.get(runner)
        if slot is None:
            raise NotDelivered(f"{runner} does not exist any more")
        try:
            return await slot.paint(batch, seconds)
        finally:
            self._states.note(slot)  # it has another report, or has ended

    def warm(self, digest: str) -> None:
        """See `Fleet.warm`; only the last few styles are loaded ahead."""
        self._preloader.add(digest)

    def restart(self) -> None:
        """See `Fleet.restart`; if no fresh process starts, the old ones stay, and the log says why."""
        self._due.update(self._slots.values())
        self._changed()
        self._replace_soon()

    def snapshot(self) -> FleetSnapshot:
        """Describe the processes as they are now."""
        slots = list(self._slots.values())
        busy = Counter(slot.device for slot in slots if slot.busy)
        waiting = {slot.name for slot in slots if slot.launcher.waiting}
        placed = [state for state in self.runners() if state.name not in waiting]
        heaviest = max((state.report.memory for state in self.runners()), default=0)
        return FleetSnapshot(
            size=self._size,
            busy=max(busy.values(), default=0),
            start_seconds=max((slot.start_seconds for slot in slots), default=0.0),
            settled=all(state.state in ("ready", "down") for state in placed),
            can_grow=not waiting and self._free_memory() > max(heaviest, FRESH_BYTES),
        )

    def resize(self, size: int) -> None:
        """Begin to have `size` processes on each device; surplus ones first finish their batches.

        Those without a device go first. A fresh process first loads the styles of the others.
        """
        self._size = size
        for device in self._devices():
            slots = [p for p in self._slots.values() if p.device == device and p not in self._leaving]
            for _ in range(len(slots), size):
                self._open(device)
            slots.sort(key=lambda slot: slot.launcher.waiting)  # keeps their order otherwise
            for slot in slots[size:]:
                self._leaving[slot] = asyncio.create_task(self._close(slot))
        self._changed()

    async def shutdown(self) -> None:
        """End all processes; each has some seconds for it."""
        self._ending = True
        await cancel(*self._leaving.values(), *([self._replacing] if self._replacing else ()))
        await asyncio.gather(*[slot.shutdown() for slot in self._slots.values()])
        await asyncio.gather(*[slot.launcher.close() for slot in self._slots.values()])

    def _changed(self) -> None:
        """Tell of a change of a state. They are rare, so all slots are described anew."""
        for slot in self._slots.values():
            self._states.note(slot)
        self._tell()

    def _open(self, device: str) -> None:
        """Add a slot, whose process loads the styles of the others on its device."""
        names = (f"{device}-{number}".replace(":", "-") for number in itertools.count())
        name = next(name for name in names if name not in self._slots)
        beside = [slot for slot in self._slots.values() if slot.device == device]
        slot = self._slots[name] = RunnerSlot(name, device, self._launcher(name, device), self._context)
        slot.startup(frozenset().union(*[other.resident for other in beside]))

    async def _close(self, slot: RunnerSlot) -> None:
        async with self._one_at_a_time:
            await slot.leave()
            await slot.launcher.close()
        del self._slots[slot.name], self._leaving[slot]
        self._states.remove(slot)
        self._due.discard(slot)
        self._changed()

    # One replacement after the other, so that memory for one more process is enough

    def _replace_soon(self, worn: RunnerSlot | None = None) -> None:
        """Begin to replace the due slots, a worn one too, unless that is under way."""
        if worn:
            self._due.add(worn)
        if not self._ending and (self._replacing is None or self._replacing.done()):
            self._replacing = asyncio.create_task(self._replace_due())

    async def _replace_due(self) -> None:
        while due := [s for s in self._slots.values() if s in self._due and s not in self._leaving]:
            slot = due[0]
            try:
                async with self._one_at_a_time:
                    self._due.discard(slot)
                    await slot.replace()
            except (RunnerDied, OSError) as error:
                log.warning("runner %s: no fresh process comes up, so all others stay: %s", slot.name, error)
                self._due.clear()  # the others would fail as well
                self._changed()
