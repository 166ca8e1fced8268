"""Track the photos that wait for a busy runner, so that not each decision compares them with all runners.

A photo is looked at again when its longest wait ends, and when its runner gets or ends a batch or becomes
late. It is also looked at when another runner would begin it sooner. That is one that holds its network and
gets a credit, or for a sheet one that is idle. In its turn the photo is compared with the last such runner
alone, since photos before it may have taken that.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


class WaitingPhotos(Generic[K, R]):
    """Hold photos that wait, each by the things that end its wait, and the runners that may do."""

    def __init__(self) -> None:
        #: Those that need no look, since nothing has happened to them.
        self.quiet: set[K] = set()
        self._reasons: dict[K, tuple[Hashable, ...]] = {}
        self._begins: dict[K, float] = {}  # when its runner would begin it
        self._offered: dict[K, R] = {}  # the last runner that may begin it sooner
        self._by_reason: dict[Hashable, dict[K, None]] = {}
        self._until: list[tuple[float, int, K]] = []  # may hold photos that wait no more
        self._count = itertools.count()

    def add(self, photo: K, until: float, begins: float, reasons: Iterable[Hashable]) -> None:
        """Have a photo wait until a time, or until `disturb` is called with one of the reasons.

        `begins`: when the runner that it waits for would begin it.
        """
        self.quiet.add(photo)
        self._reasons[photo] = tuple(reasons)
        self._begins[photo] = begins
        for reason in self._reasons[photo]:
            self._by_reason.setdefault(reason, {})[photo] = None
        heapq.heappush(self._until, (until, next(self._count), photo))

    def disturb(self, reason: Hashable) -> None:
        """End the wait of all photos that have this reason."""
        for photo in list(self._by_reason.get(reason, ())):
            self._end(photo)

    def offer(self, reason: Hashable, runner: R) -> None:
        """Have all photos that have this reason compared with a runner in their turn."""
        for photo in self._by_reason.get(reason, ()):
            self._offered[photo] = runner
            self.quiet.discard(photo)

    def waits(self, photo: K, begins: Callable[[R], float]) -> bool:
        """Tell whether a photo still waits; `begins` returns when an offered runner would begin it."""
        if photo not in self._reasons:
            return False
        runner = self._offered.pop(photo, None)
        if runner is None or begins(runner) >= self._begins[photo]:
            self.quiet.add(photo)
            return True
        self._end(photo)
        return False

    def expire(self, now: float) -> float:
        """End the waits that are over, and return when the next one will be."""
        while self._until and (self._until[0][0] <= now or self._until[0][2] not in self._reasons):
            _, _, photo = heapq.heappop(self._until)
            if photo in self._reasons:
                self._end(photo)
        return self._until[0][0] if self._until else math.inf

    def _end(self, photo: K) -> None:
        self.quiet.discard(photo)
        del self._begins[photo]
        self._offered.pop(photo, None)
        for reason in self._reasons.pop(photo):
            photos = self._by_reason[reason]
            del photos[photo]
            if not photos:
                del self._by_reason[reason]
