"""Runners killed, restarted, added and taken away under load: every photo comes back, and right."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from pathlib import Path

import pytest

from runner.app import running
from runner.balancer.balancer import Balancer
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.fleet.local import LocalFleet
from styles.errors import Unpaintable
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_job
from tests.fakes.runner.local_fleet import OBEDIENT
from tests.fakes.waiting import until

STYLES = [f"style-{number}" for number in range(10)]
#: Between two blows so many photos come back.
PHOTOS = 20


class Senders:
    """Eight of them, each with a photo on its way; every photo comes back as its style's file."""

    def __init__(self, balancer: Balancer, chance: random.Random) -> None:
        self._balancer = balancer
        self._chance = chance
        self.painted = 0
        self.over = False
        self._tasks = [asyncio.create_task(self._send(str(number))) for number in range(8)]

    async def _send(self, sender: str) -> None:
        number = 0
        while not self.over:
            number += 1
            style = self._chance.choice(STYLES)
            job = a_job(f"{sender}-{number}", image=f"STYLE:{sender}-{number}".encode(), style=style)
            with contextlib.suppress(Unpaintable):  # two blows may hit the same photo: it seems to kill
                result = await self._balancer.submit(job)
                assert result.image == style.encode()
                self.painted += 1

    async def more(self) -> None:
        """Waits until some more were painted. Raises what a photo failed with."""
        wanted = self.painted + PHOTOS
        painted = asyncio.create_task(until(lambda: self.painted >= wanted, 60))
        await asyncio.wait([painted, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._tasks if task.done()]:
            task.result()
        await painted

    async def end(self) -> None:
        self.over = True
        await asyncio.gather(*self._tasks)


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


@pytest.mark.parametrize("seed", [1, 2])
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
