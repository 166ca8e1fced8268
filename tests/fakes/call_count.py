"""Count the function calls that some work takes, which shows how it grows on a machine of any speed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by some work, done once before so that all caches are filled."""
    count = 0

    def tally(_frame: Any, _event: str, _argument: Any) -> None:
        nonlocal count
        count += 1

    work()
    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
