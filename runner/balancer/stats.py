"""Count and measure the work of the balancer, for /v1/status and /metrics.

Prometheus computes rates and percentiles from the histograms. /v1/status has those of the last minute, since
a user of `runner top` may have no Prometheus. Memory does not grow with requests: counts are by runner,
device and error class, never by style or sender, whose number is not limited.
"""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Histogram

from runner.fleet.fleet import RunnerState
from styles.errors import PainterError

#: Bounds of the histograms of times, seconds: from a GPU's milliseconds to the deadline of 120 s.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
#: Bounds of the photos in a batch: at the usual size four are full, and sixteen at any size.
PHOTOS = (1, 2, 3, 4, 6, 8, 12, 16)
#: Bounds of the fill of a batch, from 0 to 1.
FILL = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
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


class Measurement(SlidingWindow[float]):
    """Hold a measured quantity: its last minute for /v1/status, its histogram for Prometheus."""

    def __init__(self, clock: Callable[[], float], histogram: Histogram) -> None:
        super().__init__(clock)
        self._histogram = histogram

    def add(self, value: float, *labels: str) -> None:
        """Add a value now; `labels` are those of the histogram."""
        super().add(value)
        (self._histogram.labels(*labels) if labels else self._histogram).observe(value)


class Stats:
    """Count painted and failed photos, and measure their times."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self.photos: Counter[tuple[str, str]] = Counter()  #: painted, by runner and its device
        self.failed: Counter[str] = Counter()  #: by the error's class
        self.failing: SlidingWindow[str] = SlidingWindow(clock)  #: in the last minute
        self._seen: dict[str, tuple[int | None, str, float]] = {}  # pid, state, and since when
        #: The histograms, for Prometheus.
        self.registry = CollectorRegistry()
        self.waits = self._measured("queue_seconds", "Seconds until a runner got to a photo.", SECONDS)
        self.answers = self._measured("photo_seconds", "Seconds from a whole photo to its picture.", SECONDS)
        self.sizes = self._measured("batch_photos", "Photos in a batch.", PHOTOS)
        self.fills = self._measured("batch_fill", "Photos in a batch, of those that would fit.", FILL)
        engine_help = "Seconds to decode, paint and encode one."
        self.engine = self._measured("engine_seconds", engine_help, SECONDS, "device")

    def saw(self, runners: Sequence[RunnerState]) -> None:
        """Note the states of the runners after a change."""
        now = self._clock()
        for runner in runners:
            last = self._seen.get(runner.name)
            if last is None or last[:2] != (runner.pid, runner.state):
                self._seen[runner.name] = (runner.pid, runner.state, now)

    def since(self, runner: RunnerState) -> float:
        """Return the seconds for which a runner has had its process and state."""
        return self._clock() - self._seen[runner.name][2] if runner.name in self._seen else 0.0

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._began

    @property
    def painted(self) -> int:
        """Photos painted."""
        return self.photos.total()

    def dispatched(self, photos: int, places: int) -> None:
        """Count a batch that goes to a runner: its photos, and the photos that would fit."""
        self.sizes.add(photos)
        self.fills.add(min(photos / places, 1.0))

    def finished(self, seconds: float, runner: RunnerState) -> None:
        """Count a painted photo, with the seconds of the engine."""
        self.photos[runner.name, runner.device] += 1
        self.engine.add(seconds, runner.device)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the failure if the block refuses a photo."""
        try:
            yield
        except PainterError as error:
            self.refused(error)
            raise

    def refused(self, error: PainterError) -> None:
        """Count a photo that was not painted."""
        name = type(error).__name__
        self.failed[name] += 1
        self.failing.add(name)

    def _measured(self, name: str, help: str, bounds: Sequence[float], *labels: str) -> Measurement:
        histogram = Histogram(f"painter_{name}", help, labels, buckets=bounds, registry=self.registry)
        return Measurement(self._clock, histogram)


def quantiles(values: Sequence[float], *parts: float) -> list[float | None]:
    """Return the quantile of each part, 0 < part <= 1, by nearest rank; None without values."""
    ordered = sorted(values)
    return [ordered[math.ceil(part * len(ordered)) - 1] if ordered else None for part in parts]


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None without values."""
    return sum(values) / len(values) if values else None
