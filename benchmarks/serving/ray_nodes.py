"""Measure what the way to another machine adds to a photo, around an engine that does nothing.

    local   the fleet of this machine: balancer, socket pair, runner process
    ray     the fleet on a Ray cluster: balancer, TCP through a launcher, socket pair, runner process

The nodes are network namespaces of this machine, so the wire takes no time, and all share its cores. The ways
take turns within one run. `pip install '.[ray]'` installs Ray.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.reporting.findings import Figure, Finding, Missing, Row
from benchmarks.reporting.progress import progress
from benchmarks.serving.null_engine import slow_photo
from benchmarks.serving.served import NULL, a_job, keep_busy, served
from runner.app import running
from runner.balancer.balancer import Balancer
from runner.cluster.ray_fleet import RayFleet
from runner.cluster.secure_connections import SECRET
from runner.config import BalancerConfig, RayConfig, RunnerConfig, RunnerConfigFile
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.cluster.ray_cluster import RayCluster, missing
from tests.fakes.runner.cluster.ray_fleet import RELAY_SECRET
from tests.fakes.waiting import until

#: Bytes of a photo, and the name of the measure.
SIZE, THERE_AND_BACK = 200_000, "200 KB there and back by `Balancer.submit`"
#: Turns, photos of each way in a turn, and turns that only warm up.
TURNS, CALLS, WARM = 30, 20, 2
#: Seconds that a batch takes when the throughput is measured, turns of it, their photos, and senders.
BATCH_SECONDS, RATE_TURNS, RATE_PHOTOS, SENDERS = 0.1, 4, 200, 24
#: Seconds for Ray's start and its first runners.
START_SECONDS = 180.0
#: Targets: the median in parts of the local fleet's, and the part of its throughput.
AT_MOST, PART = 1.5, 0.8


async def run() -> list[Finding]:
    """Measure both fleets, with one runner and with two."""
    if why := missing():
        return [
            Missing(measure=f"{THERE_AND_BACK}, on a Ray cluster", why=why, target=f"at most {AT_MOST} x")
        ]
    async with RayCluster() as cluster:
        async with _both(cluster, 1) as fleets:
            times = await _times(fleets)
        async with _both(cluster, 2) as fleets:
            rates = await _rates(fleets)
    ratio = statistics.median(times["ray"]) / statistics.median(times["local"])
    return [
        Row(
            measure=f"{THERE_AND_BACK}, on a Ray cluster",
            seconds=times["ray"],
            against="the local fleet",
            against_seconds=times["local"],
        ),
        Figure(measure="the ratio of the two medians", value=ratio, unit="x", target=AT_MOST),
        Figure(
            measure="photos a second of two nodes",
            value=statistics.median(rates["ray"]),
            unit="photos/s",
            against="two local runners",
            against_value=statistics.median(rates["local"]),
            part=PART,
        ),
    ]


@asynccontextmanager
async def _both(cluster: RayCluster, processes: int) -> AsyncIterator[Mapping[str, Balancer]]:
    async with AsyncExitStack() as stack:
        local = await stack.enter_async_context(served(NULL, processes=processes))
        ray = await stack.enter_async_context(_on_ray(cluster, processes))
        yield {"local": local.balancer, "ray": ray}


@asynccontextmanager
async def _on_ray(cluster: RayCluster, processes: int) -> AsyncIterator[Balancer]:
    """Run a balancer whose runners are on nodes, until the block ends."""
    os.environ[SECRET] = RELAY_SECRET
    ray = RayConfig(
        address=cluster.address, host=cluster.host, port=0, private_network=cluster.private_network
    )
    with tempfile.TemporaryDirectory() as folder:
        async with FakeRegistry(host=cluster.host) as registry:
            registry.publish("mosaic", b"weights")
            config = RunnerConfigFile(
                registry=RegistryAddress(host=cluster.host, port=registry.port),
                balancer=BalancerConfig(port=0, max_queued=4096),
                runner=RunnerConfig(
                    device="cpu", processes=processes, cache=Path(folder), fleet="ray", ray=ray
                ),
            )
            fleet = RayFleet(config.runner, registry.url, batch_seconds=45, module=NULL)
            async with running(config, fleet) as (balancer, _):
                await until(lambda: all(r.state == "ready" for r in fleet.runners()), START_SECONDS)
                yield balancer


def _style(name: str) -> str:
    """Return a style that the registry of a way has."""
    return "mosaic" if name == "ray" else "great-wave"


async def _times(fleets: Mapping[str, Balancer]) -> Mapping[str, list[float]]:
    """Return the seconds of each photo, one at a time."""
    photo, times = os.urandom(SIZE), defaultdict[str, list[float]](list)
    for turn in range(WARM + TURNS):
        progress(f"turn {turn + 1} of {WARM + TURNS}")
        for name, balancer in fleets.items():
            for _ in range(CALLS):
                started = time.perf_counter()
                await balancer.submit(a_job(photo, _style(name)))
                if turn >= WARM:
                    times[name].append(time.perf_counter() - started)
    return times


async def _rates(fleets: Mapping[str, Balancer]) -> Mapping[str, list[float]]:
    """Return the photos a second of many senders, for each turn."""
    photos = [slow_photo(BATCH_SECONDS, SIZE, number) for number in range(SENDERS)]
    rates = defaultdict[str, list[float]](list)
    for turn in range(RATE_TURNS):
        progress(f"throughput, turn {turn + 1} of {RATE_TURNS}")
        for name, balancer in fleets.items():
            async with keep_busy(balancer.submit, photos, [_style(name)], SENDERS) as busy:
                await until(lambda busy=busy: len(busy.seconds) > SENDERS, START_SECONDS)  # type: ignore[misc]
                started, before = time.perf_counter(), len(busy.seconds)
                wanted = before + RATE_PHOTOS
                await until(
                    lambda busy=busy, wanted=wanted: len(busy.seconds) >= wanted,  # type: ignore[misc]
                    START_SECONDS,
                )
                rates[name].append((len(busy.seconds) - before) / (time.perf_counter() - started))
    return rates
