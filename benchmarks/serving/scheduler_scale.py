"""Measure the processor time of the balancer for a photo with 8 to 1,024 runners, on a virtual clock.

The balancer is the real one. The runners are simulated (`benchmarks.cluster.fleet`): 8 ms a photo, and the
estimates are wrong by a tenth. As many photos are on their way as the runners hold, and half as many again.
The time is that of the whole process, so simulated runners and senders count too.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass

from benchmarks.cluster.fleet import RunnerSpeed, SimulatedFleet
from benchmarks.cluster.workload import PHOTOS_OF_MAIL, Gallery, Workload
from benchmarks.reporting.findings import Figure, ReportLine
from benchmarks.reporting.progress import progress
from runner.balancer.balancer import Balancer
from runner.balancer.stats import Stats, mean
from runner.config import BalancerConfig
from runner.garbage_collection import rare_collections
from tests.fakes import clock

#: Runners of each measurement.
RUNNERS = (8, 32, 128, 512, 1024)
#: Photos of the usual size that a runner holds, and photos on their way for each of those.
HELD, WAITING = 8, 1.5
#: Photos that are measured for each runner, at least and at most; as many as are on their way warm up.
LEAST, MOST = 2000, 20_000
#: Target: milliseconds of the balancer for a photo with `TARGET_RUNNERS`.
TARGET, TARGET_RUNNERS = 1.0, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleResult:
    """Hold what one measurement found."""

    cpu_seconds: float  #: of the process, for a photo
    fill: float  #: of the batches, from 0 to 1
    rate: float  #: photos painted in a virtual second
    busy: float  #: share of the virtual time that the runners worked


async def run() -> list[ReportLine]:
    """Measure each number of runners."""
    lines: list[ReportLine] = []
    for runners in RUNNERS:
        progress(f"runners: {runners}")
        result = await asyncio.to_thread(measured, runners)
        lines.append(
            Figure(
                measure=f"processor time for a photo, {runners:,} runners",
                value=1000 * result.cpu_seconds,
                unit="ms",
                target=TARGET if runners == TARGET_RUNNERS else None,
                note="scheduler-scale",
            )
        )
    return lines


def measured(runners: int, photos: int = 0, seed: int = 1) -> ScaleResult:
    """Measure `photos`, or as many as that number of runners needs."""
    with rare_collections():  # as in the balancer's process
        return clock.run(_measured(runners, photos or min(max(LEAST, 20 * runners), MOST), seed))


async def _measured(runners: int, photos: int, seed: int) -> ScaleResult:
    loop, dice, gallery = asyncio.get_running_loop(), random.Random(seed), Gallery()
    fleet = SimulatedFleet(runners, gallery.bases, RunnerSpeed(), dice)
    waiting = round(HELD * runners * WAITING)
    mails = round(waiting / PHOTOS_OF_MAIL)
    config = BalancerConfig(max_queued=10 * waiting, max_queued_bytes=1 << 50, deadline_seconds=3000)
    balancer = Balancer(fleet, gallery, config, stats=Stats(loop.time))
    await balancer.startup()
    workload, painted = Workload(dice), 0

    async def send(number: int) -> None:
        """Send one mail after the other."""
        nonlocal painted
        while True:
            mail = workload.mail(f"{number}")
            await asyncio.gather(*[balancer.submit(job) for job in mail.jobs])
            painted += len(mail.jobs)
            if painted >= waiting:
                warm.set()
            if painted >= waiting + photos:
                done.set()

    warm, done = asyncio.Event(), asyncio.Event()
    senders = [asyncio.create_task(send(number)) for number in range(mails)]
    await warm.wait()
    cpu, now, count, busy = time.process_time(), loop.time(), painted, fleet.busy
    await done.wait()
    seconds = (time.process_time() - cpu) / (painted - count)
    worked = (fleet.busy - busy) / (loop.time() - now) / runners
    rate = (painted - count) / (loop.time() - now)
    fill = mean(balancer.stats.fills.values()) or 0.0
    for sender in senders:
        sender.cancel()
    await asyncio.wait(senders)
    await balancer.shutdown()
    return ScaleResult(cpu_seconds=seconds, fill=fill, rate=rate, busy=worked)
