"""The balancer: who is painted when, by which runner, and what happens when one dies.

    Balancer   submit -> queue -> batch -> fleet -> result

A job's way. `submit` refuses what cannot or must not be painted, resolves the styles' names once (retries
keep those versions), and queues. `_pump` runs whenever a photo came, a batch ended or a runner changed: it
gives every idle runner a batch. What a dying runner held is painted once more, alone; if that kills
a runner too the photo is to blame. Nothing here lasts: after a crash, clients submit again by job id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from runner.batching import Queue
from runner.child import NotDelivered
from runner.config import BalancerConfig
from runner.fleet import Fleet, RunnerState
from runner.meter import Meter
from runner.room import Room
from runner.suspects import Suspects, fingerprint
from runner.tasks import Outcome, Painting
from runner.tickets import Key, Ticket
from runner.wanted import Resolver, Wanted, find
from runner.wire import WireError
from styles.contract import ResolvedStyle, StyleJob, StyleResult
from styles.errors import (
    BalancerUnavailable,
    DeadlineExceeded,
    PainterError,
    Permanent,
    RunnerDied,
    Unpaintable,
)

log = logging.getLogger(__name__)

#: Bytes of a photo from which on its fingerprint is worked out in a thread: 1 MiB takes a millisecond.
HASH_ASIDE = 1 << 20


class Balancer:
    """Spreads jobs over a fleet."""

    def __init__(
        self,
        fleet: Fleet,
        resolver: Resolver,
        config: BalancerConfig,
        *,
        suspects: Suspects | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._fleet = fleet
        self._resolver = resolver
        self._config = config
        self._suspects = suspects or Suspects()
        self.meter = meter or Meter()
        self._queue: Queue[Ticket] = Queue()
        self._tickets: dict[Key, Ticket] = {}
        self._in_flight: dict[str, Sequence[Ticket]] = {}  # by runner
        self._painting: set[asyncio.Task[None]] = set()
        #: Who finds a place in the queue.
        self.room = Room(self._queue, config, self.meter)
        self.draining = False

    async def startup(self) -> None:
        """Starts the fleet."""
        await self._fleet.startup(self._runners_changed)
        self.meter.saw(self._fleet.runners())

    @property
    def queued(self) -> int:
        """Photos that wait."""
        return len(self._queue)

    @property
    def in_flight(self) -> int:
        """Photos that are with a runner."""
        return sum(len(batch) for batch in self._in_flight.values())

    @property
    def quarantined(self) -> int:
        """Photos that are not painted any more, having killed their runners."""
        return self._suspects.quarantined

    def held(self, runner: str) -> list[int]:
        """How many photos are in each batch that a runner holds."""
        return [len(self._in_flight[runner])] if runner in self._in_flight else []

    def runners(self) -> Sequence[RunnerState]:
        """The fleet's runners."""
        return self._fleet.runners()

    def warm(self, style: ResolvedStyle) -> None:
        """This version went live: the runners load it before anybody asks for it, or while somebody does."""
        self._fleet.warm(style.digest)

    async def submit(self, job: StyleJob) -> StyleResult:
        """The painted photo. The same job submitted twice is painted once while it is on its way.

        Raises a `PainterError`. A caller that is cancelled takes its queued job along.
        """
        clock = asyncio.get_running_loop().time
        came = clock()
        try:
            ticket = await self._ticket(job)
            result = await self._result(ticket)
        except PainterError as error:
            self.meter.refused(error)
            raise
        self.meter.answered(clock() - came)
        return result

    def receiving(self, sender: str, size: int) -> AbstractContextManager[Callable[[int], None]]:
        """Keeps room for a photo of `size` bytes while the block reads it, see `Room.receiving`."""
        if self.draining:
            raise BalancerUnavailable("it is shutting down")
        return self.room.receiving(sender, size)

    async def drain(self, seconds: float) -> None:
        """Takes no more jobs, gives up what waits, and waits for what is in flight, at most so long."""
        self.draining = True
        for ticket in list(self._queue):
            self._queue.remove(ticket)
            self._settle(ticket, BalancerUnavailable("it is shutting down"))
        if self._painting:
            await asyncio.wait(self._painting, timeout=seconds)

    async def shutdown(self) -> None:
        """Ends everything now; what is still on its way fails."""
        self.draining = True
        for painting in self._painting:
            painting.cancel()
        await asyncio.gather(*self._painting, return_exceptions=True)
        for ticket in list(self._tickets.values()):
            self._settle(ticket, BalancerUnavailable("it is shutting down"))
        await self._fleet.shutdown()

    # From a job to its ticket in the queue

    async def _ticket(self, job: StyleJob) -> Ticket:
        mark = fingerprint(job) if len(job.image) < HASH_ASIDE else await asyncio.to_thread(fingerprint, job)
        identity = (job.id, mark, job.options)
        if identity not in self._tickets:
            self._refuse(mark)
            wanted = await find(job, self._resolver)
            self._refuse(mark)
            if identity not in self._tickets:
                return self._enqueue(job, wanted, mark)
        return self._tickets[identity]

    def _refuse(self, mark: str) -> None:
        if self.draining:
            raise BalancerUnavailable("it is shutting down")
        if self._suspects.is_quarantined(mark):
            raise Unpaintable("it is in quarantine, since it has killed its runners")

    def _enqueue(self, job: StyleJob, wanted: Wanted, mark: str) -> Ticket:
        for ticket in self.room.make(job):
            self._settle(ticket, self.room.busy())
        identity = (job.id, mark, job.options)
        loop = asyncio.get_running_loop()
        ticket = Ticket(
            job=job,
            wanted=wanted,
            alone=self._suspects.is_suspect(mark),
            fingerprint=mark,
            future=loop.create_future(),
            timer=loop.call_later(self._config.deadline_seconds, self._expire, identity),
            since=loop.time(),
        )
        self._tickets[identity] = ticket
        self._queue.add(ticket)
        loop.call_soon(self._pump)  # later in this turn of the loop: who comes at once may share a batch
        return ticket

    # From the ticket to its result

    async def _result(self, ticket: Ticket) -> StyleResult:
        ticket.waiters += 1
        try:
            outcome = await asyncio.shield(ticket.future)
        finally:
            ticket.waiters -= 1
            if not ticket.waiters and self._queue.remove(ticket):
                self._forget(ticket)
        if isinstance(outcome, PainterError):
            raise outcome
        return outcome

    def _settle(self, ticket: Ticket, outcome: StyleResult | PainterError) -> None:
        self._forget(ticket)
        if not ticket.future.done():
            ticket.future.set_result(outcome)

    def _forget(self, ticket: Ticket) -> None:
        ticket.timer.cancel()
        if self._tickets.get(ticket.identity) is ticket:
            del self._tickets[ticket.identity]

    def _expire(self, identity: Key) -> None:
        ticket = self._tickets[identity]
        waiting = self._queue.remove(ticket)
        self._settle(ticket, DeadlineExceeded("in the queue" if waiting else "with a runner"))

    # From the queue to the runners and back

    def _runners_changed(self) -> None:
        self.meter.saw(self._fleet.runners())
        self._pump()

    def _pump(self) -> None:
        """Gives every idle runner a batch, as long as there are photos."""
        idle = [r for r in self._fleet.runners() if r.state == "ready" and r.name not in self._in_flight]
        while idle and not self.draining and (front := self._queue.front()):
            # Preferred is a runner that holds the styles, then one that would have to evict the least.
            digests = front.wanted.digests
            runner = min(idle, key=lambda r: (len(digests - r.report.resident), len(r.report.resident)))
            idle.remove(runner)
            batch = self._queue.take(self._config.batch_pixels)
            self._in_flight[runner.name] = batch
            painting = asyncio.create_task(self._paint(runner, batch))
            self._painting.add(painting)
            painting.add_done_callback(self._painting.discard)

    async def _paint(self, runner: RunnerState, batch: Sequence[Ticket]) -> None:
        """One batch, from the queue to its results."""
        now = asyncio.get_running_loop().time()
        places = batch[0].places(self._config.batch_pixels)
        self.meter.dispatched([now - ticket.since for ticket in batch], places)
        try:
            outcomes = await self._fleet.run(runner.name, [ticket.task() for ticket in batch])
        except Exception as error:  # whatever a fleet raises, nobody may be left waiting
            self._failed(runner.name, batch, error)
        else:
            for ticket, outcome in zip(batch, outcomes, strict=True):
                self._finish(ticket, outcome, runner)
        finally:
            del self._in_flight[runner.name]
        self._pump()

    def _failed(self, runner: str, batch: Sequence[Ticket], error: Exception) -> None:
        """What becomes of a batch that was not answered."""
        match error:
            case NotDelivered():
                log.info("runner %s: %s", runner, error)
                for ticket in batch:
                    self._again(ticket)
            case WireError():
                log.warning("%d photos cannot be sent together: %s", len(batch), error)
                for ticket in batch:
                    self._apart(ticket, error)
            case RunnerDied():
                log.warning("runner %s died with %d photos: %s", runner, len(batch), error.detail)
                for mark in {ticket.fingerprint for ticket in batch}:  # a photo sent twice died once
                    self._suspects.died(mark)
                for ticket in batch:
                    self._mourn(ticket, error)
            case _:
                log.error("runner %s could not be given a batch", runner, exc_info=error)
                for ticket in batch:
                    self._settle(ticket, RunnerDied(repr(error)))

    def _finish(self, ticket: Ticket, outcome: Outcome, runner: RunnerState) -> None:
        if isinstance(outcome, Painting):
            self.meter.finished(outcome.seconds, runner)
            self._settle(ticket, ticket.result(outcome, runner.name))
        else:
            self._settle(ticket, outcome)
        if isinstance(outcome, Painting | Permanent):  # else it has not been tried
            self._suspects.survived(ticket.fingerprint)

    def _mourn(self, ticket: Ticket, error: RunnerDied) -> None:
        """Its runner died with it: once more, alone, unless that was the second time."""
        if self._suspects.is_quarantined(ticket.fingerprint):
            log.warning("a photo is in quarantine, job %s", ticket.job.id)
            self._settle(ticket, Unpaintable(f"it has killed its runners: {error.detail}"))
            return
        ticket.alone = True
        self._again(ticket)

    def _apart(self, ticket: Ticket, error: WireError) -> None:
        """Its batch could not be sent: once more, alone; what cannot be sent even so is given up."""
        if ticket.alone:
            self._settle(ticket, BalancerUnavailable(f"it cannot be sent to a runner: {error}"))
            return
        ticket.alone = True
        self._again(ticket)

    def _again(self, ticket: Ticket) -> None:
        """Back into the queue, if anybody still waits for it."""
        if self.draining:
            self._settle(ticket, BalancerUnavailable("it is shutting down"))
        elif ticket.future.done() or not ticket.waiters:
            self._forget(ticket)
        else:
            ticket.since = asyncio.get_running_loop().time()
            self._queue.add(ticket)
