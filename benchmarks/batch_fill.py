"""How full batches are at saturation with all eight styles mixed, and how fast the balancer can go at all.

The engine does nothing, so that the balancer has no time in hand: what a batch lacks, the balancer did not find.
"""

from __future__ import annotations

import asyncio
import statistics
import time

from benchmarks.null_runner import slow_photo
from benchmarks.report import Figure, Line
from benchmarks.saturation import photos_of_a_batch
from benchmarks.served import NULL, Served, keep_busy, served

#: Senders, each with one photo on its way.
SENDERS = 64
#: Bytes of a photo, and seconds that a batch takes: what the real engine takes for four photos.
SIZE, BATCH_SECONDS = 200_000, 0.2
#: Seconds of a measurement, and before it.
SECONDS, FILLING = 5.0, 1.0
#: The share of a batch that is to be filled.
TARGET = 0.9


async def run() -> list[Line]:
    """The fill, and photos a second with one runner and with four."""
    lines: list[Line] = [await _fill()]
    lines += [await _rate(processes) for processes in (1, 4)]
    return lines


async def _fill() -> Figure:
    photos = [slow_photo(BATCH_SECONDS, SIZE, number) for number in range(16)]
    async with served(NULL) as ours:
        sizes = await _batches(ours, photos)
        fits = photos_of_a_batch(ours)
    return Figure(
        measure=f"batch fill with {len(ours.styles)} styles mixed, {SENDERS} senders",
        value=100 * statistics.mean(sizes) / fits,
        unit="%",
        at_least=100 * TARGET,
    )


async def _rate(processes: int) -> Figure:
    photos = [slow_photo(0, SIZE, number) for number in range(16)]
    async with served(NULL, processes=processes) as ours:
        started = time.perf_counter()
        sizes = await _batches(ours, photos)
        seconds = time.perf_counter() - started - FILLING
    runners = "one runner" if processes == 1 else f"{processes} runners"
    return Figure(measure=f"through the balancer, null engine, {runners}", value=sum(sizes) / seconds, unit="photos/s")


async def _batches(ours: Served, photos: list[bytes]) -> list[int]:
    """The sizes of the batches sent while the queue was never empty."""
    async with keep_busy(ours.balancer.submit, photos, ours.styles, SENDERS):
        await asyncio.sleep(FILLING)
        first = len(ours.fleet.batches)
        await asyncio.sleep(SECONDS)
        return [len(batch.photos) for batch in ours.fleet.batches[first:]]
