"""Decide which photos share a batch.

They share one key: the base of the style and the long side asked for. A batch is limited by pixels, by
photos, and by the bytes of one frame. A sheet is a batch of its own, and so is a large photo. As no photo is
decoded here, the others count as squares of the long side that they are painted at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from runner.balancer.indexes.sender_order import BatchKey, SenderQueue
from runner.balancer.render_plan import RenderPlan
from runner.protocol.framing import MAX_BYTES
from styles.contract import StyleJob, painted_side

#: Photos in a batch, even of small ones. They are decoded first at full size, and a large WebP takes 0.3
#: s. So a batch stays far below `batch_seconds`, and few photos are suspected after a death.
MAX_PHOTOS = 16


@dataclass(slots=True, kw_only=True, eq=False)
class QueuedJob:
    """Hold a photo in the queue."""

    job: StyleJob
    plan: RenderPlan
    alone: bool = False  #: suspected, since its runner died
    #: Pixels of a photo that is too large for any batch, and is painted beside the batches; else 0.
    large_pixels: int = 0
    #: The key that a batch shares.
    key: BatchKey = field(init=False)
    pixels: int = field(init=False)  #: pixels to paint for it, at most
    pictures: int = field(init=False)  #: to paint; 0 for a large photo, which no other photo waits for
    large: bool = field(init=False)  #: painted in strips, beside the batches of its runner
    #: When a runner was first passed over for it, to wait for one that holds its style.
    passed: float | None = None

    def __post_init__(self) -> None:
        self.key = (self.plan.base, self.job.options.size)
        self.large = self.large_pixels > 0
        self.pixels = self.large_pixels or self.plan.pictures * painted_side(self.job.options.size) ** 2
        self.pictures = 0 if self.large else self.plan.pictures

    @property
    def shares(self) -> bool:
        """Whether its batch may hold other photos."""
        return not self.alone and not self.plan.sheet and not self.large

    def batch_capacity(self, max_pixels: int) -> int:
        """Return how many photos of this size fill a batch of `max_pixels`; 1 if this one must be alone."""
        return min(max(max_pixels // self.pixels, 1), MAX_PHOTOS) if self.shares else 1


W = TypeVar("W", bound=QueuedJob)


def form_batch(first: W, senders: Iterable[SenderQueue[W]], max_pixels: int) -> list[W]:
    """Return the batch of a photo: others of its key, one of each sender in turn, as far as they fit.

    Nothing leaves its queue. Styles that the runner does not hold are no reason to wait, since they load in
    milliseconds.
    """
    batch, size, places = [first], len(first.job.image), first.batch_capacity(max_pixels)
    if places == 1:
        return batch
    matching: Iterable[Iterator[W]] = (
        (photo for photo in queue.sharing[first.key] if photo is not first) for queue in senders
    )
    while matching:
        more = []  # iterators that may have another photo
        for photos in matching:
            photo = next(photos, None)
            if photo is None:
                continue
            size += len(photo.job.image)
            if size > MAX_BYTES:
                return batch
            batch.append(photo)
            if len(batch) == places:
                return batch
            more.append(photos)
        matching = more
    return batch
