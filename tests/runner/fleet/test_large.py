"""A large photo in a real process: others are painted beside it, and a hang is that of what hangs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from runner.fleet.fleet import NotDelivered
from runner.fleet.local_fleet import LocalFleet
from runner.fleet.recycling import REPORTS, YOUNG_BATCHES, RecyclingPolicy
from runner.protocol.messages import PaintedPhoto, Report
from styles.errors import RunnerDied
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_large_task, inverted
from tests.fakes.runner.local_fleet import paint, running
from tests.fakes.waiting import until


def in_slice(fleet: LocalFleet) -> bool:
    """Whether the engine of the one process paints a slice now."""
    handle = fleet._slots["cpu-0"]._handle
    return handle is not None and handle._in_slice


async def test_others_are_painted_beside_it_and_it_has_time(registry: FakeRegistry, tmp_path: Path) -> None:
    """Each slice has the seconds of a batch; all of them together take longer."""
    style = registry.publish("mosaic", b"weights")
    wait = f"WAIT:{tmp_path}/go".encode()
    async with running(registry, tmp_path, batch_seconds=1.5) as fleet:
        large = asyncio.create_task(fleet.run("cpu-0", [a_large_task(style.digest, wait, 77)]))
        for number in range(4):
            await asyncio.wait([large], timeout=0.5)
            photo = b"%d" % number
            assert await paint(fleet, style.digest, photo) == [
                PaintedPhoto(image=inverted(photo), seconds=0.01)
            ]
            assert fleet.runners()[0].report.large
        assert not large.done()
        await asyncio.to_thread((tmp_path / "go").touch)
        (outcome,) = await large
        assert isinstance(outcome, PaintedPhoto)
        assert (outcome.image, outcome.preview, outcome.pixels) == (inverted(wait), b"77", 100)
        assert fleet.runners()[0].restarts == 0


async def test_a_slice_that_hangs_is_a_death_and_who_waits_behind_it_is_not_to_blame(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, batch_seconds=1.0) as fleet:
        large = asyncio.create_task(fleet.run("cpu-0", [a_large_task(style.digest, b"HANG")]))
        await until(lambda: in_slice(fleet))
        small = asyncio.create_task(paint(fleet, style.digest, b"1"))
        hung, behind = await asyncio.gather(large, small, return_exceptions=True)
        assert type(hung) is RunnerDied
        assert type(behind) is NotDelivered


async def test_a_batch_that_hangs_beside_it_is_to_blame_itself(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, batch_seconds=1.0) as fleet:
        wait = f"WAIT:{tmp_path}/go".encode()
        large = asyncio.create_task(fleet.run("cpu-0", [a_large_task(style.digest, wait)]))
        await until(lambda: in_slice(fleet))
        small = asyncio.create_task(paint(fleet, style.digest, b"HANG"))
        beside, hung = await asyncio.gather(large, small, return_exceptions=True)
        assert type(hung) is RunnerDied
        assert type(beside) is NotDelivered
        await until(lambda: fleet.runners()[0].state == "ready")


def test_its_memory_wears_no_process_out() -> None:
    policy = RecyclingPolicy(100)
    for _ in range(2 * REPORTS):
        assert not policy.due(Report(memory=1000, batches=YOUNG_BATCHES, large=True))
    reasons = [policy.due(Report(memory=1000, batches=YOUNG_BATCHES)) for _ in range(REPORTS)]
    assert reasons[-1]
