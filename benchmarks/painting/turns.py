"""Run what is compared in turns, so that a noisy machine is noisy for all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

from benchmarks.reporting.progress import progress

#: Seconds between two runs: threads of the one before spin for some milliseconds before they sleep.
PAUSE = 0.05


def in_turns(ways: Mapping[str, Callable[[], object]], count: int) -> dict[str, list[float]]:
    """Return the seconds of each way, `count` times, after a warm-up turn."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(count + 1):
        for name, way in ways.items():
            progress(f"turn {turn} of {count}: {name}")
            gc.collect()
            time.sleep(PAUSE)
            started = time.perf_counter()
            way()
            if turn:
                times[name].append(time.perf_counter() - started)
    return times
