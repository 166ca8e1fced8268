"""Hold the jobs that are queued or in flight, and settle them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, Self

from runner.balancer.batching import QueuedJob
from runner.balancer.queue import Queue
from runner.config import LONGEST_DEADLINE
from runner.protocol.messages import PaintedPhoto, Task
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, PainterError
from styles.service.bounded_dict import BoundedDict

#: Senders whose last painted photo is remembered; each takes some 200 bytes.
MAX_SENDERS = 10_000


@dataclass(frozen=True, slots=True)
class JobKey:
    """Identify a job: two submissions with one key are one job."""

    id: str
    style: str
    options: StyleOptions
    image: bytes = field(hash=False)  #: compared but not hashed, since hashing is slow

    @classmethod
    def of(cls, job: StyleJob) -> Self:
        """Return the key of a job."""
        return cls(job.id, job.style, job.options, job.image)


@dataclass(slots=True, kw_only=True, eq=False)
class PendingJob(QueuedJob):
    """Hold a job that is queued or in flight."""

    identity: JobKey
    seconds: float  #: until its deadline, counted from `came` or from its sender's last painted photo
    came: float  #: when it was submitted, on the loop's clock
    since: float  #: when it was queued, or queued again
    timer: asyncio.TimerHandle = field(init=False)  #: expires the job at its deadline
    fingerprint: str = ""  #: its fingerprint, see `runner.balancer.quarantine`; "" until computed
    xmp: str = ""  #: packet for its picture
    #: Of each caller that waits; a shared one behind `asyncio.shield` would take another turn of the loop.
    waiters: set[asyncio.Future[StyleResult | PainterError]] = field(default_factory=set)

    def task(self, most_pixels: int | None = None) -> Task:
        """Return the task for a runner, which reduces a large photo to `most_pixels`."""
        plan, job = self.plan, self.job
        return Task(
            parts=plan.parts,
            image=job.image,
            options=job.options,
            sheet=plan.sheet,
            xmp=self.xmp,
            trace=job.trace,
            large=self.large,
            most_pixels=most_pixels if self.large else None,
        )

    def result(self, painting: PaintedPhoto, runner: str) -> StyleResult:
        """Combine the job and its painted photo into the result for the caller."""
        return StyleResult(
            job_id=self.job.id,
            image=painting.image,
            format=self.job.options.format,
            style=self.job.style,
            version=self.plan.version,
            seconds=painting.seconds,
            runner=runner,
            preview=painting.preview,
            reduced_from=painting.reduced_from,
        )


class PaintingWatch(Protocol):
    """Get the news when painting begins, and when nothing is painted any more."""

    def __call__(self, *, is_painting: bool) -> None:
        """Take note of it."""


def unwatched(*, is_painting: bool) -> None:
    """Take no note of it."""


class PendingJobs(dict[JobKey, PendingJob]):
    """Hold all pending jobs by key; those that wait are in the queue too."""

    def __init__(
        self, queue: Queue[PendingJob], watch: PaintingWatch, too_slow: Callable[[PendingJob, float], None]
    ) -> None:
        """Take two functions that are told what happens.

        `watch` is told when the first job comes and when the last one has gone, and `too_slow` of each job
        that reaches its deadline, with the time.
        """
        super().__init__()
        self._queue = queue
        self._watch = watch
        self._too_slow = too_slow
        #: When a photo of each sender was last painted, on the loop's clock.
        self._painted: BoundedDict[str, float] = BoundedDict(MAX_SENDERS)

    def add(self, pending: PendingJob) -> None:
        """Add a job, and queue it."""
        if not self:
            self._watch(is_painting=True)
        self[pending.identity] = pending
        loop = asyncio.get_running_loop()
        pending.timer = loop.call_at(pending.came + pending.seconds, self._expire, pending)
        self._queue.add(pending)

    async def result(self, pending: PendingJob) -> StyleResult:
        """Wait for the result of a job, or raise its `PainterError`.

        If its last caller is cancelled, a queued job is dropped.
        """
        waiter: asyncio.Future[StyleResult | PainterError] = asyncio.get_running_loop().create_future()
        pending.waiters.add(waiter)
        try:
            outcome = await waiter
        finally:
            pending.waiters.discard(waiter)
            if not pending.waiters and self._queue.remove(pending):
                self.forget(pending)
        if isinstance(outcome, PainterError):
            raise outcome
        return outcome

    def by_id(self, id: str) -> PendingJob | None:
        """Return the pending job of that id."""
        return next((pending for pending in self.values() if pending.job.id == id), None)

    def settle(self, pending: PendingJob, outcome: StyleResult | PainterError) -> None:
        """End a job with its result or error."""
        self.forget(pending)
        if isinstance(outcome, StyleResult):
            self._painted[pending.job.sender] = asyncio.get_running_loop().time()
        for waiter in pending.waiters:
            if not waiter.done():  # a caller that is cancelled has yet to leave
                waiter.set_result(outcome)
        pending.waiters.clear()

    def give_up(self, pending: PendingJob) -> None:
        """Fail a job, since the balancer shuts down."""
        self._queue.remove(pending)
        self.settle(pending, BalancerUnavailable("it is shutting down"))

    def retry(self, pending: PendingJob, now: float) -> None:
        """Queue a job again, if a caller still waits for it."""
        if not pending.waiters:  # or it has failed at its deadline
            self.forget(pending)
        else:
            pending.since = now
            self._queue.add(pending)

    def forget(self, pending: PendingJob) -> None:
        """Drop a job without an outcome."""
        pending.timer.cancel()
        if self.get(pending.identity) is pending:
            del self[pending.identity]
            if not self:
                self._watch(is_painting=False)

    def _expire(self, pending: PendingJob) -> None:
        """Fail a job at its deadline, or set it anew if its sender's photos were painted meanwhile.

        A sender with many photos waits for their sum, which is no reason to give up the last ones. The
        deadline of a large photo counts those before it already.
        """
        loop = asyncio.get_running_loop()
        if not pending.large:
            begun = self._painted.get(pending.job.sender, pending.came)
            deadline = min(begun + pending.seconds, pending.came + LONGEST_DEADLINE)
            if deadline > loop.time():
                pending.timer = loop.call_at(deadline, self._expire, pending)
                return
        self._too_slow(pending, loop.time())
        waiting = self._queue.remove(pending)
        self.settle(pending, DeadlineExceeded("in the queue" if waiting else "with a runner"))
