"""Count the time that a machine had for learning.

A learning process yields to the painting of photos. While it gets little of the processor, its minutes should
last longer, or a style that was learnt on a busy day would be poor. They do not last for ever: a poor style
comes before the deadline, and an apology after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from hashlib import sha256

#: Share of the processor from which on time counts in full: reading photos and waiting for other threads take
#: the rest even on a quiet machine.
FULL_SHARE = 0.5
#: Most times that the minutes may last; five times left 9 steps at a load of 20 on two cores. Then the most
#: seconds that are added to them: of a long order a process could hold a device for a day. The balancer's
#: deadline is minutes later (`job.py`).
MOST_TIMES, MOST_ADDED = 10, 3600.0
#: Seconds for which a process tries how much of the processor it gets, and bytes of a block of that work.
#: On two cores at a load of 6 to 8, the pace of the next 100 seconds was within a factor of two of what half
#: a second had told in 17 of 20 tries, and in 18 of what ten seconds had told.
TRY_SECONDS, TRY_BYTES = 0.5, 1 << 18
#: Part of that which training gets beside others, since its threads wait for each other. Three trainings
#: on two such cores got 0.35 to 0.5 of it.
TRAINED_SHARE = 0.5


#: Returns the seconds that count since a process has begun.
Clock = Callable[[], float]


class FairClock:
    """Count the seconds since it was made, and fewer while the processor is taken by others."""

    def __init__(
        self, cores: int, wall: Clock = time.monotonic, processor: Clock = time.process_time
    ) -> None:
        """Begin now, for a process that uses `cores`."""
        self._cores, self._wall, self._processor = cores, wall, processor
        self.most_times: float = MOST_TIMES  #: that a second counted may last
        self._seconds, self._last, self._used = 0.0, wall(), processor()

    def __call__(self) -> float:
        """Return the seconds that count so far."""
        wall, used = self._wall(), self._processor()
        passed, worked = wall - self._last, (used - self._used) / self._cores
        self._seconds += min(passed, max(worked / FULL_SHARE, passed / self.most_times))
        self._last, self._used = wall, used
        return self._seconds


def times_of(minutes: float) -> float:
    """Return how many times the minutes of an order may last."""
    return min(MOST_TIMES, 1 + MOST_ADDED / (60 * minutes))


def begun_clock(device: str, cores: int) -> Clock:
    """Begin to count the seconds of a process: on a GPU, which takes turns by itself, all of them."""
    return FairClock(cores) if device == "cpu" else begun_wall_clock()


def begun_wall_clock() -> Clock:
    """Begin to count all seconds, as a person does who waits."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def pace_of(share: float) -> float:
    """Return how many seconds pass for one of the clock, with this share of the processor."""
    return min(MOST_TIMES, max(1.0, FULL_SHARE / max(share, 1e-9)))


def tried_pace(
    cores: int,
    seconds: float = TRY_SECONDS,
    wall: Clock = time.monotonic,
    processor: Clock = time.process_time,
) -> float:
    """Return the pace to expect of a training that begins now."""
    return pace_of(TRAINED_SHARE * tried_share(cores, seconds, wall, processor))


def tried_share(
    cores: int,
    seconds: float = TRY_SECONDS,
    wall: Clock = time.monotonic,
    processor: Clock = time.process_time,
) -> float:
    """Return the share of `cores` that this process gets, by using as much as it can for a moment.

    The load of a machine does not tell it: others may wait for a disk, or learn as well.
    """
    since, used, block = wall(), processor(), bytes(TRY_BYTES)

    def use() -> None:
        while wall() < since + seconds:
            sha256(block).digest()  # without the interpreter's lock

    threads = [threading.Thread(target=use) for _ in range(cores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (processor() - used) / (wall() - since) / cores
