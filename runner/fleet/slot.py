"""A place in the local fleet, which one runner process after another takes.

    Place
      .startup   has a process in it from now on: after a death another, with more and more of a pause
      .paint     has a batch painted by the process that has the place
      .replace   a fresh process takes over, with no gap
      .leave     what is in it finishes what it holds, and ends; nothing follows

A fresh process starts and loads what the old one holds while that goes on painting. Then it has the place,
and the old one only finishes what it was given. Where there is no memory for both, the old one ends first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Sequence

from runner.fleet.fleet import NotDelivered, RunnerState, State
from runner.fleet.handle import CREDITS, Painter
from runner.fleet.recycling import Wear
from runner.fleet.slot_context import Command, Site, beside, finish
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


class Place:
    """One of the fleet's runners, whichever process it is just now."""

    def __init__(self, name: str, device: str, command: Command, site: Site) -> None:
        self.name = name
        self.device = device
        self._command = command
        self._site = site
        self._sockets = 0
        self._state: State = "starting"
        self._painter: Painter | None = None  # who has the place
        self._wear = Wear(0)
        self._loading: asyncio.Task[None] | None = None
        self._starting = False  # one who is to take over
        self._replacing = False
        self._old: list[Painter] = []  # who were taken over from
        self._taken, self._vacant = asyncio.Event(), asyncio.Event()
        self._held: Sequence[str] = ()  # styles of the last process that is gone
        self._deaths = 0  # in a row, without painting
        self._restarts = self._replaced = 0
        self._keeping: asyncio.Task[None] | None = None
        self._watching: dict[Painter, asyncio.Task[None]] = {}  # all that have not ended
        #: A fresh process is to take over.
        self.due = False
        #: It is to end, and no process follows.
        self.leaving = False
        #: What the last start took until the process was warm, seconds; 0 before the first.
        self.start_seconds = 0.0

    @property
    def busy(self) -> bool:
        """It holds a batch."""
        return self._painter is not None and self._painter.held > 0

    @property
    def resident(self) -> frozenset[str]:
        """Styles that it holds."""
        return self._painter.report.resident if self._painter else frozenset()

    def states(self) -> Iterator[RunnerState]:
        """Its own, and while one takes over from another those of the two processes beside it."""
        painter = self._painter
        yield RunnerState(
            name=self.name,
            device=self.device,
            pid=painter.pid if painter else None,
            state="down" if painter and painter.gone else self._state,
            restarts=self._restarts,
            report=painter.report if painter else Report(),
            credits=CREDITS,
            replaced=self._replaced,
            replacing=self.due or self._replacing,
        )
        if self._starting:
            yield beside(f"{self.name}-next", self.device, "starting", None, Report())
        for old in self._old:
            yield beside(f"{self.name}-last", self.device, "draining", old.pid, old.report)

    async def paint(self, batch: Sequence[Task], seconds: float) -> list[Outcome]:
        """See `Painter.paint`."""
        painter = self._painter
        if painter is None or painter.gone or self._state != "ready":
            raise NotDelivered(f"{self.name} is {self._state}")
        outcomes = await painter.paint(batch, seconds)
        self._deaths = 0
        worn = painter is self._painter and not self._replacing
        if worn and (why := self._wear.due(painter.report)):
            log.info("runner %s, pid %d, is to be replaced: %s", self.name, painter.pid, why)
            self.due = True
            self._site.worn()
        return outcomes

    # The life of the processes in it

    def startup(self, held: Iterable[str] = ()) -> None:
        """Begins to start the first process, which is to hold these styles."""
        self._held = list(held)
        self._keeping = asyncio.create_task(self._keep())

    async def replace(self) -> None:
        """Puts a fresh process in the place of the one that has it, if one has.

        Who wants it `due` meanwhile wants another one. Raises `RunnerDied` or OSError where none comes up;
        the old one then has the place as before.
        """
        self.due, self._replacing = False, True
        try:
            await self._replace()
        finally:
            self._replacing = False
            self._site.changed()

    async def _replace(self) -> None:
        old = self._painter
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
        if old is not self._painter:  # it died meanwhile, and whoever follows it is as fresh
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
        if self._painter:
            await finish(self._painter)
        await self.shutdown()

    async def shutdown(self) -> None:
        """Ends all that is in it now, politely for some seconds."""
        await self._keep_no_more()
        watching = list(self._watching.values())
        await asyncio.gather(*[painter.stop() for painter in self._watching], *watching)

    async def _keep_no_more(self) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self) -> None:
        """Has a process in the place, until it is cancelled."""
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

    async def _started(self, held: Iterable[str]) -> Painter:
        began = time.monotonic()
        self._sockets += 1
        socket = self._site.sockets / f"{self.name}.{self._sockets}"
        painter = await Painter.start(self._command(socket), socket, list(held))
        self.start_seconds = time.monotonic() - began
        return painter

    async def _started_beside(self, held: Iterable[str]) -> Painter:
        self._starting = True
        self._site.changed()
        try:
            return await self._started(held)
        finally:
            self._starting = False
            self._site.changed()

    def _take(self, painter: Painter) -> None:
        """It has the place from now on."""
        if self._painter:
            self._replaced += 1
        if self._loading:
            self._loading.cancel()
        self._painter = painter
        self._wear = Wear(self._site.recycle_bytes)
        self._loading = asyncio.create_task(self._site.ahead.load(painter))
        self._vacant.clear()
        self._taken.set()
        self._watching[painter] = asyncio.create_task(self._watch(painter))
        log.info("runner %s is ready, pid %d", self.name, painter.pid)
        self._set("ready")

    async def _watch(self, painter: Painter) -> None:
        """Waits for the end of a process; if it had the place, that is vacant then."""
        status = await painter.wait()
        await painter.stop()
        del self._watching[painter]
        if painter is not self._painter:
            return
        if self._state != "draining":
            log.warning("runner %s: pid %d ended with exit status %d", self.name, painter.pid, status)
            self._state = "down"
        if self._loading:
            self._loading.cancel()
        self._held = sorted(painter.report.resident)[:MAX_WARM]
        self._painter = None
        self._taken.clear()
        self._vacant.set()

    def _set(self, state: State) -> None:
        self._state = state
        self._site.changed()
