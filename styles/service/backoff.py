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


def restart_pause(deaths: int, first: float, last: float) -> float:
    """Return the seconds to wait before a restart, after `deaths` deaths in a row before this one."""
    return backoff(deaths - 1, first, last) if deaths else 0.0
