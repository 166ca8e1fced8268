"""What the balancer counts, and the text in which Prometheus reads it."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence

from runner.fleet import RunnerState
from styles.errors import PainterError

#: The rate is that of so many seconds past.
WINDOW_SECONDS = 60.0
#: Photos a second that are assumed before any was painted: a CPU's two cores paint ten.
FIRST_RATE = 1.0


class Meter:
    """Counts what was painted and what failed, and knows the recent rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._finished: deque[float] = deque()
        self.painted = 0
        self.failed: Counter[str] = Counter()  #: by the error's class
        self.queue_seconds = 0.0
        self.engine_seconds = 0.0

    def dispatched(self, waited: float) -> None:
        """A photo went to a runner after `waited` seconds in the queue."""
        self.queue_seconds += waited

    def finished(self, seconds: float) -> None:
        """A photo was painted in `seconds` of the engine."""
        self.painted += 1
        self.engine_seconds += seconds
        self._finished.append(self._clock())

    def refused(self, error: PainterError) -> None:
        """A photo was not painted."""
        self.failed[type(error).__name__] += 1

    def seconds_for(self, photos: float) -> float:
        """How long so many photos take at the recent rate."""
        now = self._clock()
        while self._finished and self._finished[0] < now - WINDOW_SECONDS:
            self._finished.popleft()
        if len(self._finished) < 2:
            return photos / FIRST_RATE
        return photos * max(now - self._finished[0], 0.001) / len(self._finished)


def prometheus(meter: Meter, queued: int, in_flight: int, runners: Sequence[RunnerState]) -> str:
    """The text format of /metrics, version 0.0.4."""
    up = sum(runner.state in ("ready", "busy") for runner in runners)
    lines = [
        *_metric("queued", "gauge", "Photos that wait.", queued),
        *_metric("in_flight", "gauge", "Photos that are with a runner.", in_flight),
        *_metric("painted_total", "counter", "Photos painted.", meter.painted),
        *_metric("queue_seconds_total", "counter", "Seconds that photos waited.", meter.queue_seconds),
        *_metric("engine_seconds_total", "counter", "Seconds of the engines.", meter.engine_seconds),
        *_metric("runners_up", "gauge", "Runners that can paint.", up),
        *_metric("restarts_total", "counter", "Runners restarted.", sum(r.restarts for r in runners)),
        "# HELP painter_failed_total Photos not painted, by reason.",
        "# TYPE painter_failed_total counter",
        *(f'painter_failed_total{{error="{name}"}} {n}' for name, n in sorted(meter.failed.items())),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, help: str, value: float) -> Iterator[str]:
    yield f"# HELP painter_{name} {help}"
    yield f"# TYPE painter_{name} {kind}"
    yield f"painter_{name} {value:g}" if isinstance(value, float) else f"painter_{name} {value}"
