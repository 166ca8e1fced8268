"""How many processes what load wants: by a table, over time, and with real processes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runner.app import running as balancing
from runner.balancer.balancer import Balancer
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.fleet import autoscaling
from runner.fleet.autoscaling import (
    AVERAGED_SECONDS,
    DOWN_SECONDS,
    UP_SECONDS,
    LoadTrend,
    decide,
    follow,
)
from runner.fleet.fleet import FleetSnapshot
from runner.fleet.local_fleet import LocalFleet
from runner.protocol.messages import PaintedPhoto
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_job, a_task
from tests.fakes.runner.local_fleet import OBEDIENT, running
from tests.fakes.waiting import until

NOW = 1000.0
#: Before `NOW`, just long enough and not quite.
LONG, TOO_SHORT = NOW - UP_SECONDS, NOW - UP_SECONDS + 0.1
IDLE, NOT_YET = NOW - DOWN_SECONDS, NOW - DOWN_SECONDS + 0.1


@pytest.mark.parametrize(
    ("wait", "size", "busy", "trend", "wanted"),
    [
        # what waits is more than a start costs
        (9, 1, 1, {}, 1),
        (9, 1, 1, {"long_since": TOO_SHORT}, 1),
        (9, 1, 1, {"long_since": LONG}, 2),
        (9, 2, 2, {"long_since": LONG}, 3),
        (9, 3, 3, {"long_since": LONG}, 3),  # the most
        (3, 1, 1, {"long_since": LONG}, 1),  # a start takes 3 s
        (9, 2, 0, {"long_since": LONG, "slack_since": IDLE}, 3),
        # fewer would be enough
        (0, 2, 0, {"busy": 0.5}, 2),
        (0, 2, 0, {"busy": 0.5, "slack_since": NOT_YET}, 2),
        (0, 2, 0, {"busy": 0.5, "slack_since": IDLE}, 1),
        (0, 2, 1, {"busy": 0.7, "slack_since": IDLE}, 2),
        (0, 3, 1, {"busy": 1.1, "slack_since": IDLE}, 2),
        (0, 3, 2, {"busy": 1.3, "slack_since": IDLE}, 3),
        (0, 1, 0, {"busy": 0.0, "slack_since": IDLE}, 1),  # the least
    ],
)
def test_the_number(wait: float, size: int, busy: int, trend: dict[str, float], wanted: int) -> None:
    snapshot = FleetSnapshot(size=size, busy=busy, start_seconds=3, settled=True, can_grow=True)
    before = LoadTrend(seen=NOW - 1, **{"busy": float(busy), **trend})
    assert decide(before, snapshot, NOW, wait, 1, 3)[1] == wanted


@pytest.mark.parametrize(("settled", "can_grow"), [(False, True), (True, False)])
def test_what_keeps_one_from_starting(settled: bool, can_grow: bool) -> None:
    snapshot = FleetSnapshot(size=1, busy=1, start_seconds=3, settled=settled, can_grow=can_grow)
    before = LoadTrend(seen=NOW - 1, busy=1, long_since=LONG)
    assert decide(before, snapshot, NOW, 99, 1, 3)[1] == 1


def test_a_start_is_never_taken_to_be_free() -> None:
    snapshot = FleetSnapshot(size=1, busy=1, start_seconds=0, settled=True, can_grow=True)
    before = LoadTrend(seen=NOW - 1, busy=1, long_since=LONG)
    assert decide(before, snapshot, NOW, 1.9, 1, 3)[1] == 1


def simulated(photos_a_second: Iterator[float], *, start: int = 2) -> list[int]:
    """Sizes, one a second, where a process paints ten photos a second and takes `start` seconds to start."""
    trend, size, ready, queue, sizes = LoadTrend(), 1, 1, 0.0, []
    starting: list[int] = []
    for now, came in enumerate(photos_a_second):
        ready += sum(at == now for at in starting)
        work = queue + came
        queue = max(0.0, work - 10 * ready)
        busy = min(ready, round(work / 10 + 0.4))
        snapshot = FleetSnapshot(
            size=size, busy=busy, start_seconds=start, settled=ready == size, can_grow=True
        )
        trend, wanted = decide(trend, snapshot, float(now), queue / 10 / ready, 1, 4)
        if wanted > size:
            starting.append(now + start)
        ready -= max(0, size - wanted)
        size = wanted
        sizes.append(size)
    return sizes


def test_a_steady_load_finds_its_size_and_stays() -> None:
    sizes = simulated(iter([25.0] * 1200))
    assert max(sizes) <= 4
    assert set(sizes[60:]) <= {3, 4}
    assert sum(a != b for a, b in itertools.pairwise(sizes)) <= 4


def test_a_burst_starts_nothing() -> None:
    assert set(simulated(iter([30.0, *[0.0] * 300]))) == {1}


def test_after_the_rush_it_goes_back_one_by_one() -> None:
    sizes = simulated(iter([50.0] * 60 + [0.5] * 900))
    assert max(sizes) == 4
    assert sizes[-1] == 1
    ends = [now for now, (a, b) in enumerate(itertools.pairwise(sizes)) if b < a]
    assert len(ends) == 3
    assert all(b - a >= DOWN_SECONDS for a, b in itertools.pairwise(ends))


def test_bursts_do_not_make_it_flap() -> None:
    """A rush of 20 s every two minutes."""
    sizes = simulated(iter(([30.0] * 20 + [0.0] * 100) * 10))
    changes = sum(a != b for a, b in itertools.pairwise(sizes))
    assert changes <= 2 * 3
    assert AVERAGED_SECONDS < DOWN_SECONDS


# With real processes


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is decided at once."""
    for name, seconds in {
        "EVERY": 0.02,
        "UP_SECONDS": 0.1,
        "DOWN_SECONDS": 0.2,
        "START_SECONDS": 0.0,
    }.items():
        monkeypatch.setattr(autoscaling, name, seconds)
    monkeypatch.setattr(autoscaling, "AVERAGED_SECONDS", 0.02)


def names(fleet: LocalFleet) -> dict[str, str]:
    return {runner.name: runner.state for runner in fleet.runners()}


async def test_up_and_down_with_what_is_held(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, processes_max=3) as fleet:
        assert (fleet.least, fleet.most) == (1, 3)
        await fleet.run("cpu-0", [a_task(style.digest)])
        fleet.resize(3)
        assert not fleet.snapshot().settled
        await until(lambda: names(fleet) == dict.fromkeys(("cpu-0", "cpu-1", "cpu-2"), "ready"))
        assert all(runner.report.resident == {style.digest} for runner in fleet.runners())
        assert fleet.snapshot().settled
        assert fleet.snapshot().start_seconds > 0.05
        painting = asyncio.create_task(
            fleet.run("cpu-2", [a_task(style.digest, f"WAIT:{tmp_path}/go".encode())])
        )
        await until(lambda: fleet.snapshot().busy == 1)
        fleet.resize(1)
        await until(lambda: names(fleet) == {"cpu-0": "ready", "cpu-2": "draining"})
        assert (fleet.snapshot().size, fleet.snapshot().settled) == (1, False)
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await painting)[0], PaintedPhoto)
        await until(lambda: names(fleet) == {"cpu-0": "ready"})
        fleet.resize(2)
        await until(lambda: names(fleet) == {"cpu-0": "ready", "cpu-1": "ready"})


async def test_a_restart_while_one_leaves(registry: FakeRegistry, tmp_path: Path) -> None:
    async with running(registry, tmp_path, processes=2) as fleet:
        pids = {runner.pid for runner in fleet.runners()}
        fleet.restart()
        fleet.resize(1)
        await until(lambda: names(fleet) == {"cpu-0": "ready"} and not fleet.runners()[0].replacing)
        await until(lambda: fleet.runners()[0].pid not in pids)


async def test_it_follows_the_wait(registry: FakeRegistry, tmp_path: Path, hasty: None) -> None:
    wait = 0.0
    async with running(registry, tmp_path, processes_max=2) as fleet:
        following = asyncio.create_task(follow(lambda: wait, fleet))
        wait = 3600.0
        await until(lambda: names(fleet) == {"cpu-0": "ready", "cpu-1": "ready"})
        wait = 0.0
        await until(lambda: names(fleet) == {"cpu-0": "ready"})
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


@asynccontextmanager
async def balanced(
    registry: FakeRegistry, folder: Path, **runner: Any
) -> AsyncIterator[tuple[Balancer, LocalFleet]]:
    config = RunnerConfigFile(
        registry=RegistryAddress(host="127.0.0.1", port=registry.port),
        balancer=BalancerConfig(port=0, batch_pixels=1024 * 1024),
        runner=RunnerConfig(device="cpu", cache=folder / "cache", **runner),
    )
    fleet = LocalFleet(config.runner, registry.url, batch_seconds=30, module=OBEDIENT)
    async with balancing(config, fleet) as (balancer, _):
        await until(lambda: all(r.state == "ready" for r in fleet.runners()))
        yield balancer, fleet


async def test_a_queue_starts_one_and_an_empty_one_ends_it(
    registry: FakeRegistry, tmp_path: Path, hasty: None
) -> None:
    registry.publish("mosaic", b"weights")
    photos = [b"%d WAIT" % number for number in range(100)]
    async with balanced(registry, tmp_path, processes_max=2) as (balancer, fleet):
        held = f"WAIT:{tmp_path}/go".encode()
        jobs = [a_job(str(number), image=photo) for number, photo in enumerate([held, *photos])]
        results = [asyncio.create_task(balancer.submit(job)) for job in jobs]
        await until(lambda: "cpu-1" in names(fleet))
        await asyncio.to_thread((tmp_path / "go").touch)
        assert len(await asyncio.gather(*results)) == 101
        await until(lambda: names(fleet) == {"cpu-0": "ready"})


def test_by_default_there_are_as_many_as_configured(tmp_path: Path) -> None:
    config = RunnerConfig(processes=2, cache=tmp_path)
    fleet = LocalFleet(config, "http://127.0.0.1:9", batch_seconds=9)
    assert (fleet.least, fleet.most) == (2, 2)
