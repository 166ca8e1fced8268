"""The queue of photos, as plain values: who is next, and what goes into a batch with them.

    Waiting   one queued photo: its job, its style, and if it must be painted alone
    Queue     add, remove, front, take; no clock, no asyncio

Senders take turns: whoever got a photo into a batch moves behind all others, so one person with 500
photos delays nobody else by more than a batch. A batch holds photos of one key, which is the base of the
style (styles of one base share a network) and the long side asked for; it is limited by pixels. Pixels
are reckoned as if every photo were a square of that side: nothing is decoded here.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from styles.contract import ResolvedStyle, StyleJob

#: How often in a row a sender may be passed over for one whose style the runner already holds.
MAX_PASSED = 4


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """A photo in the queue."""

    job: StyleJob
    style: ResolvedStyle
    alone: bool = False  #: a suspect: its runner died with it once

    @property
    def key(self) -> tuple[str, int]:
        """What a batch has in common: the base's digest and the long side in pixels."""
        return self.style.base, self.job.options.size

    @property
    def pixels(self) -> int:
        """At most so many are painted for it."""
        return self.job.options.size**2


W = TypeVar("W", bound=Waiting)


@dataclass(slots=True)
class _Sender(Generic[W]):
    """One sender's photos, oldest first, and how often others were preferred."""

    photos: deque[W] = field(default_factory=deque)
    passed: int = 0


class Queue(Generic[W]):
    """Photos that wait, in the turns of their senders."""

    def __init__(self) -> None:
        self._senders: OrderedDict[str, _Sender[W]] = OrderedDict()  # the first is next
        self._count = 0
        #: Bytes of all photos that wait.
        self.bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[W]:
        return (photo for sender in self._senders.values() for photo in sender.photos)

    def add(self, photo: W) -> None:
        """Behind its sender's others; one that is to be painted alone, being retried, before them."""
        photos = self._senders.setdefault(photo.job.sender, _Sender()).photos
        if photo.alone:
            photos.appendleft(photo)
        else:
            photos.append(photo)
        self._count += 1
        self.bytes += len(photo.job.image)

    def remove(self, photo: W) -> bool:
        """Takes a photo out; False if it is not here."""
        sender = self._senders.get(photo.job.sender)
        if sender is None or photo not in sender.photos:
            return False
        sender.photos.remove(photo)
        if not sender.photos:
            del self._senders[photo.job.sender]
        self._count -= 1
        self.bytes -= len(photo.job.image)
        return True

    def front(self) -> W | None:
        """The photo whose turn it is."""
        return next(iter(self), None)

    def count(self, sender: str) -> int:
        """How many photos of a sender wait."""
        return len(self._senders[sender].photos) if sender in self._senders else 0

    def newest_of_heaviest(self) -> W | None:
        """The newest photo of the sender with the most, unless it is being retried."""
        heaviest = max(self._senders.values(), key=lambda sender: len(sender.photos), default=None)
        return None if heaviest is None or heaviest.photos[-1].alone else heaviest.photos[-1]

    def take(self, max_pixels: int, prefer: Collection[str] = ()) -> list[W]:
        """Takes the next batch: the photo whose turn it is, and others of its key as far as they fit.

        `prefer` are the digests that the runner holds: a sender whose next photo needs none of them is
        passed over for one whose photo does, at most `MAX_PASSED` times in a row.
        """
        name = self._choose(prefer)
        if name is None:
            return []
        first = self._senders[name].photos[0]
        batch = [first] if first.alone else [first, *self._fill(first, max_pixels - first.pixels)]
        served = list(dict.fromkeys(photo.job.sender for photo in batch))
        for photo in batch:
            self.remove(photo)
        for sender in filter(self._senders.__contains__, served):
            self._senders[sender].passed = 0
            self._senders.move_to_end(sender)
        return batch

    def _choose(self, prefer: Collection[str]) -> str | None:
        """The name of the sender whose photo goes first; counts those who are passed over."""
        names = list(self._senders)
        chosen = next((i for i, name in enumerate(names) if self._is_preferred(name, prefer)), 0)
        for name in names[:chosen]:
            self._senders[name].passed += 1
        return names[chosen] if names else None

    def _is_preferred(self, name: str, prefer: Collection[str]) -> bool:
        sender = self._senders[name]
        return sender.passed >= MAX_PASSED or sender.photos[0].style.digest in prefer

    def _fill(self, first: W, room: int) -> list[W]:
        """More photos of the first one's key, one from each sender in turn, again and again."""
        senders = [name for name in self._senders if name != first.job.sender] + [first.job.sender]
        matching = [
            deque(
                p for p in self._senders[name].photos if p.key == first.key and not p.alone and p is not first
            )
            for name in senders
        ]
        filled: list[W] = []
        while (matching := [photos for photos in matching if photos]) and room >= first.pixels:
            for photos in matching[: room // first.pixels]:
                filled.append(photos.popleft())
                room -= first.pixels
        return filled
