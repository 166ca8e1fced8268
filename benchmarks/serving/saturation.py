"""Measure how much of a runner's own speed is left when photos come through the balancer.

    pipeline   `BatchExecutor.paint` in a loop in this process, full batches of mixed styles, two at a time:
               what a runner process does, without balancer, sockets and a process of its own
    engine     `Engine.run_batch` in a loop: decoding, painting and encoding one after the other
    through    balancer, fleet and one runner process, many senders that never let up

All take turns of some batches, each with the whole machine to itself.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.reporting.findings import Figure, ReportLine
from benchmarks.reporting.progress import progress
from benchmarks.serving.served import REAL, Served, keep_busy, served
from registry.client import RegistryClient
from runner.config import RunnerConfig
from runner.fleet.blob_cache import BlobCache
from runner.process.engine import BatchItem, Engine
from runner.process.executor import BatchExecutor
from runner.protocol.messages import CREDITS, StyleShare, Task
from styles.contract import StyleOptions
from tests.fakes.styles.photos import jpeg
from tests.fakes.waiting import until

#: A photo as it is painted, pixels.
SIZE = (1024, 683)
#: Photos, and senders that each have one on its way: enough for some batches to wait at any time.
PHOTOS, SENDERS = 16, 24
#: Turns of each, batches of a turn, and those before that fill the queue.
TURNS, BATCHES, FILLING = 4, 12, 2
#: Seconds after which a turn must be over.
TIMEOUT = 120.0
#: The part that is to be left, and the percentage of a batch's places that are to be taken.
TARGET, FILL = 0.95, 90.0


async def run() -> list[ReportLine]:
    """Measure photos a second, alone and through the balancer."""
    photos = [jpeg(seed, SIZE) for seed in range(PHOTOS)]
    pipeline, engine, through = [], [], []
    async with served(REAL) as ours, _alone(ours, photos) as alone:
        await _rate(
            ours, photos
        )  # until each style has a model of its own (`styles/inference/openvino_backend/specialization.py`)
        for turn in range(TURNS):
            progress(f"turn {turn + 1} of {TURNS}")
            pipeline.append(await alone.pipeline_rate(BATCHES))
            engine.append(await alone.engine_rate(BATCHES))
            through.append(await _rate(ours, photos))
        fills = ours.balancer.stats.fills.values()
    whole, measure = statistics.mean(through), "throughput at saturation, through the balancer"
    return [
        Figure(
            measure=measure,
            value=whole,
            unit="photos/s",
            against="a runner's pipeline alone",
            against_value=statistics.mean(pipeline),
            part=TARGET,
            note="saturation",
        ),
        Figure(
            measure=measure,
            value=whole,
            unit="photos/s",
            against="the engine alone, one step after the other",
            against_value=statistics.mean(engine),
        ),
        Figure(
            measure=f"batch fill meanwhile, {len(ours.styles)} styles mixed",
            value=100 * statistics.mean(fills),
            unit="%",
            at_least=FILL,
            note="fill",
        ),
    ]


class _Alone:
    """Run the engine by itself and in a runner's pipeline, with full batches of mixed styles."""

    def __init__(
        self, photos: Sequence[bytes], digests: Sequence[str], blobs: BlobCache, in_batch: int
    ) -> None:
        self._engine, self._blobs, self._in_batch = Engine("cpu"), blobs, in_batch
        self._executor = BatchExecutor(lambda: self._engine, blobs.path, RunnerConfig().cache_bytes)
        pairs = zip(itertools.cycle(photos), itertools.cycle(digests), strict=False)
        self._tasks = (Task(parts=(StyleShare(digest=d),), image=p, options=StyleOptions()) for p, d in pairs)

    async def pipeline_rate(self, batches: int) -> float:
        """Return photos a second through the executor, with the number of batches that a runner holds."""
        counted = iter(range(batches))

        async def paint() -> None:
            for _ in counted:  # all take from the same
                await self._executor.paint(self._batch())

        started = time.perf_counter()
        await asyncio.gather(*[paint() for _ in range(CREDITS)])
        return batches * self._in_batch / (time.perf_counter() - started)

    async def engine_rate(self, batches: int) -> float:
        """Return photos a second through the engine, one batch after the other."""
        work = [[await self._item(task) for task in self._batch()] for _ in range(batches)]
        started = time.perf_counter()
        for items in work:
            await asyncio.to_thread(self._engine.run_batch, items)
        return batches * self._in_batch / (time.perf_counter() - started)

    def _batch(self) -> list[Task]:
        return list(itertools.islice(self._tasks, self._in_batch))

    async def _item(self, task: Task) -> BatchItem:
        digest = task.parts[0].digest
        style = self._engine.load(digest, await self._blobs.path(digest))
        return BatchItem(style=style, image=task.image, options=task.options)


@asynccontextmanager
async def _alone(ours: Served, photos: Sequence[bytes]) -> AsyncIterator[_Alone]:
    """Yield a runner's engine with every style loaded, after some paintings."""
    with tempfile.TemporaryDirectory() as folder:
        async with RegistryClient(ours.registry.url) as registry:
            digests = [(await registry.resolve(name)).digest for name in ours.styles]
            in_batch = ours.config.batch_pixels // StyleOptions().size ** 2
            alone = _Alone(photos, digests, BlobCache(Path(folder), registry.download), in_batch)
            await alone.pipeline_rate(FILLING + BATCHES)  # as the runner is
            yield alone


async def _rate(ours: Served, photos: Sequence[bytes]) -> float:
    """Return photos a second of one turn, between two batches, while the queue is never empty."""
    begun = len(ours.fleet.batches)
    async with keep_busy(ours.balancer.submit, photos, ours.styles, SENDERS):
        await until(lambda: len(_answers(ours, begun)) > FILLING + BATCHES, TIMEOUT)
        answers = _answers(ours, begun)[FILLING:]
    await until(
        lambda: not ours.balancer.scheduler.in_flight, TIMEOUT
    )  # it paints on, though nobody waits any more
    return sum(count for _, count in answers[1:]) / (answers[-1][0] - answers[0][0])


def _answers(ours: Served, begun: int) -> list[tuple[float, int]]:
    """Return when batches were answered, with their photos, in order, without the first `begun`."""
    return sorted((b.answered, len(b.photos)) for b in ours.fleet.batches[begun:] if b.answered)
