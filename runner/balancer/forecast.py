"""Estimate when a photo will be painted, and set its deadline.

An ordinary photo has `deadline_seconds`. The deadline of a large one goes by its size, the measured pace, and
the large photos before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from runner.balancer.cost_model import LARGE_SECONDS
from runner.balancer.pending_job import PendingJob
from runner.balancer.queue import Queue
from runner.balancer.scheduler import Scheduler
from runner.config import LONGEST_DEADLINE, BalancerConfig
from runner.fleet.fleet import Fleet
from styles.contract import MAX_PIXELS, StyleJob
from styles.imaging.dimensions import dimensions

#: Deadline of a large photo, as a multiple of its estimate. Batches between its strips double its time, and
#: where each of them takes seconds, more than that.
SLACK = 5.0


def large_pixels(job: StyleJob, batch_pixels: int) -> int:
    """Return the pixels to paint for a photo, 0 unless it has more than a batch may have.

    Only the header is read. Without a known size, the photo counts as large as it may be.
    """
    if job.sheet or job.options.size**2 <= batch_pixels:
        return 0
    size = dimensions(job.image)
    if size is None:
        return min(job.options.size**2, MAX_PIXELS)
    scale = min(1.0, job.options.size / max(1, *size))
    pixels = round(size[0] * size[1] * scale**2)
    return pixels if pixels > batch_pixels else 0


class Forecast:
    """Estimate seconds for the jobs of one balancer."""

    def __init__(
        self, fleet: Fleet, queue: Queue[PendingJob], scheduler: Scheduler[PendingJob], config: BalancerConfig
    ) -> None:
        self._fleet = fleet
        self._queue = queue
        self._scheduler = scheduler
        self._config = config

    def deadline(self, pixels: int, now: float) -> float:
        """Return the seconds after which a new photo fails; `pixels` are those of a large one, or 0."""
        if not pixels:
            return self._config.deadline_seconds
        cost_model = self._scheduler.cost_model
        own = max(
            (
                cost_model.large_seconds(device, pixels)
                if cost_model.knows_large(device)
                else LARGE_SECONDS  # nothing is known of this device but the limit
                for device in self._devices()
            ),
            default=LARGE_SECONDS,
        )
        seconds = SLACK * (own + self._larges(self._queue.large, now))
        return max(self._config.deadline_seconds, min(LONGEST_DEADLINE, seconds))

    def seconds(self, pending: PendingJob, now: float) -> float:
        """Return the seconds until a pending job is painted."""
        for runner in self._fleet.runners():
            batches = self._scheduler.batches(runner.name)
            for batch in batches:
                if pending in batch.photos:
                    before = () if batch.large else batches[: batches.index(batch)]
                    left = (
                        batch.began + batch.seconds - now
                        if batch is batches[0] or batch.large
                        else batch.seconds
                    )
                    return max(0.0, left) + sum(each.seconds for each in before)
        if pending.large:
            waiting = [photo for photo in self._queue if photo.large]
            waiting = waiting[: waiting.index(pending) + 1] if pending in waiting else waiting
            return self._larges(waiting, now)
        held = sum(
            photo.pictures
            for runner in self._fleet.runners()
            for batch in self._scheduler.held(runner.name)
            for photo in batch.photos
        )
        pictures = self._queue.before(pending) + pending.pictures + held
        return self._scheduler.seconds_for(pictures, self._fleet.runners())

    def _larges(self, waiting: Iterable[PendingJob], now: float) -> float:
        """Return the seconds until these large photos are painted, behind those that runners have."""
        runners = [runner for runner in self._fleet.runners() if runner.credits]
        pace, devices = self._scheduler.cost_model, {runner.device for runner in runners}
        total = sum(
            max((pace.large_seconds(device, photo.large_pixels) for device in devices), default=math.nan)
            for photo in waiting
        )
        total += sum(max(0.0, batch.began + batch.seconds - now) for batch in self._scheduler.larges)
        return total / max(1, len(runners))

    def _devices(self) -> set[str]:
        return {runner.device for runner in self._fleet.runners() if runner.credits}
