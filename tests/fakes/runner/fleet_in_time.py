"""A fleet whose runners take their time, hold what they are given in a line, and fail on command.

It is meant for the clock of `tests.fakes.clock`. A picture is the digests of its styles and the photo
backwards, so that it tells whose it is. A photo that begins with

    DIE        kills its runner when it is painted
    LOSE       takes the machine of its runner along when it is painted
    HANG       is never done: its runner is ended at its deadline
    SLOW       takes ten times as long
    BAD        is not an image
    FEW        makes its runner answer with an outcome too few
    NONSENSE   makes its runner answer with something that is no outcome
    BUG        makes the fleet itself raise

and `TimedFleet.kill` ends a runner from outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runner.fleet.fleet import MachineLost, NotDelivered, RunnerState
from runner.protocol.messages import Outcome, PaintedPhoto, Report, Task
from styles.contract import ResolvedStyle, painted_side
from styles.errors import NotAnImage, RunnerDied

#: What things take, seconds.
PIXEL = 0.1 / (1 << 20)
ROW, NETWORK, DECODING, RESTART, DEADLINE = 0.005, 2.0, 0.02, 1.0, 10.0
#: Pixels of every large photo, and seconds of a slice of it.
LARGE, SLICE = 100 << 20, 0.25


@dataclass(slots=True, kw_only=True)
class Begun:
    """A batch that a runner began to paint."""

    at: float
    runner: str
    tasks: Sequence[Task]

    @property
    def images(self) -> list[bytes]:
        """Its photos."""
        return [task.image for task in self.tasks]


@dataclass(slots=True, kw_only=True, eq=False)
class _Runner:
    name: str
    engine: asyncio.Lock = field(default_factory=asyncio.Lock)
    dead: asyncio.Future[RunnerDied]
    state: RunnerState
    held: int = 0
    busy: float = 0.0  #: seconds that its engine has worked


class TimedFleet:
    """Runners `r0`, `r1`, … that are up at once. `bases` says on which base each digest stands."""

    def __init__(self, runners: int = 1, *styles: ResolvedStyle, credits: int = 2) -> None:
        self._bases = {style.digest: style.base for style in styles}
        self._changed: Callable[[], None] = lambda: None
        self._restarting: set[asyncio.Task[None]] = set()
        states = [
            RunnerState(
                name=f"r{i}", device="cpu", pid=i, state="ready", restarts=0, report=Report(), credits=credits
            )
            for i in range(runners)
        ]
        loop = asyncio.get_running_loop()
        self._runners = {s.name: _Runner(name=s.name, state=s, dead=loop.create_future()) for s in states}
        self.begun: list[Begun] = []
        self.most_held = 0
        self.deaths = 0

    async def startup(self, changed: Callable[[], None]) -> None:
        """Everything is up already."""
        self._changed = changed

    def runners(self) -> list[RunnerState]:
        """All of them."""
        return [runner.state for runner in self._runners.values()]

    def busy(self) -> float:
        """Seconds that the engines have worked, all together."""
        return sum(runner.busy for runner in self._runners.values())

    def kill(self, name: str, why: str = "killed from outside", error: type[RunnerDied] = RunnerDied) -> None:
        """Ends a runner by an error, and starts it again, without any style."""
        runner = self._runners[name]
        if runner.state.state != "ready":
            return
        self.deaths += 1
        runner.dead.set_result(error(why))
        runner.state = replace(runner.state, state="down", report=Report())
        self._changed()
        restarting = asyncio.create_task(self._restart(runner))
        self._restarting.add(restarting)
        restarting.add_done_callback(self._restarting.discard)

    async def _restart(self, runner: _Runner) -> None:
        await asyncio.sleep(RESTART)
        runner.engine, runner.dead = asyncio.Lock(), asyncio.get_running_loop().create_future()
        runner.state = replace(runner.state, state="ready", restarts=runner.state.restarts + 1)
        self._changed()

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """Decodes, waits for the engine, and paints; all of it ends when the runner does."""
        place = self._runners[runner]
        if place.state.state != "ready":
            raise NotDelivered(f"{runner} is {place.state.state}")
        if any(task.image.startswith(b"BUG") for task in batch):
            raise ZeroDivisionError
        place.held += not batch[0].large
        self.most_held = max(self.most_held, place.held)
        painting = asyncio.create_task(self._paint(place, batch))
        try:
            either: list[asyncio.Future[Any]] = [painting, place.dead]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not painting.done():
                raise place.dead.result()
            return painting.result()
        finally:
            place.held -= not batch[0].large
            painting.cancel()

    async def _paint_large(self, runner: _Runner, task: Task) -> list[Outcome]:
        """Paints slice by slice; the engine is free between two of them."""
        self.begun.append(Begun(at=asyncio.get_running_loop().time(), runner=runner.name, tasks=[task]))
        seconds = PIXEL * min(LARGE, task.most_pixels or LARGE)
        for _ in range(round(seconds / SLICE)):
            async with runner.engine:
                await asyncio.sleep(SLICE)
                if task.image.startswith(b"DIE"):
                    self.kill(runner.name, "told so")
                    await asyncio.Event().wait()
        reduced = (8000, 6000) if task.most_pixels and task.most_pixels < LARGE else None
        painted = replace(_outcome(task, seconds, 0.0), pixels=LARGE, reduced_from=reduced)  # type: ignore[type-var]
        return [painted]

    async def _paint(self, runner: _Runner, batch: Sequence[Task]) -> list[Outcome]:
        if batch[0].large:
            return await self._paint_large(runner, batch[0])
        await asyncio.sleep(DECODING)
        async with runner.engine:
            self.begun.append(Begun(at=asyncio.get_running_loop().time(), runner=runner.name, tasks=batch))
            loading = await self._load(runner, batch)
            seconds = sum(self._seconds(task) for task in batch)
            if any(task.image.startswith(b"HANG") for task in batch):
                seconds = DEADLINE
            await asyncio.sleep(seconds)
            runner.busy += seconds
        if killer := next(
            (task for task in batch if task.image.startswith((b"DIE", b"HANG", b"LOSE"))), None
        ):
            error = MachineLost if killer.image.startswith(b"LOSE") else RunnerDied
            self.kill(runner.name, repr(killer.image[:4]), error)
            await asyncio.Event().wait()
        outcomes: list[Outcome] = [_outcome(task, self._seconds(task), loading) for task in batch]
        if any(task.image.startswith(b"NONSENSE") for task in batch):
            outcomes[0] = "a picture, believe me"  # type: ignore[call-overload]
        return outcomes[1:] if any(task.image.startswith(b"FEW") for task in batch) else outcomes

    async def _load(self, runner: _Runner, batch: Sequence[Task]) -> float:
        began = asyncio.get_running_loop().time()
        resident = runner.state.report.resident
        for digest in sorted(frozenset().union(*[task.digests for task in batch]) - resident):
            has_base = any(self._bases.get(held) == self._bases.get(digest) for held in resident)
            await asyncio.sleep(ROW if has_base else NETWORK)
            resident = resident | {digest}
            report = replace(runner.state.report, resident=resident)
            runner.state = replace(runner.state, report=report)
        return asyncio.get_running_loop().time() - began

    def _seconds(self, task: Task) -> float:
        slow = 10 if task.image.startswith(b"SLOW") else 1
        return slow * PIXEL * painted_side(task.options.size) ** 2 * (len(task.parts) if task.sheet else 1)

    def warm(self, digest: str) -> None:
        """Nobody needs it here."""

    def restart(self) -> None:
        """Nobody needs it here."""

    async def shutdown(self) -> None:
        """Ends the restarts that are under way."""
        for restarting in self._restarting:
            restarting.cancel()
        await asyncio.gather(*self._restarting, return_exceptions=True)


def picture(image: bytes, *digests: str) -> bytes:
    """What a photo looks like in these styles."""
    return ",".join(sorted(digests)).encode() + b"|" + image[::-1]


def _outcome(task: Task, seconds: float, loading: float) -> Outcome:
    if task.image.startswith(b"BAD"):
        return NotAnImage("told so")
    return PaintedPhoto(image=picture(task.image, *task.digests), seconds=seconds, loading=loading)
