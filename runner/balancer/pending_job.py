"""A job on its way through the balancer, and what is made of it at either end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Self

from runner.balancer.queue import Waiting
from runner.protocol.messages import Painting, Task
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import PainterError


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
