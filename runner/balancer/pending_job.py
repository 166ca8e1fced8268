"""A job on its way through the balancer, and what is made of it at either end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from runner.balancer.queue import Queue, QueuedJob
from runner.protocol.messages import PaintedPhoto, Task
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, PainterError


@dataclass(frozen=True, slots=True)
class JobKey:
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
class PendingJob(QueuedJob):
    """A job in the queue or in flight. Its future gives a result or an error, and never raises one."""

    identity: JobKey
    future: asyncio.Future[StyleResult | PainterError]
    timer: asyncio.TimerHandle  #: goes off at the deadline
    since: float  #: in the queue, on the loop's clock
    mark: str = ""  #: its fingerprint, see `runner.balancer.quarantine`, where it was worked out
    waiters: int = 0  #: callers who want the result

    def task(self) -> Task:
        """What a runner is sent."""
        plan, job = self.plan, self.job
        return Task(parts=plan.parts, image=job.image, options=job.options, sheet=plan.sheet)

    def result(self, painting: PaintedPhoto, runner: str) -> StyleResult:
        """What the caller is given."""
        return StyleResult(
            job_id=self.job.id,
            image=painting.image,
            format=self.job.options.format,
            style=self.job.style,
            version=self.plan.version,
            seconds=painting.seconds,
            runner=runner,
            preview=painting.preview,
        )


class PendingJobs:
    """All jobs on their way, by what makes two of them one; those that wait are in the queue too."""

    def __init__(self, queue: Queue[PendingJob]) -> None:
        self._queue = queue
        self._pending: dict[JobKey, PendingJob] = {}

    def __contains__(self, identity: JobKey) -> bool:
        return identity in self._pending

    def __getitem__(self, identity: JobKey) -> PendingJob:
        return self._pending[identity]

    def __iter__(self) -> Iterator[PendingJob]:
        return iter(list(self._pending.values()))

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, pending: PendingJob) -> None:
        """A job that waits from now on."""
        self._pending[pending.identity] = pending
        self._queue.add(pending)

    async def result(self, pending: PendingJob) -> StyleResult:
        """What a job becomes; raises its `PainterError`. With its last caller it leaves the queue."""
        pending.waiters += 1
        try:
            outcome = await asyncio.shield(pending.future)
        finally:
            pending.waiters -= 1
            if not pending.waiters and self._queue.remove(pending):
                self.forget(pending)
        if isinstance(outcome, PainterError):
            raise outcome
        return outcome

    def settle(self, pending: PendingJob, outcome: StyleResult | PainterError) -> None:
        """Ends a job."""
        self.forget(pending)
        if not pending.future.done():
            pending.future.set_result(outcome)

    def give_up(self, pending: PendingJob) -> None:
        """Ends a job that a balancer has no time for any more."""
        self._queue.remove(pending)
        self.settle(pending, BalancerUnavailable("it is shutting down"))

    def retry(self, pending: PendingJob, now: float) -> None:
        """Back into the queue, if anybody still waits for it."""
        if pending.future.done() or not pending.waiters:
            self.forget(pending)
        else:
            pending.since = now
            self._queue.add(pending)

    def forget(self, pending: PendingJob) -> None:
        """Nobody waits for a job any more."""
        pending.timer.cancel()
        if self._pending.get(pending.identity) is pending:
            del self._pending[pending.identity]

    def expire(self, identity: JobKey) -> None:
        """A job is at its deadline."""
        pending = self._pending[identity]
        waiting = self._queue.remove(pending)
        self.settle(pending, DeadlineExceeded("in the queue" if waiting else "with a runner"))
