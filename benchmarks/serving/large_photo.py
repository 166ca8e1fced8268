"""Measure how much later a 1,024-pixel photo comes while a photo of 48 megapixels is painted.

One runner has both. Small photos of another sender are sent one after the other: first alone, then from the
moment when the large one is sent until it is painted. So some come while it is decoded, some between its
strips, and some while its picture is encoded.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.painting.full_size import photo
from benchmarks.reporting.findings import Figure, ReportLine, Row
from benchmarks.reporting.progress import progress
from benchmarks.serving.served import REAL, Served, a_job, served
from styles.contract import DEFAULT_SIZE, MAX_SIZE
from styles.imaging.codec import encode

#: Width and height of the large photo: 48 megapixels, as phones take them.
LARGE = (8064, 6048)
#: Small photos that are painted alone, and seconds between two small photos.
ALONE, BETWEEN = 10, 0.2
#: Target: seconds that the last of them may come later.
TARGET = 2.0


async def run() -> Sequence[ReportLine]:
    """Measure small photos alone, and beside a large one."""
    progress("photos are made")
    large = await asyncio.to_thread(lambda: encode(photo(*LARGE)))
    small = await asyncio.to_thread(lambda: encode(photo(DEFAULT_SIZE, DEFAULT_SIZE * 3 // 4)))
    async with served(REAL) as ours:
        await _seconds(ours, small, lambda sent: sent < ALONE)  # its style gets a model of its own
        alone = await _seconds(ours, small, lambda sent: sent < ALONE)
        started = time.perf_counter()
        job = a_job(large, ours.styles[0], "large", size=MAX_SIZE)
        painting = asyncio.create_task(ours.balancer.submit(job))
        beside = await _seconds(ours, small, lambda _: not painting.done())
        await painting
        whole = time.perf_counter() - started
    usual = statistics.median(alone)
    return [
        Row(measure="a 1,024-pixel photo, alone", seconds=alone),
        Row(measure="a 1,024-pixel photo while 48 megapixels are painted", seconds=beside),
        Figure(
            measure="how much later the last of them comes",
            value=max(beside) - usual,
            unit="s",
            target=TARGET,
        ),
        Row(measure="48 megapixels beside them", seconds=[whole]),
    ]


async def _seconds(ours: Served, small: bytes, goes_on: Callable[[int], bool]) -> list[float]:
    """Send small photos one after the other, and return the seconds of each."""
    seconds: list[float] = []
    while goes_on(len(seconds)):
        progress(f"small photo {len(seconds) + 1}")
        started = time.perf_counter()
        await ours.balancer.submit(a_job(small, ours.styles[0], "small"))
        seconds.append(time.perf_counter() - started)
        await asyncio.sleep(BETWEEN)
    return seconds
