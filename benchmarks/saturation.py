"""How much of the engine's own speed is left when photos come through the balancer, more than can be painted.

    alone      `Engine.run_batch` in a loop in this process, full batches of mixed styles
    through    balancer, fleet and one runner process with the same engine, many senders that never let up

Both take turns, each some batches long with the whole machine to itself.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence

from benchmarks.report import Figure, Line
from benchmarks.served import REAL, Served, keep_busy, served
from runner.engine import Engine, Item
from styles import checkpoint
from styles.contract import StyleOptions
from tests.fakes.photos import jpeg
from tests.fakes.waiting import until

#: A photo as it is painted, pixels.
SIZE = (1024, 683)
#: Photos, and senders that each have one on its way: enough for some batches to wait at any time.
PHOTOS, SENDERS = 16, 24
#: Turns of each, batches of a turn, and those before that fill the queue. A batch takes half a second.
TURNS, BATCHES, FILLING = 4, 12, 2
#: A turn is over by then, seconds.
PATIENCE = 120.0
#: The part that is to be left, and the percentage of a batch's places that are to be taken.
TARGET, FILL = 0.95, 90.0


async def run() -> list[Line]:
    """Photos a second, alone and through the balancer."""
    photos = [jpeg(seed, SIZE) for seed in range(PHOTOS)]
    alone, through = [], []
    async with served(REAL) as ours:
        engine = _LoopedEngine(photos, ours.config.batch_pixels // StyleOptions().size ** 2)
        for _ in range(TURNS):
            alone.append(await asyncio.to_thread(engine.rate))
            through.append(await _rate(ours, photos))
        fills = ours.balancer.meter.fills.values()
    return [
        Figure(
            measure="throughput at saturation, through the balancer",
            value=sum(through) / TURNS,
            unit="photos/s",
            against="the engine alone",
            against_value=sum(alone) / TURNS,
            part=TARGET,
            note="saturation",
        ),
        Figure(
            measure=f"batch fill meanwhile, {len(ours.styles)} styles mixed",
            value=100 * statistics.mean(fills),
            unit="%",
            at_least=FILL,
            note="fill",
        ),
    ]


class _LoopedEngine:
    """The engine, which is given full batches of mixed styles, one after the other."""

    def __init__(self, photos: Sequence[bytes], in_batch: int) -> None:
        engine = Engine("cpu")
        styles = [engine.load(f"sha256:{s.card.name}", s.weights) for s in checkpoint.shipped()]
        endless = zip(itertools.cycle(photos), itertools.cycle(styles), strict=False)
        self._items = (Item(style=s, image=p, options=StyleOptions()) for p, s in endless)
        self._engine, self._in_batch = engine, in_batch
        self._paint(FILLING)

    def rate(self) -> float:
        """Photos a second of one turn."""
        started = time.perf_counter()
        return self._paint(BATCHES) / (time.perf_counter() - started)

    def _paint(self, batches: int) -> int:
        for _ in range(batches):
            self._engine.run_batch(list(itertools.islice(self._items, self._in_batch)))
        return batches * self._in_batch


async def _rate(ours: Served, photos: Sequence[bytes]) -> float:
    """Photos a second of one turn: from one batch's answer to another's, while the queue is never empty."""
    begun = len(ours.fleet.batches)
    async with keep_busy(ours.balancer.submit, photos, ours.styles, SENDERS):
        await until(lambda: len(_answers(ours, begun)) > FILLING + BATCHES, PATIENCE)
        answers = _answers(ours, begun)[FILLING:]
    await until(lambda: not ours.balancer.in_flight, PATIENCE)  # it paints on, though nobody waits any more
    return sum(count for _, count in answers[1:]) / (answers[-1][0] - answers[0][0])


def _answers(ours: Served, begun: int) -> list[tuple[float, int]]:
    """When batches were answered, and their photos, in order; without the first `begun`."""
    return sorted((b.answered, len(b.photos)) for b in ours.fleet.batches[begun:] if b.answered)
