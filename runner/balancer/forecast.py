"""Estimate when a photo will be painted, and set its deadline.

An ordinary photo has `deadline_seconds`. The deadline of a large one goes by its size, the measured pace, and
the large photos before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from runner.balancer.batch_in_flight import Batch
from runner.balancer.cost_model import LARGE_SECONDS
from runner.balancer.pending_job import PendingJob
from runner.balancer.queue import Queue
from runner.balancer.scheduler import Scheduler
from runner.config import LONGEST_DEADLINE, BalancerConfig
from runner.fleet.fleet import Fleet, painting
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
        """Return the seconds until a pending job is painted.

        Its runner alternates between batches and the strips of a large photo. So each of the two takes twice
        as long while there is work for the other.
        """
        larges = self._larges(self._queue.large, now)
        if pending.large:
            own, others = self._until_large(pending, now), self._ordinary(self._queue, now)
        else:
            own, others = self._until_ordinary(pending, now), larges
        return own + min(own, others)

    def _until_large(self, pending: PendingJob, now: float) -> float:
        """Return the seconds until a large photo is painted, without the batches between its strips."""
        if batch := next((batch for batch in self._scheduler.larges if pending in batch.photos), None):
            return batch.left(now)
        waiting = [photo for photo in self._queue if photo.large]
        return self._larges(waiting[: waiting.index(pending) + 1] if pending in waiting else waiting, now)

    def _until_ordinary(self, pending: PendingJob, now: float) -> float:
        """Return the seconds until any other photo is painted, without the strips between its batches."""
        for runner in self._fleet.runners():
            held = self._scheduler.held(runner.name)
            for place, batch in enumerate(held):
                if pending in batch.photos:
                    return _seconds_of(held[: place + 1], now)
        return self._ordinary([*self._queue.ahead(pending), pending], now)

    def _ordinary(self, waiting: Iterable[PendingJob], now: float) -> float:
        """Return the seconds until these photos are painted, behind those that runners have."""
        runners = self._fleet.runners()
        held = sum(_seconds_of(self._scheduler.held(runner.name), now) for runner in runners)
        costs = sum(self._cost(photo) for photo in waiting if not photo.large)
        return (held + costs) / painting(runners)

    def _cost(self, photo: PendingJob) -> float:
        """Return the seconds of a photo that is not large, by what was measured of its kind."""
        pace = self._scheduler.cost_model
        return max(pace.seconds((device, photo.key), photo.pixels) for device in self._devices() or {""})

    def _larges(self, waiting: Iterable[PendingJob], now: float) -> float:
        """Return the seconds until these large photos are painted, behind those that runners have."""
        runners = [runner for runner in self._fleet.runners() if runner.credits]
        pace, devices = self._scheduler.cost_model, {runner.device for runner in runners}
        total = sum(
            max((pace.large_seconds(device, photo.large_pixels) for device in devices), default=math.nan)
            for photo in waiting
        )
        total += sum(batch.left(now) for batch in self._scheduler.larges)
        return total / max(1, len(runners))

    def _devices(self) -> set[str]:
        return {runner.device for runner in self._fleet.runners() if runner.credits}


def _seconds_of(held: Sequence[Batch[PendingJob]], now: float) -> float:
    """Return the seconds that a runner takes for its first batches."""
    return sum(batch.left(now) if place == 0 else batch.seconds for place, batch in enumerate(held))
