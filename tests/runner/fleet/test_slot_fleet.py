"""A fleet over launchers that have no device yet: it neither grows nor hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from runner.config import RunnerConfig
from runner.fleet.runner_connection import RunnerConnection
from runner.fleet.slot_fleet import SlotFleet
from tests.fakes.waiting import until


class WaitingLauncher:
    """Never gets a device."""

    node = ""
    closed = 0

    def __init__(self) -> None:
        self.waiting = True

    async def start(self, seconds: float | None = None) -> RunnerConnection:
        await asyncio.Event().wait()
        raise AssertionError

    def free_memory(self) -> int:
        return 0

    async def close(self) -> None:
        WaitingLauncher.closed += 1


class FleetWithoutDevices(SlotFleet):
    def _devices(self) -> Sequence[str]:
        return ["cpu"]

    def _launcher(self, name: str, device: str) -> WaitingLauncher:
        return WaitingLauncher()

    def _free_memory(self) -> int:
        return 1 << 40


async def test_a_slot_that_waits_for_a_device_can_be_given_up_and_stops_the_growth() -> None:
    config = RunnerConfig(device="cpu", processes=1, processes_max=3)
    fleet = FleetWithoutDevices(config, batch_seconds=1, sheet_seconds=None)
    WaitingLauncher.closed = 0
    changes: list[None] = []
    await fleet.startup(lambda: changes.append(None))
    fleet.resize(2)
    assert [(r.name, r.state) for r in fleet.runners()] == [("cpu-0", "starting"), ("cpu-1", "starting")]
    assert fleet.snapshot().settled
    assert not fleet.snapshot().can_grow
    fleet.resize(1)
    await until(lambda: len(fleet.runners()) == 1)
    assert WaitingLauncher.closed == 1
    await fleet.shutdown()
    assert WaitingLauncher.closed == 2


async def test_a_slot_without_a_device_is_given_up_before_one_with_a_device() -> None:
    config = RunnerConfig(device="cpu", processes=2, processes_max=3)
    fleet = FleetWithoutDevices(config, batch_seconds=1, sheet_seconds=None)
    await fleet.startup(lambda: None)
    launcher = fleet._slots["cpu-1"].launcher
    assert isinstance(launcher, WaitingLauncher)
    launcher.waiting = False  # while the node of the first is away
    fleet.resize(1)
    await until(lambda: len(fleet.runners()) == 1)
    assert fleet.runners()[0].name == "cpu-1"
    await fleet.shutdown()
