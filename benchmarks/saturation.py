"""How much of the engine's own speed is left when photos come through the balancer, more than can be painted.

    alone      `Engine.run_batch` in a loop in this process, the batches that the balancer forms
    through    balancer, fleet and one runner process with the same engine, many senders that never let up

Both take turns, each the whole machine for some seconds; while one is measured the other rests.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence

from benchmarks.report import Figure, Line
from benchmarks.served import REAL, Served, keep_busy, served
from runner.engine import Engine, Item
from styles import checkpoint
from styles.contract import StyleOptions
from tests.fakes.photos import jpeg

#: A photo as it is painted, pixels.
SIZE = (1024, 683)
#: Photos, and senders that each have one on its way: enough for some batches to wait at any time.
PHOTOS, SENDERS = 16, 24
#: Turns of each, and seconds of a turn.
TURNS, SECONDS = 3, 6.0
#: Before a turn through the balancer is counted, seconds: the queue fills.
FILLING = 1.5
#: The share that is to be left.
TARGET = 0.95


async def run() -> list[Line]:
    """Photos a second, alone and through the balancer."""
    photos = [jpeg(seed, SIZE) for seed in range(PHOTOS)]
    alone, through = [], []
    async with served(REAL) as ours:
        engine = _LoopedEngine(photos, photos_of_a_batch(ours))
        for _ in range(TURNS):
            alone.append(await asyncio.to_thread(engine.rate))
            through.append(await _rate(ours, photos))
    return [
        Figure(
            measure="throughput at saturation, through the balancer",
            value=sum(through) / TURNS,
            unit="photos/s",
            against="the engine alone",
            against_value=sum(alone) / TURNS,
            at_least=TARGET * sum(alone) / TURNS,
        )
    ]


def photos_of_a_batch(ours: Served) -> int:
    """How many photos of the usual size fit."""
    return int(ours.config.batch_pixels // StyleOptions().size ** 2)


class _LoopedEngine:
    """The engine, which is given full batches of mixed styles, one after the other."""

    def __init__(self, photos: Sequence[bytes], in_batch: int) -> None:
        engine = Engine("cpu")
        styles = [engine.load(f"sha256:{s.card.name}", s.weights) for s in checkpoint.shipped()]
        endless = zip(itertools.cycle(photos), itertools.cycle(styles), strict=False)
        self._items = (Item(style=s, image=p, options=StyleOptions()) for p, s in endless)
        self._engine, self._in_batch = engine, in_batch
        self._batch()

    def rate(self) -> float:
        """Photos a second of one turn."""
        started, count = time.perf_counter(), 0
        while time.perf_counter() - started < SECONDS:
            count += self._batch()
        return count / (time.perf_counter() - started)

    def _batch(self) -> int:
        return len(self._engine.run_batch(list(itertools.islice(self._items, self._in_batch))))


async def _rate(ours: Served, photos: Sequence[bytes]) -> float:
    """Photos a second of one turn: from one batch's answer to another's, while the queue is never empty."""
    async with keep_busy(ours.balancer.submit, photos, ours.styles, SENDERS):
        await asyncio.sleep(FILLING)
        begun = time.perf_counter()
        await asyncio.sleep(SECONDS)
        ends = sorted(
            (b.answered, len(b.photos)) for b in ours.fleet.batches if b.answered and b.answered > begun
        )
    await _rest(ours)
    return sum(count for _, count in ends[1:]) / (ends[-1][0] - ends[0][0])


async def _rest(ours: Served) -> None:
    """Until the runner has painted what nobody waits for any more."""
    while ours.balancer.in_flight:
        await asyncio.sleep(0.05)
