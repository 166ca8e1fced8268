"""Fleets: what carries a formed batch to a runner and its pictures back.

    RunnerState   one runner as the balancer sees it
    Fleet         the protocol; a fleet decides nothing about jobs
    LocalFleet    runner processes on this machine, started, watched, restarted and ended

A runner that dies is started again at once, and after more and more of a pause if it goes on dying
without having painted. One that does not answer a batch in time hangs: it is killed, which is a death.
What went live lately each runner loads ahead, beside its batches; one that is only starting does so then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from runner.ahead import Ahead
from runner.child import Child, NotDelivered
from runner.config import RunnerConfig
from runner.devices import devices, threads
from runner.tasks import Outcome, Report, Task, batch_to_frame, frame_to_outcomes, report_from_json
from runner.wire import Frame, WireError
from styles.errors import RunnerDied

log = logging.getLogger(__name__)

State = Literal["starting", "ready", "busy", "down"]

#: Pauses before a runner is started again, seconds: the first death is an accident, more are a habit.
BACKOFF = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
#: A runner that lived so long begins again at the first pause, seconds; so does one that has painted.
STEADY_SECONDS = 60.0
#: Long side over which a photo takes longer than a batch of the usual ones, pixels. One of 50 megapixels
#: takes up to 30 s on two cores. It is the side asked for: only a runner process opens the photo.
LARGE_SIDE = 2048
#: Readying the engine and the styles that the last process held, seconds. It is some tenths as a rule.
WARM_SECONDS = 120.0
#: Styles that a restarted runner loads before it paints.
MAX_WARM = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerState:
    """One runner just now."""

    name: str
    device: str
    pid: int | None  #: None while it is down, or where the fleet knows no processes
    state: State
    restarts: int
    report: Report
    credits: int = 1  #: batches that it may hold at once: one is painted, of others the photos are decoded


class Fleet(Protocol):
    """Runners, wherever they are. A fleet for another engine is some tens of lines."""

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begins to start the runners; `changed` is called whenever a state has changed."""

    def runners(self) -> Sequence[RunnerState]:
        """All of them, in an order that stays."""

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """One outcome a task.

        Raises `RunnerDied` if the runner did not live to answer in time, `NotDelivered` if it was gone
        before, so that no photo is to blame, and `WireError` for a batch that cannot be sent at all; the
        runner is as it was then.
        """

    def warm(self, digest: str) -> None:
        """A style went live: the runners load it ahead when they can. Nothing comes of it if they cannot."""

    async def shutdown(self) -> None:
        """Ends the runners, whatever they are doing."""


@dataclass(slots=True, kw_only=True)
class _Slot:
    """A place in the fleet, which one process after another takes."""

    name: str
    device: str
    command: Sequence[str]
    socket: Path
    child: Child | None = None
    state: State = "starting"
    restarts: int = 0
    deaths: int = 0  #: in a row, without painting
    report: Report = field(default_factory=Report)

    def told(self, report: Report) -> None:
        """What the process says of itself."""
        self.report = report

    def snapshot(self) -> RunnerState:
        """Its state as a value."""
        return RunnerState(
            name=self.name,
            device=self.device,
            pid=self.child.pid if self.child else None,
            state="down" if self.child and self.child.gone else self.state,
            restarts=self.restarts,
            report=self.report,
        )


class LocalFleet:
    """Runner processes on this machine."""

    def __init__(
        self,
        config: RunnerConfig,
        registry: str,
        *,
        batch_seconds: float,
        large_seconds: float | None = None,
        module: str = "runner.process",
    ) -> None:
        """`registry` is its URL, `module` what a process runs.

        `batch_seconds` is the deadline of a batch, `large_seconds` of a sheet, or of one with a size over
        `LARGE_SIDE`.
        """
        self._config = config
        self._registry = registry
        self._batch_seconds = batch_seconds
        self._large_seconds = large_seconds or batch_seconds
        self._module = module
        self._slots: dict[str, _Slot] = {}
        self._ahead = Ahead()
        self._watching: list[asyncio.Task[None]] = []
        self._sockets: tempfile.TemporaryDirectory[str] | None = None
        self._changed: Callable[[], None] = lambda: None

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begins to start the processes; they are ready when their states say so."""
        self._changed = changed
        self._sockets = tempfile.TemporaryDirectory(prefix="runner-")  # 0700, and a path that is short enough
        for device in devices(self._config.device):
            for number in range(self._config.processes):
                slot = self._slot(device, number, Path(self._sockets.name))
                self._slots[slot.name] = slot
        self._watching = [asyncio.create_task(self._watch(slot)) for slot in self._slots.values()]

    def runners(self) -> list[RunnerState]:
        """All of them, by device and number."""
        return [slot.snapshot() for slot in self._slots.values()]

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """See `Fleet.run`; cancelled, it ends the runner too, which would paint for nobody."""
        slot = self._slots[runner]
        child = slot.child
        if child is None or slot.state != "ready":
            raise NotDelivered(f"{runner} is {slot.state}")
        large = any(task.sheet or task.options.size > LARGE_SIDE for task in batch)
        seconds = self._large_seconds if large else self._batch_seconds
        answering = child.ask(batch_to_frame(batch), seconds)  # may raise, so before "busy"
        slot.state = "busy"
        try:
            answer = await answering
            outcomes = frame_to_outcomes(answer, len(batch))
            slot.report = report_from_json(answer.header.get("report"))
        except BaseException as error:
            slot.state = "down"
            child.kill()
            if isinstance(error, WireError):
                raise RunnerDied(f"{runner} answered nonsense: {error}") from error
            raise
        slot.state = "ready"
        slot.deaths = 0
        return outcomes

    def warm(self, digest: str) -> None:
        """See `Fleet.warm`; only the last few are loaded ahead."""
        self._ahead.add(digest)

    async def shutdown(self) -> None:
        """Ends all processes, politely for some seconds."""
        for watching in self._watching:
            watching.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        if self._sockets is not None:
            self._sockets.cleanup()

    def _slot(self, device: str, number: int, sockets: Path) -> _Slot:
        name = f"{device}-{number}".replace(":", "-")
        socket = sockets / name
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
        command += [str(part) for argument in arguments.items() for part in argument]
        return _Slot(name=name, device=device, command=command, socket=socket)

    async def _watch(self, slot: _Slot) -> None:
        """Keeps a process in the slot until cancelled."""
        while True:
            started = time.monotonic()
            try:
                await self._live(slot)
            except (RunnerDied, OSError, WireError) as error:
                log.warning("runner %s: %s", slot.name, error)
            if time.monotonic() - started > STEADY_SECONDS:
                slot.deaths = 0
            pause = BACKOFF[min(slot.deaths, len(BACKOFF) - 1)]
            slot.deaths += 1
            slot.restarts += 1
            self._set(slot, "down")
            await asyncio.sleep(pause)

    async def _live(self, slot: _Slot) -> None:
        """One process's life. Raises `RunnerDied` at its end."""
        held = sorted(slot.report.resident)[:MAX_WARM] if slot.deaths <= 1 else []
        slot.report = Report()
        self._set(slot, "starting")
        child = await Child.start(slot.command, slot.socket)
        slot.child = child
        try:
            answer = await child.ask(Frame({"op": "warm", "digests": held}), WARM_SECONDS)
            slot.report = report_from_json(answer.header.get("report"))
            log.info("runner %s is ready, pid %d", slot.name, child.pid)
            self._set(slot, "ready")
            loading = asyncio.create_task(self._ahead.load(child, slot.told))
            try:
                raise RunnerDied(f"pid {child.pid} ended with exit status {await child.wait()}")
            finally:
                loading.cancel()
        finally:
            slot.child, slot.state = None, "down"
            await child.stop()

    def _set(self, slot: _Slot, state: State) -> None:
        slot.state = state
        self._changed()
