"""Measure cold starts: of a style that the runner does not hold, and of a runner.

Everything is real but the registry, which is a small one over HTTP. A style is published, and a photo is
painted in it at once by `Balancer.submit`: the name is resolved, the file pulled, the network compiled. Then
another photo of the same size is painted in it. The difference is the cost of the cold style. A minute.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from benchmarks.painting.subjects import photo
from benchmarks.painting.variants import (
    Variant,
    on_its_own_base,
    on_the_shipped_base,
    publish,
    transformer_net,
)
from benchmarks.reporting.findings import ReportLine, Row
from benchmarks.reporting.progress import progress
from benchmarks.serving.served import REAL, Served, a_job, served
from runner.config import RunnerConfig
from runner.fleet.local_fleet import LocalFleet
from runner.protocol.messages import PaintedPhoto, StyleShare, Task
from styles.contract import StyleJob, StyleOptions
from styles.formats import style_file
from tests.fakes.registry.registry import FakeRegistry

#: Styles of each kind, and starts of a runner.
COUNT, STARTS = 15, 7
#: Targets, seconds: above the warm one, and from a runner's start to its first picture.
STYLE_TARGET, START_TARGET = 0.05, 2.0
#: Seconds after which a runner must have started.
TIMEOUT = 60.0

KINDS: Mapping[str, Variant] = {
    "a cold style, above the warm one": on_the_shipped_base,
    "a cold style on a base of its own, above the warm one": on_its_own_base,
    "a cold transformer-net, above the warm one": transformer_net,
}


async def run() -> list[ReportLine]:
    """Measure styles, then starts."""
    async with served(REAL) as ours:
        ours.fleet.loads_ahead = False
        await ours.balancer.submit(a_job(photo(), ours.styles[0]))
        times = await _styles(ours)
    styles = [
        Row(
            measure=name,
            seconds=[cold - warm for cold, warm in pairs],
            target=STYLE_TARGET,
            note="cold-network",
        )
        for name, pairs in times.items()
    ]
    return [*styles, await _starts()]


async def _styles(ours: Served) -> dict[str, list[tuple[float, float]]]:
    """Return the seconds of the cold and of the warm photo in every style; the kinds take turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in KINDS}
    for number in range(COUNT):
        progress(f"turn {number + 1} of {COUNT}")
        for kind, write in enumerate(KINDS.values()):
            await asyncio.to_thread(publish, ours.registry, f"style-{number}-{kind}", write, number)
        for kind, pairs in enumerate(times.values()):
            jobs = [a_job(photo(), f"style-{number}-{kind}") for _ in range(2)]
            cold, warm = [await _timed(ours.balancer.submit, job) for job in jobs]
            pairs.append((cold, warm))
    return times


async def _timed(submit: Callable[[StyleJob], Awaitable[object]], job: StyleJob) -> float:
    started = time.perf_counter()
    await submit(job)
    return time.perf_counter() - started


async def _starts() -> Row:
    """Time a runner process with an empty cache from its start to its first and second picture."""
    first, second = [], []
    for _ in range(STARTS):
        async with FakeRegistry() as registry:
            style = style_file.shipped()[0]
            digest = registry.publish_file(style.card.name, style.weights).digest
            task = Task(parts=(StyleShare(digest=digest),), image=photo(), options=StyleOptions())
            with tempfile.TemporaryDirectory() as folder:
                config = RunnerConfig(device="cpu", cache=Path(folder))
                seconds = await _start(LocalFleet(config, registry.url, batch_seconds=TIMEOUT), task)
        first.append(seconds[0])
        second.append(seconds[1])
    return Row(
        measure="from a runner's start to its first picture",
        seconds=first,
        against="its second",
        against_seconds=second,
        target=START_TARGET,
        note="cold-start",
    )


async def _start(fleet: LocalFleet, task: Task) -> tuple[float, float]:
    changed = asyncio.Event()
    started = time.perf_counter()
    await fleet.startup(changed.set)
    try:
        async with asyncio.timeout(TIMEOUT):
            while fleet.runners()[0].state != "ready":
                changed.clear()
                await changed.wait()
        await _paint(fleet, task)
        painted = time.perf_counter()
        await _paint(fleet, task)
        return painted - started, time.perf_counter() - painted
    finally:
        await fleet.shutdown()


async def _paint(fleet: LocalFleet, task: Task) -> None:
    (outcome,) = await fleet.run(fleet.runners()[0].name, [task])
    assert isinstance(outcome, PaintedPhoto), outcome
