"""Simulated runners: they take time, load styles, and die."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from benchmarks.cluster.fleet import RunnerSpeed, SimulatedFleet
from runner.fleet.fleet import MachineLost, NotDelivered
from runner.protocol.messages import PaintedPhoto
from tests.fakes import clock
from tests.fakes.runner.fleet import a_task

SPEED = RunnerSpeed(noise=0.0)


def a_fleet() -> SimulatedFleet:
    return SimulatedFleet(2, {"x": "base", "y": "base"}, SPEED, random.Random(1))


async def seconds(work: Coroutine[Any, Any, Any]) -> float:
    began = asyncio.get_running_loop().time()
    await work
    return asyncio.get_running_loop().time() - began


def test_a_style_is_loaded_once_and_its_network_too() -> None:
    async def live() -> list[float]:
        fleet = a_fleet()
        return [await seconds(fleet.run("r0", [a_task(digest)])) for digest in ("x", "x", "y")]

    first, second, third = clock.run(live())
    assert first - second == pytest.approx(SPEED.network)
    assert third - second == pytest.approx(SPEED.row)
    assert second == pytest.approx(SPEED.decoding + SPEED.fixed + 0.75 * 0.008)


def test_it_tells_what_it_holds() -> None:
    async def live() -> None:
        fleet = a_fleet()
        before = fleet.runners()
        (outcome,) = await fleet.run("r1", [a_task("x")])
        assert isinstance(outcome, PaintedPhoto)
        assert fleet.runners()[1].report.resident == {"x"}
        assert fleet.runners()[0] is before[0]

    clock.run(live())


def test_what_it_holds_dies_with_it() -> None:
    async def live() -> None:
        fleet = a_fleet()
        painting = asyncio.create_task(fleet.run("r0", [a_task("x")]))
        await asyncio.sleep(0.01)
        fleet.kill(["r0"])
        with pytest.raises(MachineLost):
            await painting
        with pytest.raises(NotDelivered):
            await fleet.run("r0", [a_task("x")])
        fleet.add(["r0"])
        assert fleet.runners()[0].state == "ready"

    clock.run(live())
