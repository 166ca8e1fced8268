"""The queue of photos, as plain values: who is next, and what goes into a batch with them.

    QueuedJob   one queued photo: its job, what it wants, and if it must be painted alone
    Queue     add, remove, fronts, batch, take, done; no clock, no asyncio

Senders take turns: whoever got a photo into a batch moves behind all others, and who comes anew goes before
those who have one with a runner. So one person with 500 photos delays nobody else by more than what the
runners hold, which is two batches. A batch holds photos of one key, which is the base of the style (styles
of one base share a network, and so do their blends) and the long side asked for; it is limited by pixels, by
number, and by what one frame to a runner may hold. A sheet is a batch of its own. Pixels are reckoned as if
every photo were a square of that side: nothing is decoded here.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile
from typing import Generic, TypeVar

from runner.balancer.plan import RenderPlan
from runner.protocol.framing import MAX_BYTES
from styles.contract import StyleJob

#: Photos in a batch, however small they are to be painted: they are decoded first, whole, and a large WebP
#: takes 0.3 s for that. So a batch stays far below `batch_seconds`, and few are suspected when one kills.
MAX_PHOTOS = 16


@dataclass(slots=True, kw_only=True, eq=False)
class QueuedJob:
    """A photo in the queue."""

    job: StyleJob
    plan: RenderPlan
    alone: bool = False  #: a suspect: its runner died with it once
    #: What a batch has in common: the base's digest and the long side in pixels.
    key: tuple[str, int] = field(init=False)
    #: Since when it waits for a runner that holds its style though another would take it.
    passed: float | None = None

    def __post_init__(self) -> None:
        self.key = (self.plan.base, self.job.options.size)

    @property
    def pixels(self) -> int:
        """At most so many are painted for it."""
        return self.plan.pictures * self.job.options.size**2

    @property
    def shares(self) -> bool:
        """Others may be in its batch."""
        return not self.alone and not self.plan.sheet

    def places(self, max_pixels: int) -> int:
        """So many photos like this one are a full batch."""
        return min(max(max_pixels // self.pixels, 1), MAX_PHOTOS) if self.shares else 1


W = TypeVar("W", bound=QueuedJob)


class Queue(Generic[W]):
    """Photos that wait, in the turns of their senders."""

    def __init__(self) -> None:
        # Oldest first, and the first is next. Photos are the keys, since one may leave from the midst.
        self._senders: OrderedDict[str, OrderedDict[W, None]] = OrderedDict()
        self._taken: Counter[str] = Counter()  # photos that are with a runner, by sender
        self._count = 0
        #: Pictures to be painted for all that wait: a sheet is many.
        self.pictures = 0
        #: Bytes of all photos that wait.
        self.bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[W]:
        return chain.from_iterable(self._senders.values())

    @property
    def senders(self) -> int:
        """How many have photos that wait."""
        return len(self._senders)

    def add(self, photo: W) -> None:
        """Behind its sender's others; one that is to be painted alone, being retried, before them."""
        photos = self._senders.get(photo.job.sender)
        if photos is None:
            photos = self._come(photo.job.sender)
        photos[photo] = None
        if photo.alone:
            photos.move_to_end(photo, last=False)
        self._count += 1
        self.pictures += photo.plan.pictures
        self.bytes += len(photo.job.image)

    def remove(self, photo: W) -> bool:
        """Takes a photo out; False if it is not here."""
        photos = self._senders.get(photo.job.sender)
        if photos is None or photo not in photos:
            return False
        del photos[photo]
        if not photos:
            del self._senders[photo.job.sender]
        self._count -= 1
        self.pictures -= photo.plan.pictures
        self.bytes -= len(photo.job.image)
        return True

    def fronts(self) -> Iterator[W]:
        """The next photo of each sender, in their turns."""
        return (next(iter(photos)) for photos in self._senders.values())

    def count(self, sender: str) -> int:
        """How many photos of a sender wait."""
        return len(self._senders.get(sender, ()))

    def newest_of_heaviest(self) -> W | None:
        """The newest photo of the sender with the most, unless it is being retried."""
        heaviest = max(self._senders.values(), key=len, default=None)
        if heaviest is None:
            return None
        newest = next(reversed(heaviest))
        return None if newest.alone else newest

    def batch(self, first: W, max_pixels: int) -> list[W]:
        """What would be painted with a photo: others of its key as far as they fit. Nothing is taken.

        One from each sender in turn, again and again. A style that the runner does not hold yet goes no
        later for it: it is loaded in milliseconds.
        """
        batch, size, places = [first], len(first.job.image), first.places(max_pixels)
        if places == 1:
            return batch
        others = (name for name in self._senders if name != first.job.sender)
        matching: Iterable[Iterator[W]] = (
            self._matching(name, first) for name in (*others, first.job.sender)
        )
        while matching:
            more = []  # of senders who may have another one
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
        """Takes a batch out; its senders move behind all others."""
        for photo in batch:
            self.remove(photo)
        for sender in dict.fromkeys(photo.job.sender for photo in batch):
            if sender in self._senders:
                self._senders.move_to_end(sender)
        self._taken.update(photo.job.sender for photo in batch)

    def done(self, batch: Sequence[W]) -> None:
        """A batch that was taken is with its runner no more."""
        self._taken.subtract(photo.job.sender for photo in batch)
        self._taken = +self._taken  # without those who have none

    def _come(self, sender: str) -> OrderedDict[W, None]:
        """A sender's place behind all others but those who were served last and whose photos are not done."""
        served = list(takewhile(self._taken.__contains__, reversed(self._senders)))
        photos = self._senders[sender] = OrderedDict()
        if sender not in self._taken:
            for other in reversed(served):
                self._senders.move_to_end(other)
        return photos

    def _matching(self, sender: str, first: W) -> Iterator[W]:
        """A sender's photos that can be painted with the first one."""
        return (p for p in self._senders[sender] if p.key == first.key and p.shares and p is not first)
