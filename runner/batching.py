"""The queue of photos, as plain values: who is next, and what goes into a batch with them.

    Waiting   one queued photo: its job, what it wants, and if it must be painted alone
    Queue     add, remove, front, take; no clock, no asyncio

Senders take turns: whoever got a photo into a batch moves behind all others, so one person with 500
photos delays nobody else by more than a batch. A batch holds photos of one key, which is the base of the
style (styles of one base share a network, and so do their blends) and the long side asked for; it is limited
by pixels, and by what one frame to a runner and one back may hold. A sheet is a batch of its own. Pixels are
reckoned as if every photo were a square of that side: nothing is decoded here.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from runner.wanted import Wanted
from runner.wire import MAX_BYTES, MAX_PARTS
from styles.contract import StyleJob

#: Photos in a batch: the answer has two parts for each.
MAX_PHOTOS = MAX_PARTS // 2


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """A photo in the queue."""

    job: StyleJob
    wanted: Wanted
    alone: bool = False  #: a suspect: its runner died with it once

    @property
    def key(self) -> tuple[str, int]:
        """What a batch has in common: the base's digest and the long side in pixels."""
        return self.wanted.base, self.job.options.size

    @property
    def pixels(self) -> int:
        """At most so many are painted for it."""
        return self.wanted.pictures * self.job.options.size**2

    @property
    def shares(self) -> bool:
        """Others may be in its batch."""
        return not self.alone and not self.wanted.sheet

    def places(self, max_pixels: int) -> int:
        """So many photos like this one are a full batch."""
        return min(max(max_pixels // self.pixels, 1), MAX_PHOTOS) if self.shares else 1


W = TypeVar("W", bound=Waiting)


class Queue(Generic[W]):
    """Photos that wait, in the turns of their senders."""

    def __init__(self) -> None:
        self._senders: OrderedDict[str, deque[W]] = OrderedDict()  # oldest first, and the first is next
        self._count = 0
        #: Bytes of all photos that wait.
        self.bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[W]:
        return (photo for photos in self._senders.values() for photo in photos)

    @property
    def senders(self) -> int:
        """How many have photos that wait."""
        return len(self._senders)

    def add(self, photo: W) -> None:
        """Behind its sender's others; one that is to be painted alone, being retried, before them."""
        photos = self._senders.setdefault(photo.job.sender, deque())
        if photo.alone:
            photos.appendleft(photo)
        else:
            photos.append(photo)
        self._count += 1
        self.bytes += len(photo.job.image)

    def remove(self, photo: W) -> bool:
        """Takes a photo out; False if it is not here."""
        photos = self._senders.get(photo.job.sender)
        if photos is None or photo not in photos:
            return False
        photos.remove(photo)
        if not photos:
            del self._senders[photo.job.sender]
        self._count -= 1
        self.bytes -= len(photo.job.image)
        return True

    def front(self) -> W | None:
        """The photo whose turn it is."""
        return next(iter(self), None)

    def count(self, sender: str) -> int:
        """How many photos of a sender wait."""
        return len(self._senders[sender]) if sender in self._senders else 0

    def newest_of_heaviest(self) -> W | None:
        """The newest photo of the sender with the most, unless it is being retried."""
        heaviest = max(self._senders.values(), key=len, default=None)
        return None if heaviest is None or heaviest[-1].alone else heaviest[-1]

    def take(self, max_pixels: int) -> list[W]:
        """Takes the next batch: the photo whose turn it is, and others of its key as far as they fit.

        A style that the runner does not hold yet goes no later for it: it is loaded in milliseconds.
        """
        first = self.front()
        if first is None:
            return []
        batch = [first, *self._fill(first, max_pixels - first.pixels)] if first.shares else [first]
        served = list(dict.fromkeys(photo.job.sender for photo in batch))
        for photo in batch:
            self.remove(photo)
        for sender in filter(self._senders.__contains__, served):
            self._senders.move_to_end(sender)
        return batch

    def _fill(self, first: W, room: int) -> list[W]:
        """More photos of the first one's key, one from each sender in turn, again and again."""
        senders = [name for name in self._senders if name != first.job.sender] + [first.job.sender]
        matching = [
            deque(p for p in self._senders[name] if p.key == first.key and p.shares and p is not first)
            for name in senders
        ]
        filled: list[W] = []
        size = len(first.job.image)
        while (matching := [photos for photos in matching if photos]) and room >= first.pixels:
            for photos in matching[: room // first.pixels]:
                size += len(photos[0].job.image)
                if len(filled) + 2 > MAX_PHOTOS or size > MAX_BYTES:  # 2: the first one, and this
                    return filled
                filled.append(photos.popleft())
                room -= first.pixels
        return filled
