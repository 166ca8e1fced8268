"""Keep the order in which senders are served, and find their next photos without looking through all of them.

A place in the order is a pair of numbers. The first number grows with each sender that moves behind all
others. A sender that is put between two others takes the first number of the one before it, and the second
number tells them apart. All lists are sorted by place, and are changed by bisection.
"""

from __future__ import annotations

import itertools
import sys
from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

Place = tuple[int, int]
#: Key that the photos of a batch share: digest of the base, and long side in pixels.
BatchKey = tuple[str, int]


class OrderedPhoto(Hashable, Protocol):
    """Tell what the order needs to know of a photo."""

    @property
    def key(self) -> BatchKey:
        """Key of its batch."""

    @property
    def shares(self) -> bool:
        """Whether its batch may hold other photos."""

    @property
    def large(self) -> bool:
        """Whether it is painted beside the batches."""


P = TypeVar("P", bound=OrderedPhoto)


@dataclass(slots=True, kw_only=True, eq=False)
class SenderQueue(Generic[P]):
    """Hold the photos of a sender, in its order, and its place among the senders."""

    sender: str
    place: Place = (0, 0)
    served: bool = False  #: whether a runner holds a photo of it
    #: Photos are keys, so that any of them can leave.
    photos: OrderedDict[P, None] = field(default_factory=OrderedDict)
    #: Those that may share a batch, by key.
    sharing: dict[BatchKey, dict[P, None]] = field(default_factory=dict)

    def add(self, photo: P, *, first: bool) -> None:
        """Add a photo behind the others, or with `first` before them."""
        self.photos[photo] = None
        if first:
            self.photos.move_to_end(photo, last=False)
        if photo.shares:
            self.sharing.setdefault(photo.key, {})[photo] = None

    def remove(self, photo: P) -> None:
        """Remove a photo."""
        del self.photos[photo]
        if photo.shares:
            same = self.sharing[photo.key]
            del same[photo]
            if not same:
                del self.sharing[photo.key]

    def fronts(self) -> Iterator[P]:
        """Yield the sender's next photo. If it is large, also yield the next one that is not."""
        front = next(iter(self.photos))
        yield front
        if front.large and (other := next((p for p in self.photos if not p.large), None)):
            yield other


class SenderOrder(Generic[P]):
    """Hold the senders in their order. A sender that is in it must leave before it is changed."""

    def __init__(self) -> None:
        self._count = itertools.count(1)
        # Each entry begins with a place, which no other sender has.
        self._groups: dict[Hashable, list[Any]] = {}  # next photos, by `_group_of`
        self._heads: list[tuple[int, int, int, P]] = []  # the first of each group
        self._sharing: dict[BatchKey, list[tuple[int, int, SenderQueue[P]]]] = {}
        self._unserved: list[Place] = []  # of senders of whom no runner holds a photo
        self._heavy: list[tuple[int, int, int, SenderQueue[P]]] = []  # of two photos or more, the most first

    def heads(self) -> Iterator[P]:
        """Yield the senders' next photos in turn: of each key the first, and all that share no batch."""
        return (photo for _, _, _, photo in self._heads)

    def sharing(self, key: BatchKey) -> Iterator[SenderQueue[P]]:
        """Yield, in turn, the senders with photos that may share a batch of that key."""
        return (queue for _, _, queue in self._sharing.get(key, ()))

    def heaviest(self) -> SenderQueue[P] | None:
        """Return the sender with the most photos; among equals, the one whose turn comes first."""
        return self._heavy[0][3] if self._heavy else None

    def put_last(self, queue: SenderQueue[P]) -> None:
        """Put a sender behind all others."""
        queue.place = (next(self._count), 0)
        self.enter(queue)

    def put_behind_all(self, queue: SenderQueue[P]) -> None:
        """Put a sender behind all others, also those that come later: one sender at most is there."""
        queue.place = (sys.maxsize, 0)
        self.enter(queue)

    def put_before_served(self, queue: SenderQueue[P]) -> None:
        """Put a sender before those at the end of whom a runner holds photos."""
        last = self._unserved[-1] if self._unserved else (0, 0)
        queue.place = (last[0], next(self._count))
        self.enter(queue)

    def enter(self, queue: SenderQueue[P]) -> None:
        """Put a sender with photos into its place."""
        if not queue.served:
            insort(self._unserved, queue.place)
        if len(queue.photos) > 1:
            insort(self._heavy, (-len(queue.photos), *queue.place, queue))
        for key in queue.sharing:
            insort(self._sharing.setdefault(key, []), (*queue.place, queue))
        for rank, photo in enumerate(queue.fronts()):
            entry = (*queue.place, rank, photo)
            group = self._groups.setdefault(_group_of(photo), [])
            insort(group, entry)
            if group[0] is entry:
                insort(self._heads, entry)
                if len(group) > 1:
                    _discard(self._heads, group[1])

    def leave(self, queue: SenderQueue[P]) -> None:
        """Take a sender out of its place."""
        if not queue.served:
            _discard(self._unserved, queue.place)
        if len(queue.photos) > 1:
            _discard(self._heavy, (-len(queue.photos), *queue.place))
        for key in queue.sharing:
            _discard(self._sharing[key], queue.place)
            if not self._sharing[key]:
                del self._sharing[key]
        for rank, photo in enumerate(queue.fronts()):
            entry = (*queue.place, rank)
            group = self._groups[_group_of(photo)]
            is_head = group[0][:3] == entry
            _discard(group, entry)
            if is_head:
                _discard(self._heads, entry)
                if group:
                    insort(self._heads, group[0])
            if not group:
                del self._groups[_group_of(photo)]


def _group_of(photo: OrderedPhoto) -> Hashable:
    """Return the key of a photo that may share its batch; any other photo is a group of its own."""
    return photo.key if photo.shares else photo


def _discard(entries: list[Any], beginning: Sequence[int]) -> None:
    """Remove the entry that begins with these numbers."""
    del entries[bisect_left(entries, beginning)]
