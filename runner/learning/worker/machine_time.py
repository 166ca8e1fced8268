"""Count the time that a machine had for learning.

A learning process yields to the painting of photos. While it gets little of the processor, its minutes should
last longer, or a style that was learnt on a busy day would be poor. They do not last for ever: a poor style
comes before the deadline, and an apology after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: Share of the processor from which on time counts in full: reading photos and waiting for other threads take
#: the rest even on a quiet machine.
FULL_SHARE = 0.5
#: Most times that the minutes may last; five times left 9 steps at a load of 20 on two cores. The balancer's
#: deadline is minutes later (`job.py`).
MOST_TIMES = 10


class FairClock:
    """Return seconds that count less while the processor is taken by others."""

    def __init__(
        self,
        since: float,
        cores: int,
        wall: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = time.process_time,
    ) -> None:
        """Begin at `since`, a time of `wall`, with `cores` that the process uses."""
        self._cores, self._wall, self._processor = cores, wall, processor
        self._now, self._last, self._used = since, since, processor()

    def __call__(self) -> float:
        """Return the time now."""
        wall, used = self._wall(), self._processor()
        passed, worked = wall - self._last, (used - self._used) / self._cores
        self._now += min(passed, max(worked / FULL_SHARE, passed / MOST_TIMES))
        self._last, self._used = wall, used
        return self._now
