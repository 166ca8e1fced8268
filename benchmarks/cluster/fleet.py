"""Run simulated runners on a virtual clock: they take time, hold styles, and die on command.

A runner paints its batches one after the other, and decodes the next one while it paints. Every estimate is
wrong by some percent. A large photo takes slices between the batches.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runner.fleet.fleet import MachineLost, NotDelivered, RunnerState
from runner.fleet.runner_states import FleetStates
from runner.protocol.messages import CREDITS, Outcome, PaintedPhoto, Report, Task
from styles.contract import painted_side


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSpeed:
    """Hold what things take on a simulated device, seconds."""

    pixel: float = 0.008 / (1 << 20)  #: to paint one; see docs/growing.md
    fixed: float = 0.002  #: a batch, however small
    decoding: float = 0.005  #: before an idle runner begins
    row: float = 0.02  #: to load a style whose base is there
    network: float = 0.2  #: to load a network
    slice: float = 0.25  #: of a large photo, between two batches
    large: float = 2.5  #: a pixel in strips, as a multiple of `pixel`
    noise: float = 0.1  #: standard deviation of a batch's time, as a share
    styles: int = 64  #: that fit into memory


@dataclass(slots=True, kw_only=True, eq=False)
class SimulatedRunner:
    """Hold one simulated runner."""

    state: RunnerState
    resident: OrderedDict[str, None] = field(default_factory=OrderedDict)  #: the last used at the end
    free: float = 0.0  #: when it will have painted what it holds
    busy: float = 0.0  #: seconds that it has worked
    large: int = 0  #: large photos that it holds
    #: What it has been given and has not answered, in order.
    waiting: dict[asyncio.Future[None], None] = field(default_factory=dict)


class SimulatedFleet:
    """Run runners `r0`, `r1`, …, which are up at once."""

    def __init__(
        self, runners: int, bases: Mapping[str, str], speed: RunnerSpeed, dice: random.Random
    ) -> None:
        """`bases`: digest of the base of each style by its digest."""
        self._bases, self._speed, self._dice = bases, speed, dice
        self._runners: dict[str, SimulatedRunner] = {}
        self._states: FleetStates[str] = FleetStates(lambda name: (self._runners[name].state,))
        self._changed: Callable[[], None] = lambda: None
        self.deaths = 0
        self.add([f"r{number}" for number in range(runners)])

    async def startup(self, changed: Callable[[], None]) -> None:
        """See `Fleet`."""
        self._changed = changed

    def runners(self) -> Sequence[RunnerState]:
        """See `Fleet`."""
        return self._states.all()

    @property
    def busy(self) -> float:
        """Seconds that all runners have worked."""
        return sum(runner.busy for runner in self._runners.values())

    def add(self, names: Iterable[str]) -> None:
        """Add runners, without any style; a name that is there already is up again."""
        for name in names:
            state = RunnerState(name=name, device="cuda", state="ready", credits=CREDITS)
            self._runners[name] = SimulatedRunner(state=state)
            self._states.note(name)
        self._changed()

    def kill(self, names: Iterable[str]) -> None:
        """End runners at once, as when a node dies."""
        for runner in [self._runners[name] for name in names]:
            if runner.state.state == "down":
                continue
            self.deaths += 1
            self._set(runner, replace(runner.state, state="down", report=Report()))
            for waiter in list(runner.waiting):
                if not waiter.done():
                    waiter.set_exception(MachineLost("its node died"))
        self._changed()

    def drain(self, names: Iterable[str]) -> None:
        """Give runners no more batches, as before a spot machine leaves."""
        for runner in [self._runners[name] for name in names]:
            if runner.state.state == "ready":
                self._set(runner, replace(runner.state, state="draining"))
        self._changed()

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """See `Fleet`."""
        loop, painter = asyncio.get_running_loop(), self._runners[runner]
        if painter.state.state != "ready":
            raise NotDelivered(f"{runner} is {painter.state.state}")
        now, speed = loop.time(), self._speed
        began = max(now + speed.decoding, painter.free)
        loading = self._load(painter, batch)
        noise = self._dice.lognormvariate(0.0, speed.noise)
        seconds = noise * sum(self._seconds(task) for task in batch)
        waiter: asyncio.Future[None] = loop.create_future()
        painter.waiting[waiter] = None
        if batch[0].large:
            painter.large += 1
            painter.free = began + speed.slice
            end = began + seconds * (1 + min(1.0, (painter.free - now) / speed.slice))
        else:
            painter.free = end = began + loading + speed.fixed + seconds + speed.slice * painter.large / 2
        painter.busy += loading + speed.fixed + seconds
        timer = loop.call_at(end, _wake, waiter)
        try:
            await waiter
        finally:
            timer.cancel()
            painter.waiting.pop(waiter, None)
            painter.large -= batch[0].large
        if frozenset(painter.resident) != painter.state.report.resident:
            report = Report(resident=frozenset(painter.resident))
            self._set(painter, replace(painter.state, report=report))
        share = (seconds + speed.fixed) / len(batch)
        pixels = round(share / (speed.pixel * speed.large)) if batch[0].large else 0
        return [PaintedPhoto(image=b"", seconds=share, loading=loading, pixels=pixels) for _ in batch]

    def warm(self, digest: str) -> None:
        """Do nothing: no style goes live in a simulation."""

    def restart(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""

    def _set(self, runner: SimulatedRunner, state: RunnerState) -> None:
        runner.state = state
        self._states.note(state.name)

    def _seconds(self, task: Task) -> float:
        """Return the seconds to paint a task; photos are three quarters of a square."""
        speed = self._speed
        pixels = 0.75 * painted_side(task.options.size) ** 2
        if task.large:
            return speed.large * speed.pixel * min(pixels, task.most_pixels or pixels)
        return speed.pixel * pixels * (len(task.parts) if task.sheet else 1)

    def _load(self, runner: SimulatedRunner, batch: Sequence[Task]) -> float:
        """Load what is missing; return the seconds that it takes."""
        digests = {digest for task in batch for digest in task.digests}
        seconds = 0.0
        held = {self._bases[digest] for digest in runner.resident}
        for digest in sorted(digests):
            if digest not in runner.resident:
                seconds += self._speed.row if self._bases[digest] in held else self._speed.network
                held.add(self._bases[digest])
            runner.resident[digest] = None
            runner.resident.move_to_end(digest)
        while len(runner.resident) > max(self._speed.styles, len(digests)):
            runner.resident.popitem(last=False)
        return seconds


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
