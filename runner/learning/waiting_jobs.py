"""Hold the jobs that wait to be learnt, in the order of their turns.

Next is a job that was begun, or else that of the person with the fewest paintings today.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from runner.learning.job import LearningJob


class WaitingJobs:
    """Hold the jobs that wait."""

    def __init__(self, count: Callable[[str], int]) -> None:
        """`count` says how many paintings of a person count today."""
        self._count = count
        self._jobs: list[LearningJob] = []
        self._arrived = asyncio.Event()
        #: Jobs whose pictures are to be looked at before their turn comes.
        self.unseen: asyncio.Queue[LearningJob] = asyncio.Queue()

    def __len__(self) -> int:
        return len(self._jobs)

    def put(self, job: LearningJob) -> None:
        """Have a job wait."""
        job.record.state = "queued"
        self._jobs.append(job)
        self._arrived.set()  # first, so that a device that is free begins at once, and looks by itself
        self.unseen.put_nowait(job)
        job.changed()

    async def next(self) -> LearningJob:
        """Return the job whose turn it is, as soon as there is one. It is running then."""
        while not self._jobs:
            self._arrived.clear()
            await self._arrived.wait()
        job = self._in_turn()[0]
        self._jobs.remove(job)
        job.record.state = "running"
        job.changed()
        return job

    def take_out(self, job: LearningJob) -> bool:
        """Have a job wait no more; return whether it did."""
        if job not in self._jobs:
            return False
        self._jobs.remove(job)
        return True

    def position(self, job: LearningJob) -> int | None:
        """Return how many jobs come before one, None for a job that does not wait."""
        return self._in_turn().index(job) if job in self._jobs else None

    def before(self, job: LearningJob) -> Sequence[LearningJob]:
        """Return the jobs that come before one: all of them if it does not wait itself."""
        return self._in_turn()[: self.position(job)]

    def _in_turn(self) -> Sequence[LearningJob]:
        return sorted(
            self._jobs, key=lambda job: (not job.record.worked, self._count(job.record.order.owner))
        )
