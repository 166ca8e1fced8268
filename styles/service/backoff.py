"""Compute the pauses between attempts at what fails again and again.

backoff         doubles with each failure, up to a limit
jittered        the same, but random, so that many clients do not come back at once
restart_pause   nothing after the first death of a process, then a backoff
"""

from __future__ import annotations

import random

#: Doublings after which the pause grows no more: 2.0 to a power of thousands would overflow.
MAX_DOUBLINGS = 32


def backoff(failures: int, first: float, last: float) -> float:
    """Return the seconds to wait: `first` doubled `failures` times, `last` at most."""
    return min(last, first * 2.0 ** min(failures, MAX_DOUBLINGS))


def jittered(failures: int, first: float, last: float) -> float:
    """Return a random time between half of `backoff` and all of it, seconds."""
    return backoff(failures, first, last) * random.uniform(0.5, 1)


def restart_pause(deaths: int, first: float, last: float) -> float:
    """Return the seconds to wait before a restart, after `deaths` deaths in a row before this one."""
    return backoff(deaths - 1, first, last) if deaths else 0.0
