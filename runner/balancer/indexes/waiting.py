"""Know which photos wait for a busy runner, so that they are not compared with all runners at each decision.

A photo is looked at again when its patience ends, when its runner gets or ends a batch or becomes late, and
when another runner that holds its network gets a credit. A sheet has no network of its own, and is looked at
again when any runner is idle.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class WaitingPhotos(Generic[K]):
    """Hold photos that wait, each by the things that end its wait."""

    def __init__(self) -> None:
        self._reasons: dict[K, tuple[Hashable, ...]] = {}
        self._by_reason: dict[Hashable, dict[K, None]] = {}
        self._until: list[tuple[float, int, K]] = []  # may hold photos that wait no more
        self._count = itertools.count()

    def __contains__(self, photo: K) -> bool:
        return photo in self._reasons

    def add(self, photo: K, until: float, reasons: Iterable[Hashable]) -> None:
        """Have a photo wait until a time, or until `disturb` is called with one of the reasons."""
        self._reasons[photo] = tuple(reasons)
        for reason in self._reasons[photo]:
            self._by_reason.setdefault(reason, {})[photo] = None
        heapq.heappush(self._until, (until, next(self._count), photo))

    def disturb(self, reason: Hashable) -> None:
        """End the wait of all photos that have this reason."""
        for photo in list(self._by_reason.get(reason, ())):
            self._end(photo)

    def expire(self, now: float) -> float:
        """End the waits that are over, and return when the next one will be."""
        while self._until and (self._until[0][0] <= now or self._until[0][2] not in self._reasons):
            _, _, photo = heapq.heappop(self._until)
            if photo in self._reasons:
                self._end(photo)
        return self._until[0][0] if self._until else math.inf

    def _end(self, photo: K) -> None:
        for reason in self._reasons.pop(photo):
            photos = self._by_reason[reason]
            del photos[photo]
            if not photos:
                del self._by_reason[reason]
