"""Room in the queue: how many photos may wait, how many bytes of them, and who gives way when it is full.

    AdmissionControl
      .check        refuses a photo before it is read
      .receiving    keeps room for one while it is read
      .keeping      counts one that was read and does not wait yet
      .make         who leaves the queue for one that was read

A queue is full for those who filled it: who has at least two photos more than the sender of a new one gives
their newest for it. Photos that are not in the queue yet are in memory as well, and counted.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from runner.balancer.pending_job import PendingJob
from runner.balancer.queue import Queue
from runner.config import BalancerConfig
from styles.contract import StyleJob
from styles.errors import Busy
from styles.service.bounded_dict import BoundedDict

#: Senders who are remembered as told to come again; each takes some 200 bytes.
MAX_PROMISES = 10_000


class AdmissionControl:
    """What the queue has room for."""

    def __init__(
        self,
        queue: Queue[PendingJob],
        config: BalancerConfig,
        seconds_for: Callable[[float], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds_for` says how long so many photos take."""
        #: Who waits.
        self.queue = queue
        #: Its limits.
        self.config = config
        self._seconds_for = seconds_for
        self._clock = clock
        self._promises = BoundedDict[str, float](MAX_PROMISES)  # when each sender may return
        #: Bytes of photos that are being received, or were and do not wait yet.
        self.arriving = 0

    def check(self, sender: str, size: int) -> None:
        """Raises `Busy` if a photo of `size` bytes would be refused now."""
        arriving = self.arriving + size
        if arriving > self.config.max_queued_bytes:  # whoever gives way, these are in memory as well
            raise self.busy(sender)
        if not self._has_room(arriving) and self._who_gives_way(sender) is None:
            raise self.busy(sender)

    @contextlib.contextmanager
    def receiving(self, sender: str, size: int) -> Iterator[Callable[[int], None]]:
        """Keeps room for a photo of `size` bytes while the block reads it. Raises `Busy`.

        The block is given a function to call with the bytes that have come: those over `size` need room too.
        """
        kept = 0

        def need(total: int) -> None:
            nonlocal kept
            if total > kept:
                self.check(sender, total - kept)
                self.arriving += total - kept
                kept = total

        self.check(sender, size)
        try:
            need(size)
            yield need
        finally:
            self.arriving -= kept

    @contextlib.contextmanager
    def keeping(self, size: int) -> Iterator[None]:
        """Counts a photo of `size` bytes that was read, while the block finds out what is wanted of it."""
        self.arriving += size
        try:
            yield
        finally:
            self.arriving -= size

    def make(self, job: StyleJob) -> Iterator[PendingJob]:
        """Takes out of the queue who gives way for a job, one by one until there is room.

        Raises `Busy` where the queue is full of others who have no more waiting than the sender.
        """
        while not self._has_room(len(job.image)):
            pending = self._who_gives_way(job.sender)
            if pending is None:
                raise self.busy(job.sender)
            self.queue.remove(pending)
            yield pending

    @property
    def longest_wait(self) -> float:
        """How long the one that has waited longest waits, seconds; 0 where nobody does."""
        now = self._clock()
        return now - min((pending.since for pending in self.queue), default=now)

    @property
    def retry_after(self) -> float:
        """What the next sender who is refused is told to wait, seconds.

        Until half of what waits is painted, and then as long as it takes to paint one for each who was
        refused before: they come one after another, as places become free, and not all at once.
        """
        free = self._clock() + self._seconds_for(self.queue.pictures / 2)
        last = next(reversed(self._promises.values()), 0.0)
        after = max(free, last + self._seconds_for(1)) - self._clock()
        return min(max(after, 1.0), self.config.deadline_seconds)

    def busy(self, sender: str) -> Busy:
        """The refusal. Who comes before the time is told the same time again, and delays nobody by it."""
        now = self._clock()
        while self._promises and next(iter(self._promises.values())) <= now:
            self._promises.popitem(last=False)
        if sender not in self._promises:
            self._promises[sender] = now + self.retry_after
        return Busy(max(self._promises[sender] - now, 1.0), f"{len(self.queue)} waiting")

    def _has_room(self, size: int) -> bool:
        queue, config = self.queue, self.config
        return len(queue) < config.max_queued and queue.bytes + size <= config.max_queued_bytes

    def _who_gives_way(self, sender: str) -> PendingJob | None:
        """Whose photo leaves a full queue for one of `sender`: the newest of who has at least two more."""
        newest = self.queue.newest_of_heaviest()
        if newest is None or self.queue.count(newest.job.sender) < self.queue.count(sender) + 2:
            return None
        return newest
