"""A slot in the local fleet, which one runner process after another takes.

    RunnerSlot
      .startup   has a process in it from now on: after a death another, with more and more of a pause
      .paint     has a batch painted by the process that has the slot
      .replace   a fresh process takes over, with no gap
      .leave     what is in it finishes what it holds, and ends; nothing follows

A fresh process starts and loads what the old one holds while that goes on painting. Then it has the slot,
and the old one only finishes what it was given. Where there is no memory for both, the old one ends first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Sequence

from runner.fleet.fleet import NotDelivered, RunnerState, State
from runner.fleet.handle import CREDITS, RunnerHandle
from runner.fleet.recycling import RecyclingPolicy
from runner.fleet.slot_context import Command, SlotContext, beside, finish
from runner.protocol.messages import Outcome, Report, Task
from styles.errors import RunnerDied
from styles.service.cgroup import free_memory

log = logging.getLogger(__name__)

#: Pauses before a runner is started again, seconds: the first death is an accident, more are a habit.
BACKOFF = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
#: A runner that lived so long begins again at the first pause, seconds; so does one that has painted.
STEADY_SECONDS = 60.0
#: Styles that a runner loads before it paints where the one before it has died: somebody waits.
MAX_WARM = 8
#: What a fresh process is taken to weigh at the least, bytes: with the shipped styles, and one photo.
FRESH_BYTES = 500_000_000


class RunnerSlot:
    """One of the fleet's runners, whichever process it is just now."""

    def __init__(self, name: str, device: str, command: Command, context: SlotContext) -> None:
        self.name = name
        self.device = device
        self._command = command
        self._context = context
        self._sockets = 0
        self._state: State = "starting"
        self._handle: RunnerHandle | None = None  # who has the slot
        self._recycling = RecyclingPolicy(0)
        self._loading: asyncio.Task[None] | None = None
        self._starting = False  # one who is to take over
        self._replacing = False
        self._old: list[RunnerHandle] = []  # who were taken over from
        self._taken, self._vacant = asyncio.Event(), asyncio.Event()
        self._held: Sequence[str] = ()  # styles of the last process that is gone
        self._deaths = 0  # in a row, without painting
        self._restarts = self._replaced = 0
        self._keeping: asyncio.Task[None] | None = None
        self._watching: dict[RunnerHandle, asyncio.Task[None]] = {}  # all that have not ended
        #: A fresh process is to take over.
        self.due = False
        #: It is to end, and no process follows.
        self.leaving = False
        #: What the last start took until the process was warm, seconds; 0 before the first.
        self.start_seconds = 0.0

    @property
    def busy(self) -> bool:
        """It holds a batch."""
        return self._handle is not None and self._handle.held > 0

    @property
    def resident(self) -> frozenset[str]:
        """Styles that it holds."""
        return self._handle.report.resident if self._handle else frozenset()

    def states(self) -> Iterator[RunnerState]:
        """Its own, and while one takes over from another those of the two processes beside it."""
        handle = self._handle
        yield RunnerState(
            name=self.name,
            device=self.device,
            pid=handle.pid if handle else None,
            state="down" if handle and handle.gone else self._state,
            restarts=self._restarts,
            report=handle.report if handle else Report(),
            credits=CREDITS,
            replaced=self._replaced,
            replacing=self.due or self._replacing,
        )
        if self._starting:
            yield beside(f"{self.name}-next", self.device, "starting", None, Report())
        for old in self._old:
            yield beside(f"{self.name}-last", self.device, "draining", old.pid, old.report)

    async def paint(self, batch: Sequence[Task], seconds: float) -> list[Outcome]:
        """See `RunnerHandle.paint`."""
        handle = self._handle
        if handle is None or handle.gone or self._state != "ready":
            raise NotDelivered(f"{self.name} is {self._state}")
        outcomes = await handle.paint(batch, seconds)
        self._deaths = 0
        worn = handle is self._handle and not self._replacing
        if worn and (why := self._recycling.due(handle.report)):
            log.info("runner %s, pid %d, is to be replaced: %s", self.name, handle.pid, why)
            self.due = True
            self._context.worn()
        return outcomes

    # The life of the processes in it

    def startup(self, held: Iterable[str] = ()) -> None:
        """Begins to start the first process, which is to hold these styles."""
        self._held = list(held)
        self._keeping = asyncio.create_task(self._keep())

    async def replace(self) -> None:
        """Puts a fresh process in the place of the one that has it, if one has.

        Who wants it `due` meanwhile wants another one. Raises `RunnerDied` or OSError where none comes up;
        the old one then has the slot as before.
        """
        self.due, self._replacing = False, True
        try:
            await self._replace()
        finally:
            self._replacing = False
            self._context.changed()

    async def _replace(self) -> None:
        old = self._handle
        if old is None:
            return  # a fresh one is on its way
        if free_memory() < max(old.report.memory, FRESH_BYTES):
            log.info("runner %s ends before a fresh one starts: there is no memory for both", self.name)
            self._taken.clear()
            self._set("draining")
            await finish(old)
            await self._taken.wait()
            return
        fresh = await self._started_beside(old.report.resident)
        if old is not self._handle:  # it died meanwhile, and whoever follows it is as fresh
            await fresh.stop()
            return
        self._old.append(old)
        self._take(fresh)
        await finish(old)
        self._old.remove(old)

    async def leave(self) -> None:
        """Ends what is in it when that has finished what it holds."""
        self._set("draining")
        await self._keep_no_more()
        if self._handle:
            await finish(self._handle)
        await self.shutdown()

    async def shutdown(self) -> None:
        """Ends all that is in it now, politely for some seconds."""
        await self._keep_no_more()
        watching = list(self._watching.values())
        await asyncio.gather(*[handle.stop() for handle in self._watching], *watching)

    async def _keep_no_more(self) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self) -> None:
        """Has a process in the slot, until it is cancelled."""
        while True:
            began = time.monotonic()
            try:
                self._set("starting")
                self._take(await self._started(self._held if self._deaths <= 1 else ()))
                await self._vacant.wait()
                ended = self._state == "draining"
            except (RunnerDied, OSError) as error:
                log.warning("runner %s: %s", self.name, error)
                ended = False
            if not ended:
                await self._mourn(time.monotonic() - began)

    async def _mourn(self, lived: float) -> None:
        if lived > STEADY_SECONDS:
            self._deaths = 0
        pause = BACKOFF[min(self._deaths, len(BACKOFF) - 1)]
        self._deaths += 1
        self._restarts += 1
        self._set("down")
        await asyncio.sleep(pause)

    async def _started(self, held: Iterable[str]) -> RunnerHandle:
        began = time.monotonic()
        self._sockets += 1
        socket = self._context.sockets / f"{self.name}.{self._sockets}"
        handle = await RunnerHandle.start(self._command(socket), socket, list(held))
        self.start_seconds = time.monotonic() - began
        return handle

    async def _started_beside(self, held: Iterable[str]) -> RunnerHandle:
        self._starting = True
        self._context.changed()
        try:
            return await self._started(held)
        finally:
            self._starting = False
            self._context.changed()

    def _take(self, handle: RunnerHandle) -> None:
        """It has the slot from now on."""
        if self._handle:
            self._replaced += 1
        if self._loading:
            self._loading.cancel()
        self._handle = handle
        self._recycling = RecyclingPolicy(self._context.recycle_bytes)
        self._loading = asyncio.create_task(self._context.preloader.load(handle))
        self._vacant.clear()
        self._taken.set()
        self._watching[handle] = asyncio.create_task(self._watch(handle))
        log.info("runner %s is ready, pid %d", self.name, handle.pid)
        self._set("ready")

    async def _watch(self, handle: RunnerHandle) -> None:
        """Waits for the end of a process; if it had the slot, that is vacant then."""
        status = await handle.wait()
        await handle.stop()
        del self._watching[handle]
        if handle is not self._handle:
            return
        if self._state != "draining":
            log.warning("runner %s: pid %d ended with exit status %d", self.name, handle.pid, status)
            self._state = "down"
        if self._loading:
            self._loading.cancel()
        self._held = sorted(handle.report.resident)[:MAX_WARM]
        self._handle = None
        self._taken.clear()
        self._vacant.set()

    def _set(self, state: State) -> None:
        self._state = state
        self._context.changed()
