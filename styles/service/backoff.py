"""Compute the pauses between attempts while an operation keeps failing."""

from __future__ import annotations

import random

#: Doublings after which the pause grows no more: 2.0 to a power of thousands would overflow.
MAX_DOUBLINGS = 32


def backoff(failures: int, first: float, last: float) -> float:
    """Return the seconds to wait: `first` doubled `failures` times, `last` at most."""
    return min(last, first * 2.0 ** min(failures, MAX_DOUBLINGS))


def jittered(failures: int, first: float, last: float) -> float:
    """Return a random part of `backoff`, half at least, so that many clients do not come back at once."""
    return backoff(failures, first, last) * random.uniform(0.5, 1)


class RestartPauses:
    """Count the deaths in a row of what is started again and again, for the pause before each restart.

    There is no pause after the first death, which may be an accident.
    """

    def __init__(self, first: float, last: float, steady: float) -> None:
        """Take the pause after the second death, the longest one, and the life after which they begin anew.

        All are seconds.
        """
        self._first = first
        self._last = last
        self._steady = steady
        #: Deaths in a row.
        self.deaths = 0

    def after(self, lived: float) -> float:
        """Count a death after `lived` seconds, and return the seconds to wait before the restart."""
        if lived > self._steady:
            self.deaths = 0
        pause = backoff(self.deaths - 1, self._first, self._last) if self.deaths else 0.0
        self.deaths += 1
        return pause
