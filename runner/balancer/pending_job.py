"""A job on its way through the balancer, and what is made of it at either end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from runner.balancer.queue import Queue, Waiting
from runner.protocol.messages import Painting, Task
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, PainterError


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a job the same as one that is on its way."""

    id: str
    style: str
    options: StyleOptions
    image: bytes = field(hash=False)  #: compared and not hashed, which would take longer than all else here

    @classmethod
    def of(cls, job: StyleJob) -> Self:
        """A job's key."""
        return cls(job.id, job.style, job.options, job.image)


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket(Waiting):
    """A job in the queue or in flight. Its future gives a result or an error, and never raises one."""

    identity: Key
    future: asyncio.Future[StyleResult | PainterError]
    timer: asyncio.TimerHandle  #: goes off at the deadline
    since: float  #: in the queue, on the loop's clock
    mark: str = ""  #: its fingerprint, see `runner.balancer.quarantine`, where it was worked out
    waiters: int = 0  #: callers who want the result

    def task(self) -> Task:
        """What a runner is sent."""
        wanted, job = self.wanted, self.job
        return Task(parts=wanted.parts, image=job.image, options=job.options, sheet=wanted.sheet)

    def result(self, painting: Painting, runner: str) -> StyleResult:
        """What the caller is given."""
        return StyleResult(
            job_id=self.job.id,
            image=painting.image,
            format=self.job.options.format,
            style=self.job.style,
            version=self.wanted.version,
            seconds=painting.seconds,
            runner=runner,
            preview=painting.preview,
        )


class Tickets:
    """All jobs on their way, by what makes two of them one; those that wait are in the queue too."""

    def __init__(self, queue: Queue[Ticket]) -> None:
        self._queue = queue
        self._tickets: dict[Key, Ticket] = {}

    def __contains__(self, identity: Key) -> bool:
        return identity in self._tickets

    def __getitem__(self, identity: Key) -> Ticket:
        return self._tickets[identity]

    def __iter__(self) -> Iterator[Ticket]:
        return iter(list(self._tickets.values()))

    def __len__(self) -> int:
        return len(self._tickets)

    def add(self, ticket: Ticket) -> None:
        """A job that waits from now on."""
        self._tickets[ticket.identity] = ticket
        self._queue.add(ticket)

    async def result(self, ticket: Ticket) -> StyleResult:
        """What a job becomes; raises its `PainterError`. With its last caller it leaves the queue."""
        ticket.waiters += 1
        try:
            outcome = await asyncio.shield(ticket.future)
        finally:
            ticket.waiters -= 1
            if not ticket.waiters and self._queue.remove(ticket):
                self.forget(ticket)
        if isinstance(outcome, PainterError):
            raise outcome
        return outcome

    def settle(self, ticket: Ticket, outcome: StyleResult | PainterError) -> None:
        """Ends a job."""
        self.forget(ticket)
        if not ticket.future.done():
            ticket.future.set_result(outcome)

    def give_up(self, ticket: Ticket) -> None:
        """Ends a job that a balancer has no time for any more."""
        self._queue.remove(ticket)
        self.settle(ticket, BalancerUnavailable("it is shutting down"))

    def forget(self, ticket: Ticket) -> None:
        """Nobody waits for a job any more."""
        ticket.timer.cancel()
        if self._tickets.get(ticket.identity) is ticket:
            del self._tickets[ticket.identity]

    def expire(self, identity: Key) -> None:
        """A job is at its deadline."""
        ticket = self._tickets[identity]
        waiting = self._queue.remove(ticket)
        self.settle(ticket, DeadlineExceeded("in the queue" if waiting else "with a runner"))
