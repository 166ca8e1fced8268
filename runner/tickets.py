"""A job on its way through the balancer, and what is made of it at either end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from runner.batching import Waiting
from runner.tasks import Painting, Task
from styles.contract import StyleResult
from styles.errors import PainterError

#: What makes a job the same as one that is on its way: its id, its content and its options.
Key = tuple[str, str, object]


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket(Waiting):
    """A job in the queue or in flight. Its future gives a result or an error, and never raises one."""

    fingerprint: str  #: of photo and style, see `runner.suspects`
    future: asyncio.Future[StyleResult | PainterError]
    timer: asyncio.TimerHandle  #: goes off at the deadline
    since: float  #: in the queue, on the loop's clock
    waiters: int = 0  #: callers who want the result

    @property
    def identity(self) -> Key:
        """See `Key`."""
        return self.job.id, self.fingerprint, self.job.options

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
