"""Runners killed, restarted, added and taken away under load: every photo comes back, and right."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from pathlib import Path

import pytest

from runner.app import running
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.fleet.local_fleet import LocalFleet
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.local_fleet import OBEDIENT
from tests.fakes.runner.senders import STYLES, Senders
from tests.fakes.waiting import until


def strike(fleet: LocalFleet, chance: random.Random) -> None:
    match chance.choice(["kill", "kill", "restart", "resize"]):
        case "kill":
            if pids := [runner.pid for runner in fleet.runners() if runner.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(pids), signal.SIGKILL)
        case "restart":
            fleet.restart()
        case _:
            fleet.resize(chance.randint(1, 3))


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.slow), 2])
async def test_every_photo_comes_back_in_its_style(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with FakeRegistry() as registry:
        for style in STYLES:
            registry.publish(style, style.encode())
        config = RunnerConfigFile(
            registry=RegistryAddress(host="127.0.0.1", port=registry.port),
            balancer=BalancerConfig(port=0),
            runner=RunnerConfig(device="cpu", cache=tmp_path, processes=2),
        )
        fleet = LocalFleet(config.runner, registry.url, batch_seconds=30, module=OBEDIENT)
        async with running(config, fleet) as (balancer, _):
            senders = Senders(balancer, chance)
            for _blow in range(12):
                await senders.more()
                strike(fleet, chance)
            await senders.more()
            await senders.end()
            await until(
                lambda: (
                    fleet.snapshot().settled
                    and all(r.state == "ready" and not r.replacing for r in fleet.runners())
                ),
                60,
            )
            assert len(fleet.runners()) == fleet.snapshot().size
