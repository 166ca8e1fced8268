"""Keep one runner of the fleet running: start its processes, restart them after a death, replace them.

During a replacement the fresh process starts and loads the old one's styles while the old one paints. Then
the fresh one takes the slot, and the old one finishes its batches. Without memory for both, the old one
ends first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from runner.fleet.fleet import NotDelivered, RunnerState
from runner.fleet.launcher import Launcher
from runner.fleet.preloading import Preloader
from runner.fleet.recycling import RecyclingPolicy
from runner.fleet.runner_handle import WARM_SECONDS, RunnerHandle
from runner.fleet.slot_state import SlotStatus
from runner.protocol.messages import CREDITS, Outcome, Report, Task
from styles.errors import RunnerDied
from styles.service.asyncio_tasks import cancel
from styles.service.backoff import RestartPauses

log = logging.getLogger(__name__)

#: Seconds before a restart after the second death in a row, and at most. Each further death doubles the
#: pause. After the first death there is none, since it may be an accident.
FIRST_PAUSE, LAST_PAUSE = 0.5, 15.0
#: Seconds of life after which the pauses begin anew. A painted batch has the same effect.
STEADY_SECONDS = 60.0
#: Styles that a process loads before it paints, where the one before it died. More would make photos wait.
MAX_WARM = 8
#: Seconds that a replacement waits for its device. All other replacements wait for it.
DEVICE_SECONDS = 20.0
#: Seconds that a replacement waits for the fresh process if the old one had to end first. Then no other one
#: is replaced, since those would be missing as well. A start takes `WARM_SECONDS` at most.
FRESH_SECONDS = DEVICE_SECONDS + WARM_SECONDS
#: Bytes that a fresh process is expected to need at least: the shipped styles, and one photo.
FRESH_BYTES = 500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotContext:
    """Hold the settings and the hooks that all slots of a fleet share."""

    preloader: Preloader
    recycle_bytes: int  #: resident bytes above which a process is replaced; 0: never
    changed: Callable[[], None]  #: called whenever a state has changed
    worn: Callable[[RunnerSlot], None]  #: called when a slot's process is worn out


class RunnerSlot:
    """Run one runner of the fleet, by one process after another."""

    def __init__(self, name: str, device: str, launcher: Launcher, context: SlotContext) -> None:
        self.name = name
        self.device = device
        #: Seconds that the last start took until the process was warm; 0 before the first.
        self.start_seconds = 0.0
        self.launcher = launcher
        self._context = context
        self._status = SlotStatus(context.changed)
        self._handle: RunnerHandle | None = None  # the process in the slot
        self._recycling = RecyclingPolicy(0)
        self._preloading: asyncio.Task[None] | None = None
        self._old: list[RunnerHandle] = []  # replaced processes that finish their batches
        self._held: Sequence[str] = ()  # styles of the last process that has ended
        self._pauses = RestartPauses(FIRST_PAUSE, LAST_PAUSE, STEADY_SECONDS)
        self._restarts = self._replaced = 0
        self._keeping: asyncio.Task[None] | None = None
        self._watching: dict[RunnerHandle, asyncio.Task[None]] = {}  # every process that has not ended

    @property
    def busy(self) -> bool:
        """Whether the process in the slot holds a batch."""
        return self._handle is not None and self._handle.held > 0

    @property
    def resident(self) -> frozenset[str]:
        """Digests of the styles in the memory of the process."""
        return self._handle.report.resident if self._handle else frozenset()

    def states(self, *, due: bool) -> Iterator[RunnerState]:
        """Describe the process in the slot, and beside it those that take over or were replaced.

        `due`: its replacement is requested.
        """
        handle = self._handle
        yield RunnerState(
            name=self.name,
            device=self.device,
            node=self.launcher.node,
            pid=handle.pid if handle else None,
            state="down" if handle and handle.gone else self._status.state,
            restarts=self._restarts,
            report=handle.report if handle else Report(),
            credits=CREDITS,
            replaced=self._replaced,
            replacing=due or self._status.replacement != "none",
        )
        beside = partial(RunnerState, device=self.device, credits=0)  # they take no batches
        if self._status.replacement == "starting":
            yield beside(name=f"{self.name}-next", state="starting")
        for old in self._old:
            yield beside(name=f"{self.name}-last", state="draining", pid=old.pid, report=old.report)

    async def paint(self, batch: Sequence[Task], seconds: float) -> list[Outcome]:
        """Send a batch to the process in the slot, see `RunnerHandle.paint`."""
        handle = self._handle
        if handle is None or handle.gone or self._status.state != "ready":
            raise NotDelivered(f"{self.name} is {self._status.state}")
        outcomes = await handle.paint(batch, seconds)
        self._pauses.deaths = 0
        replaceable = handle is self._handle and self._status.replacement == "none"
        if replaceable and (why := self._recycling.due(handle.report)):
            log.info("runner %s, pid %d, will be replaced: %s", self.name, handle.pid, why)
            self._context.worn(self)
        return outcomes

    def startup(self, held: Iterable[str] = ()) -> None:
        """Begin to start the first process, which loads the styles `held`."""
        self._held = list(held)
        self._keeping = asyncio.create_task(self._keep())

    async def replace(self) -> None:
        """Put a fresh process in the place of the one in the slot; without one, one is starting anyway.

        Raises `RunnerDied` or OSError if the fresh process does not start in time. The old one then keeps the
        slot, unless there was no memory for both.
        """
        self._status.replacement = "finishing"
        try:
            if self._handle is not None:
                await self._replace(self._handle)
        finally:
            self._status.advance("none")

    async def _replace(self, old: RunnerHandle) -> None:
        if self.launcher.free_memory() < max(old.report.memory, FRESH_BYTES):
            log.info("runner %s ends before a fresh one starts: there is no memory for both", self.name)
            self._status.enter("draining")
            await old.finish()
            try:
                async with asyncio.timeout(FRESH_SECONDS):
                    await self._status.until(lambda: self._status.state == "ready")
            except TimeoutError as error:
                raise RunnerDied(f"none was ready within {FRESH_SECONDS:g} s after the old one") from error
            return
        self._status.advance("starting")
        try:
            fresh = await self._start(old.report.resident, DEVICE_SECONDS)
        finally:
            self._status.advance("finishing")
        if old is not self._handle:  # it died meanwhile, and its successor is as fresh
            await fresh.stop()
            return
        self._old.append(old)
        self._take(fresh)
        await old.finish()
        self._old.remove(old)

    async def leave(self) -> None:
        """Let the process finish its batches, then end it and all others."""
        self._status.enter("draining")
        await self._keep_no_more()
        if self._handle:
            await self._handle.finish()
        await self.shutdown()

    async def shutdown(self) -> None:
        """End all processes of the slot now; each has some seconds for it."""
        await self._keep_no_more()
        watching = list(self._watching.values())
        await asyncio.gather(*[handle.stop() for handle in self._watching], *watching)

    async def _keep_no_more(self) -> None:
        if self._keeping:
            await cancel(self._keeping)

    async def _keep(self) -> None:
        """Start a process, and another one after each end, until cancelled."""
        while True:
            began = time.monotonic()
            try:
                self._status.enter("starting")
                self._take(await self._start(self._held if self._pauses.deaths <= 1 else ()))
                await self._status.until(lambda: self._handle is None)
                ended = self._status.state == "draining"
            except (RunnerDied, OSError) as error:
                log.warning("runner %s: %s", self.name, error)
                ended = False
            if not ended:
                await self._pause(time.monotonic() - began)

    async def _pause(self, lived: float) -> None:
        """Count a death, and wait before the next start."""
        pause = self._pauses.after(lived)
        self._restarts += 1
        self._status.enter("down")
        await asyncio.sleep(pause)

    async def _start(self, held: Iterable[str], seconds: float | None = None) -> RunnerHandle:
        began = time.monotonic()
        handle = await RunnerHandle.start(self.launcher, list(held), seconds)
        self.start_seconds = time.monotonic() - began
        return handle

    def _take(self, handle: RunnerHandle) -> None:
        """Give the slot to a process."""
        if self._handle:
            self._replaced += 1
        if self._preloading:
            self._preloading.cancel()
        self._handle = handle
        self._recycling = RecyclingPolicy(self._context.recycle_bytes)
        loading = self._context.preloader.load(handle, self._context.changed)
        self._preloading = asyncio.create_task(loading)
        self._watching[handle] = asyncio.create_task(self._watch(handle))
        log.info("runner %s is ready, pid %d", self.name, handle.pid)
        self._status.enter("ready")

    async def _watch(self, handle: RunnerHandle) -> None:
        """Wait for the end of a process; vacate the slot if it had the slot."""
        status = await handle.wait()
        level = logging.INFO if handle.stopped else logging.WARNING
        await handle.stop()
        del self._watching[handle]
        if handle is not self._handle:
            return
        if self._status.state != "draining":
            end = "was lost" if status is None else f"ended with exit status {status}"
            log.log(level, "runner %s: pid %d %s", self.name, handle.pid, end)
            self._status.state = "down"
        if self._preloading:
            self._preloading.cancel()
        self._held = sorted(handle.report.resident)[:MAX_WARM]
        self._handle = None
        self._status.wake()
