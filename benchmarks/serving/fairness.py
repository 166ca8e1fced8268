"""Count the batches before a lone photo that comes while another sender has 500 waiting.

A batch begins when the one before it at its runner was answered, or when it is sent to an idle runner. Those
batches count that begin after the lone photo came and before its own begins. The batch that is being painted
when it comes does not count; the next one that its runner holds does. Every other lone photo has another
size, so that it needs a batch of its own. The engine sleeps.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time

from benchmarks.reporting.findings import Figure, ReportLine
from benchmarks.reporting.progress import progress
from benchmarks.serving.null_engine import slow_photo
from benchmarks.serving.served import NULL, SentBatch, Served, a_job, served
from styles.contract import DEFAULT_SIZE

#: Photos of the one sender under way at any time.
MANY = 500
#: Arrivals of a lone photo, and the seconds between them, at random up to this.
ARRIVALS, BETWEEN = 60, 0.3
#: Seconds that a batch takes, and bytes of a photo.
BATCH_SECONDS, SIZE = 0.06, 20_000
#: Target: the most batches before the lone photo's own.
TARGET = 2


async def run() -> list[ReportLine]:
    """Measure the median and the worst of many arrivals."""
    dice = random.Random(6)
    async with served(NULL) as ours:
        flood = asyncio.create_task(_flood(ours))
        await asyncio.sleep(5 * BATCH_SECONDS)
        waits = []
        for number in range(ARRIVALS):
            progress(f"photo {number + 1} of {ARRIVALS}")
            await asyncio.sleep(dice.uniform(0, BETWEEN))
            waits.append(await _lone(ours, number))
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
    measure = f"one photo among {MANY} of another sender, batches before its own"
    return [
        Figure(measure=f"{measure}, median of {ARRIVALS}", value=statistics.median(waits), unit="batches"),
        Figure(measure=f"{measure}, worst", value=max(waits), unit="batches", target=TARGET, note="turns"),
    ]


async def _flood(ours: Served) -> None:
    """Keep `MANY` photos of one sender under way."""
    photo = slow_photo(BATCH_SECONDS, SIZE)

    async def again() -> None:
        while True:
            await ours.balancer.submit(a_job(photo, ours.styles[0], "many"))

    await asyncio.gather(*[again() for _ in range(MANY)])


async def _lone(ours: Served, number: int) -> int:
    """Count the batches that began before the one with this sender's photo."""
    photo = slow_photo(BATCH_SECONDS, SIZE, number + 1)
    side = 512 if number % 2 else DEFAULT_SIZE
    came = time.perf_counter()
    await ours.balancer.submit(a_job(photo, ours.styles[1], f"one{number}", size=side))
    begins = begins_of(ours.fleet.batches)
    own = next(begin for batch, begin in begins if photo in batch.photos)
    return sum(came < begin < own for _, begin in begins)


def begins_of(batches: list[SentBatch]) -> list[tuple[SentBatch, float]]:
    """Return when each batch began at its runner."""
    before: dict[str, float] = {}
    found = []
    for batch in batches:
        found.append((batch, max(batch.sent, before.get(batch.runner, 0.0))))
        before[batch.runner] = batch.answered or float("inf")
    return found
