"""Set how often Python's collector looks for cycles in the balancer's process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects after which the collector looks at the youngest ones; Python's own number is 700 up to 3.11.
#: Photos on their way are thousands of objects, which it walks for nothing. A photo takes 0.37 ms of the
#: processor in place of 0.44 with 128 runners, and 0.62 in place of 0.78 with 1,024 (in pairs, on a busy
#: machine). 50,000 gains a twentieth more. `gc.freeze` after the start gained at most a fifteenth.
YOUNGEST = 10_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cycles after `YOUNGEST` new objects, until the block ends.

    A cycle may then live longer, so none may hold a photo: `tests/runner/http/test_refused_photos.py`.
    """
    before = gc.get_threshold()
    gc.set_threshold(YOUNGEST, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)
