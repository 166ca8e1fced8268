"""Limit the photos and bytes in the queue, and choose which photo leaves a full queue.

A full queue is full only for the senders who filled it. A sender with at least two photos more than the
sender of the new one loses the newest photo. Photos that are not queued yet also take memory and count.
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

#: Refused senders whose time to return is kept; each takes some 200 bytes.
MAX_PROMISES = 10_000


class AdmissionControl:
    """Admit photos to the queue, or refuse them."""

    def __init__(
        self,
        queue: Queue[PendingJob],
        config: BalancerConfig,
        seconds_for: Callable[[float], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds_for` estimates the seconds that a number of photos takes."""
        #: The photos that wait.
        self.queue = queue
        #: The limits of the queue.
        self.config = config
        self._seconds_for = seconds_for
        self._clock = clock
        self._promises = BoundedDict[str, float](MAX_PROMISES)  # when each sender may return
        #: Bytes of photos that are being received, or are received and not queued yet.
        self.arriving = 0

    def check(self, sender: str, size: int) -> None:
        """Raise `Busy` if a photo of `size` bytes would be refused now."""
        arriving = self.arriving + size
        too_large = arriving > self.config.max_queued_bytes  # no photo that leaves the queue frees these
        if too_large or (not self._has_room(arriving) and self._who_gives_way(sender) is None):
            raise self.busy(sender)

    @contextlib.contextmanager
    def receiving(self, sender: str, size: int) -> Iterator[Callable[[int], None]]:
        """Reserve memory for a photo of `size` bytes while the block reads it.

        The block calls the function it is given with the bytes received until now, and so reserves those
        above `size` as well. Both raise `Busy` if there is no memory.
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

    def make_room(self, job: StyleJob) -> list[PendingJob]:
        """Take photos out of the queue until a job fits, and return them.

        Raises `Busy` if no other sender has enough photos in the queue, which is then as it was.
        """
        taken: list[PendingJob] = []
        while not self._has_room(len(job.image)):
            pending = self._who_gives_way(job.sender)
            if pending is None:
                # Each was its sender's newest, and not the only one, so `add` puts it where it was.
                for each in reversed(taken):
                    self.queue.add(each)
                raise self.busy(job.sender)
            self.queue.remove(pending)
            taken.append(pending)
        return taken

    @property
    def longest_wait(self) -> float:
        """Seconds for which the oldest photo has waited; 0 for an empty queue."""
        now = self._clock()
        return now - min((pending.since for pending in self.queue), default=now)

    @property
    def retry_after(self) -> float:
        """Seconds after which the next refused sender should try again.

        It is the time to paint half of the queue, and then one photo for each sender refused before. So they
        return one after the other, as places become free, and not all at once.
        """
        free = self._clock() + self._seconds_for(self.queue.pictures / 2)
        last = next(reversed(self._promises.values()), 0.0)
        after = max(free, last + self._seconds_for(1)) - self._clock()
        return min(max(after, 1.0), self.config.deadline_seconds)

    def busy(self, sender: str) -> Busy:
        """Return the refusal for a sender.

        A sender who returns too early gets the same time again, and delays nobody.
        """
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
        """Return the photo that leaves a full queue for one of `sender`, if one must."""
        newest = self.queue.newest_of_heaviest()
        if newest is None or self.queue.count(newest.job.sender) < self.queue.count(sender) + 2:
            return None
        return newest
