"""Look at the pictures that wait, so that one that teaches nothing is refused before its turn comes.

A job may wait for an hour, and its picture is looked through within seconds. Reduced, it is kept to be shown
meanwhile. Only a certain refusal ends a job: where a process died or was slow, the job's own attempts decide.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from runner.learning.corners import CornersFinder
from runner.learning.job import LearningJob
from runner.learning.job_store import LearningStore
from runner.learning.messages import FoundCorners
from runner.learning.waiting_jobs import WaitingJobs
from styles.canvas.quadrilateral import Corner
from styles.errors import NotAnImage, PainterError, Permanent, RunnerDied
from styles.learning_errors import LearningQueueFull

log = logging.getLogger(__name__)

#: Ends a job that waits by what was seen of its picture.
Refuse = Callable[[LearningJob, PainterError], Awaitable[None]]


class EarlyRefusals:
    """Look at the picture of each job that waits, one at a time."""

    def __init__(
        self, waiting: WaitingJobs, store: LearningStore, finder: CornersFinder, refuse: Refuse
    ) -> None:
        self._waiting, self._store, self._finder, self._refuse = waiting, store, finder, refuse

    async def run(self) -> None:
        """Look at one picture after the other."""
        while True:
            job = await self._waiting.unseen.get()
            try:
                await self._look_at(job)
            except PainterError as error:
                if is_certain(error):
                    await self._refuse(job, error)
            except Exception:  # its turn comes all the same
                log.exception("a picture that waits cannot be looked at")

    async def _look_at(self, job: LearningJob) -> None:
        """Note where the painting of a job is, and keep its picture reduced.

        Raises the error of a picture without a painting.
        """
        if job.record.state != "queued" or job.record.corners:
            return
        store, order = self._store, job.record.order
        painting, photo = [
            await asyncio.to_thread(store.read, job.id, part) for part in ("painting", "photo")
        ]
        found = await self._found(painting, photo, order.corners)
        with contextlib.suppress(OSError):  # nothing else needs it
            await asyncio.to_thread(store.write, job.id, "thumbnail.jpg", found.thumbnail)
        if job.record.state == "queued":
            job.record.corners = found.corners
            job.changed()

    async def _found(self, painting: bytes, photo: bytes, named: Sequence[Corner] | None) -> FoundCorners:
        """Return where a painting is, after the pictures of people who wait for it at a page."""
        while True:
            try:
                return await self._finder.find(painting, photo, named)
            except LearningQueueFull as error:
                await asyncio.sleep(error.retry_after)


def is_certain(error: PainterError) -> bool:
    """Tell whether an attempt would be refused as well: a process that died or was slow says nothing."""
    has_died = isinstance(error, NotAnImage) and isinstance(error.__cause__, RunnerDied)
    return isinstance(error, Permanent) and not has_died
