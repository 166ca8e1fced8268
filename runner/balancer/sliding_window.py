"""Keep the values of the last minute, for the rates and percentiles of /v1/status.

Prometheus computes such numbers from the histograms of `runner.balancer.stats`; a user of `runner top` may
have no Prometheus.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

#: Seconds that a window covers.
WINDOW_SECONDS = 60.0
#: Values that a window keeps. If more than 68 a second come, only the last are used.
MAX_VALUES = 4096

V = TypeVar("V")


class SlidingWindow(Generic[V]):
    """Hold values with their times, the oldest first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._values: deque[tuple[float, V]] = deque(maxlen=MAX_VALUES)

    def add(self, value: V) -> None:
        """Add a value now."""
        self._values.append((self._clock(), value))

    def values(self) -> list[V]:
        """Return the values of the last minute."""
        self._forget()
        return [value for _, value in self._values]

    def rate(self) -> float:
        """Return the values per second; in the first minute, since the start."""
        self._forget()
        now = self._clock()
        since = self._values[0][0] if len(self._values) == MAX_VALUES else now - WINDOW_SECONDS
        return len(self._values) / max(now - max(since, self._began), 1.0)

    def _forget(self) -> None:
        past = self._clock() - WINDOW_SECONDS
        while self._values and self._values[0][0] < past:
            self._values.popleft()


def quantiles(values: Sequence[float], *parts: float) -> list[float | None]:
    """Return the quantile of each part, 0 < part <= 1, by nearest rank; None without values."""
    ordered = sorted(values)
    return [ordered[math.ceil(part * len(ordered)) - 1] if ordered else None for part in parts]


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None without values."""
    return sum(values) / len(values) if values else None
