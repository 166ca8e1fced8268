"""Queue photos by sender, and choose which ones share a batch.

Senders take turns. A sender whose photo goes into a batch moves behind all others. A new sender goes before
those who have a photo with a runner. So one sender with 500 photos delays others only by the two batches that
a runner holds.

The photos of a batch share one key: the base of the style and the long side asked for. A batch is limited by
pixels, by photos, and by the bytes of one frame. A sheet is a batch of its own, and so is a large photo. As
no photo is decoded here, the others count as squares of their long side.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, takewhile
from typing import Generic, TypeVar

from runner.balancer.plan import RenderPlan
from runner.protocol.framing import MAX_BYTES
from styles.contract import StyleJob

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
    #: The key that a batch shares: digest of the base, and long side in pixels.
    key: tuple[str, int] = field(init=False)
    pixels: int = field(init=False)  #: pixels to paint for it, at most
    pictures: int = field(init=False)  #: to paint; 0 for a large photo, which no other photo waits for
    #: When a runner was first passed over for it, to wait for one that holds its style.
    passed: float | None = None

    def __post_init__(self) -> None:
        self.key = (self.plan.base, self.job.options.size)
        self.pixels = self.large_pixels or self.plan.pictures * self.job.options.size**2
        self.pictures = 0 if self.large else self.plan.pictures

    @property
    def large(self) -> bool:
        """Whether it is painted in strips, beside the batches of its runner."""
        return self.large_pixels > 0

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
        # In turn, the next first. Photos are keys, so that any of them can leave.
        self._senders: OrderedDict[str, OrderedDict[W, None]] = OrderedDict()
        self._taken: Counter[str] = Counter()  # photos that are with a runner, by sender
        self._count = 0
        #: Pictures to paint for all photos that wait; a sheet has several, a large photo none.
        self.pictures = 0
        #: Bytes of all photos that wait.
        self.bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[W]:
        return chain.from_iterable(self._senders.values())

    @property
    def senders(self) -> int:
        """Senders with photos in the queue."""
        return len(self._senders)

    def add(self, photo: W) -> None:
        """Add a photo behind its sender's others; one that must be alone is a retry and goes before them."""
        photos = self._senders.get(photo.job.sender)
        if photos is None:
            photos = self._come(photo.job.sender)
        photos[photo] = None
        if photo.alone:
            photos.move_to_end(photo, last=False)
        self._count += 1
        self.pictures += photo.pictures
        self.bytes += len(photo.job.image)

    def remove(self, photo: W) -> bool:
        """Remove a photo; return False if it is not queued."""
        photos = self._senders.get(photo.job.sender)
        if photos is None or photo not in photos:
            return False
        del photos[photo]
        if not photos:
            del self._senders[photo.job.sender]
        self._count -= 1
        self.pictures -= photo.pictures
        self.bytes -= len(photo.job.image)
        return True

    def fronts(self) -> Iterator[W]:
        """Yield the next photo of each sender, in turn; after a large one also the first that is not large.

        A large photo may have to wait for a runner, and no other photo waits for it.
        """
        for photos in self._senders.values():
            front = next(iter(photos))
            yield front
            if front.large and (other := next((p for p in photos if not p.large), None)):
                yield other

    def count(self, sender: str) -> int:
        """Return the number of photos of a sender."""
        return len(self._senders.get(sender, ()))

    def newest_of_heaviest(self) -> W | None:
        """Return the newest photo of the sender with the most, unless it is a retry."""
        heaviest = max(self._senders.values(), key=len, default=None)
        if heaviest is None:
            return None
        newest = next(reversed(heaviest))
        return None if newest.alone else newest

    def before(self, photo: W) -> int:
        """Return how many pictures will be painted before this photo's turn comes.

        The photo with n photos of its sender before it waits for the first n + 1 of every other sender.
        """
        own = list(self._senders[photo.job.sender])
        turn = own.index(photo)
        others = (photos for sender, photos in self._senders.items() if sender != photo.job.sender)
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
        others = (name for name in self._senders if name != first.job.sender)
        matching: Iterable[Iterator[W]] = (
            self._matching(name, first) for name in (*others, first.job.sender)
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
        for photo in batch:
            self.remove(photo)
        for sender in dict.fromkeys(photo.job.sender for photo in batch):
            if sender in self._senders:
                self._senders.move_to_end(sender)
        self._taken.update(photo.job.sender for photo in batch)

    def done(self, batch: Sequence[W]) -> None:
        """Note that a taken batch has left its runner."""
        self._taken.subtract(photo.job.sender for photo in batch)
        self._taken = +self._taken  # drops the zeros

    def _come(self, sender: str) -> OrderedDict[W, None]:
        """Add a sender to the turns.

        A sender whose photos a runner still holds comes last. Any other comes before the senders just served.
        """
        served = list(takewhile(self._taken.__contains__, reversed(self._senders)))
        photos = self._senders[sender] = OrderedDict()
        if sender not in self._taken:
            for other in reversed(served):
                self._senders.move_to_end(other)
        return photos

    def _matching(self, sender: str, first: W) -> Iterator[W]:
        """Return a sender's photos that can share a batch with `first`."""
        return (p for p in self._senders[sender] if p.key == first.key and p.shares and p is not first)
