"""Queue photos by sender.

Senders take turns. A sender whose photo goes into a batch moves behind all others. A new sender goes before
those who have a photo with a runner. So one sender with 500 photos delays others only by the two batches that
a runner holds. Proofs of new styles, for which no mail waits, come behind all photos of people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Generic

from runner.balancer.batching import W, form_batch
from runner.balancer.indexes.sender_order import SenderOrder, SenderQueue
from styles.contract import PROOFS


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
        queue = self._senders[sender] = SenderQueue(sender=sender, served=self._is_served(sender))
        queue.add(photo, first=photo.alone)
        if queue.served:
            self._put_last(queue)
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

        After a large one also the first of its sender that is not large. A large photo may have to wait for a
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

    def ahead(self, photo: W) -> Iterator[W]:
        """Yield the photos that will be painted before this photo's turn comes.

        The photo with n photos of its sender before it waits for the first n + 1 of every other sender.
        """
        own = list(self._senders[photo.job.sender].photos)
        turn = own.index(photo)
        others = (each.photos for sender, each in self._senders.items() if sender != photo.job.sender)
        return chain(own[:turn], chain.from_iterable(islice(photos, turn + 1) for photos in others))

    def batch(self, first: W, max_pixels: int) -> list[W]:
        """Return the batch that a photo would be painted in, its sender's others last. Nothing is removed."""
        own = self._senders[first.job.sender]
        others = [queue for queue in self._order.sharing(first.key) if queue is not own]
        return form_batch(first, [*others, own], max_pixels)

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
                self._put_last(queue)

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
                queue.served = self._is_served(sender)
                self._order.enter(queue)

    def _is_served(self, sender: str) -> bool:
        """Tell whether a new sender comes before this one."""
        return sender in self._taken or sender == PROOFS

    def _put_last(self, queue: SenderQueue[W]) -> None:
        if queue.sender == PROOFS:
            self._order.put_behind_all(queue)
        else:
            self._order.put_last(queue)

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
