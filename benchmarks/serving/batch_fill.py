"""Measure how full batches are at saturation in eight styles, and the balancer's own limit.

Full batches make a GPU fast; a CPU paints the photos of a batch one by one (`fill` in notes.toml). For the
fill a batch takes as long as with the real engine. For the speed it takes no time, so that the balancer is
the slowest part.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.reporting.findings import Figure, ReportLine
from benchmarks.reporting.progress import progress
from benchmarks.serving.null_engine import slow_photo
from benchmarks.serving.served import NULL, BusySenders, Served, keep_busy, served

#: Senders, each with one photo on its way.
SENDERS = 64
#: Bytes of a photo, and seconds that a batch takes: about what the real engine takes for four photos on two
#: cores, which it paints one after the other.
SIZE, BATCH_SECONDS = 200_000, 0.3
#: Seconds of a measurement, and before it.
SECONDS, FILLING = 5.0, 1.0
#: Target: the share of a batch that is filled.
TARGET = 0.9


async def run() -> list[ReportLine]:
    """Measure the fill, and photos a second with one runner and with four."""
    return [await _fill(), await _rate(1), await _rate(4)]


async def _fill() -> Figure:
    progress("the fill")
    async with served(NULL) as ours, _busy(ours, BATCH_SECONDS):
        fills = ours.balancer.stats.fills
        before = len(fills.values())
        await asyncio.sleep(SECONDS)
        value = 100 * statistics.mean(fills.values()[before:])
    return Figure(
        measure=f"batch fill with {len(ours.styles)} styles mixed, {SENDERS} senders",
        value=value,
        unit="%",
        at_least=100 * TARGET,
        note="fill",
    )


async def _rate(processes: int) -> Figure:
    progress(f"the speed, runners: {processes}")
    async with served(NULL, processes=processes) as ours, _busy(ours, 0) as busy:
        before, started = len(busy.seconds), time.perf_counter()
        await asyncio.sleep(SECONDS)
        value = (len(busy.seconds) - before) / (time.perf_counter() - started)
    runners = "1 runner" if processes == 1 else f"{processes} runners"
    return Figure(measure=f"through the balancer, null engine, {runners}", value=value, unit="photos/s")


@asynccontextmanager
async def _busy(ours: Served, batch_seconds: float) -> AsyncIterator[BusySenders]:
    """Run while more photos come than can be painted, after a start-up time."""
    photos = [slow_photo(batch_seconds, SIZE, number) for number in range(16)]
    async with keep_busy(ours.balancer.submit, photos, ours.styles, SENDERS) as busy:
        await asyncio.sleep(FILLING)
        yield busy
