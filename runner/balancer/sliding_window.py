"""What came in the last minute: for the rates and the percentiles of /v1/status.

Prometheus works such things out for itself, from the histograms of `runner.balancer.stats`; who looks at
`/v1/status` or `runner top` has no Prometheus at hand.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

#: How far a window looks back.
WINDOW_SECONDS = 60.0
#: Values that a window keeps; of more in a minute, 68 a second, only the last are looked at.
MAX_VALUES = 4096

V = TypeVar("V")


class SlidingWindow(Generic[V]):
    """Values with the times at which they came, the oldest first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._values: deque[tuple[float, V]] = deque(maxlen=MAX_VALUES)

    def add(self, value: V) -> None:
        """A value that comes now."""
        self._values.append((self._clock(), value))

    def values(self) -> list[V]:
        """Those of the last minute."""
        self._forget()
        return [value for _, value in self._values]

    def rate(self) -> float:
        """How many came a second; in the first minute, since it began."""
        self._forget()
        now = self._clock()
        since = self._values[0][0] if len(self._values) == MAX_VALUES else now - WINDOW_SECONDS
        return len(self._values) / max(now - max(since, self._began), 1.0)

    def _forget(self) -> None:
        past = self._clock() - WINDOW_SECONDS
        while self._values and self._values[0][0] < past:
            self._values.popleft()


def quantiles(values: Sequence[float], *parts: float) -> list[float | None]:
    """For each part, 0 < part <= 1, the smallest value that so much of all do not exceed; None of nothing."""
    ordered = sorted(values)
    return [ordered[math.ceil(part * len(ordered)) - 1] if ordered else None for part in parts]


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values) / len(values) if values else None
