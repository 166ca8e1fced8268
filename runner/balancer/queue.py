"""Queue photos by sender, and choose which ones share a batch.

Senders take turns. A sender whose photo goes into a batch moves behind all others. A new sender goes before
those who have a photo with a runner. So one sender with 500 photos delays others only by the two batches that
a runner holds.

The photos of a batch share one key: the base of the style and the long side asked for. A batch is limited by
pixels, by photos, and by the bytes of one frame. A sheet is a batch of its own, and so is a large photo. As
no photo is decoded here, the others count as squares of the long side that they are painted at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import attrgetter
from typing import Generic, TypeVar

from runner.balancer.indexes.sender_order import BatchKey, SenderOrder, SenderQueue
from runner.balancer.plan import RenderPlan
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


class Queue(Generic[W]):
    """Hold the photos that wait, in the turns of their senders."""

    def __init__(self) -> None:
        self._senders: dict[str, SenderQueue[W]] = {}
        self._order: SenderOrder[W] = SenderOrder()
        self._taken: Counter[str] = Counter()  # photos that are with a runner, by sender
        self._count = 0
        #: Pictures to paint for all photos that wait; a sheet has several, a large photo none.
        self.pictures = 0
        #: Bytes of all photos that wait.
        self.bytes = 0
        #: The large photos that wait, in no order.
        self.large: dict[W, None] = {}

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[W]:
        queues = sorted(self._senders.values(), key=attrgetter("place"))
        return chain.from_iterable(queue.photos for queue in queues)

    @property
    def senders(self) -> int:
        """Senders with photos in the queue."""
        return len(self._senders)

    def add(self, photo: W) -> None:
        """Add a photo behind its sender's others; one that must be alone is a retry and goes before them.

        A sender whose photos a runner still holds comes last. Any other comes before the senders just served.
        """
        sender = photo.job.sender
        self._count_in(photo, 1)
        if photo.large:
            self.large[photo] = None
        if (queue := self._senders.get(sender)) is not None:
            self._order.leave(queue)
            queue.add(photo, first=photo.alone)
            self._order.enter(queue)
            return
        queue = self._senders[sender] = SenderQueue(sender=sender, served=sender in self._taken)
        queue.add(photo, first=photo.alone)
        if queue.served:
            self._order.put_last(queue)
        else:
            self._order.put_before_served(queue)

    def remove(self, photo: W) -> bool:
        """Remove a photo; return False if it is not queued."""
        queue = self._senders.get(photo.job.sender)
        if queue is None or photo not in queue.photos:
            return False
        self._order.leave(queue)
        self._remove(queue, photo)
        if queue.photos:
            self._order.enter(queue)
        return True

    def fronts(self) -> Iterator[W]:
        """Yield the next photos of the senders, in turn; of those that can share a batch, only the first.

        After a large one also the first of its sender that is not large: a large photo may have to wait for a
        runner, and no other photo waits for it.
        """
        return self._order.heads()

    def count(self, sender: str) -> int:
        """Return the number of photos of a sender."""
        return len(self._senders[sender].photos) if sender in self._senders else 0

    def newest_of_heaviest(self) -> W | None:
        """Return the newest photo of the sender with the most, two at least, unless it is a retry."""
        heaviest = self._order.heaviest()
        if heaviest is None:
            return None
        newest = next(reversed(heaviest.photos))
        return None if newest.alone else newest

    def before(self, photo: W) -> int:
        """Return how many pictures will be painted before this photo's turn comes.

        The photo with n photos of its sender before it waits for the first n + 1 of every other sender.
        """
        own = list(self._senders[photo.job.sender].photos)
        turn = own.index(photo)
        others = (each.photos for sender, each in self._senders.items() if sender != photo.job.sender)
        ahead = chain(own[:turn], chain.from_iterable(islice(photos, turn + 1) for photos in others))
        return sum(each.pictures for each in ahead)

    def batch(self, first: W, max_pixels: int) -> list[W]:
        """Return the batch that a photo would be painted in: others of its key, as far as they fit.

        It takes one photo of each sender in turn. Nothing leaves the queue. Styles that the runner does not
        hold are no reason to wait, since they load in milliseconds.
        """
        batch, size, places = [first], len(first.job.image), first.batch_capacity(max_pixels)
        if places == 1:
            return batch
        own = self._senders[first.job.sender]
        others = (queue for queue in self._order.sharing(first.key) if queue is not own)
        matching: Iterable[Iterator[W]] = (
            (photo for photo in queue.sharing[first.key] if photo is not first)
            for queue in chain(others, [own])
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

    def take(self, batch: Sequence[W]) -> None:
        """Remove a batch; its senders move behind all others."""
        self._taken.update(photo.job.sender for photo in batch)
        queues = dict.fromkeys(self._senders[photo.job.sender] for photo in batch)
        for queue in queues:
            self._order.leave(queue)
            queue.served = True
        for photo in batch:
            self._remove(self._senders[photo.job.sender], photo)
        for queue in queues:
            if queue.photos:
                self._order.put_last(queue)

    def done(self, batch: Sequence[W]) -> None:
        """Note that a taken batch has left its runner."""
        for photo in batch:
            sender = photo.job.sender
            self._taken[sender] -= 1
            if self._taken[sender]:
                continue
            del self._taken[sender]
            if (queue := self._senders.get(sender)) is not None:
                self._order.leave(queue)
                queue.served = False
                self._order.enter(queue)

    def _remove(self, queue: SenderQueue[W], photo: W) -> None:
        """Remove a photo of a sender that has left its place; without photos the sender is forgotten."""
        queue.remove(photo)
        if not queue.photos:
            del self._senders[queue.sender]
        self._count_in(photo, -1)
        self.large.pop(photo, None)

    def _count_in(self, photo: W, sign: int) -> None:
        self._count += sign
        self.pictures += sign * photo.pictures
        self.bytes += sign * len(photo.job.image)
