"""A fleet behind launchers for a test: launchers are real processes, but no Ray places them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from runner.cluster.launcher_actor import LauncherActor
from runner.cluster.ray_fleet import RayFleet
from runner.cluster.ray_placement import RayPlacement
from runner.cluster.relay_messages import LauncherSettings
from runner.cluster.secure_connections import SECRET
from runner.config import RayConfig, RunnerConfig
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.local_fleet import OBEDIENT
from tests.fakes.waiting import until

RELAY_SECRET = "0123456789abcdef" * 2
NETWORK = "127.0.0.0/8"
#: Of both ends of a relay.
ENVIRONMENT = {SECRET: RELAY_SECRET}


class ProcessPlacement(RayPlacement):
    """Starts a launcher for each ticket, and others at `start`; the processes end by themselves."""

    def __init__(self) -> None:
        self.wanted: dict[str, LauncherSettings] = {}
        self.actors: list[LauncherActor] = []
        self._starting: set[asyncio.Task[None]] = set()

    async def startup(self) -> None:
        """Nothing to start."""

    def want(self, settings: LauncherSettings) -> None:
        self.wanted[settings.ticket] = settings
        self.start(settings)

    def start(self, settings: LauncherSettings) -> None:
        """A launcher, the first one for its ticket or another."""
        starting = asyncio.create_task(self._start(settings))
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)

    async def _start(self, settings: LauncherSettings) -> None:
        actor = LauncherActor(asdict(settings))
        await asyncio.to_thread(actor.launch)
        self.actors.append(actor)

    def drop(self, ticket: str) -> None:
        del self.wanted[ticket]

    async def shutdown(self) -> None:
        """Waits until each launcher has ended, since it is wanted no more."""
        await asyncio.gather(*self._starting)
        async with asyncio.timeout(30):
            await asyncio.gather(*[asyncio.to_thread(actor.wait) for actor in self.actors])


@asynccontextmanager
async def running_by_launchers(
    registry: FakeRegistry,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    ray: RayConfig | None = None,
    batch_seconds: float = 30,
    **settings: Any,
) -> AsyncIterator[tuple[RayFleet, ProcessPlacement]]:
    """One that is up; `settings` are of its `RunnerConfig`."""
    monkeypatch.setenv(SECRET, RELAY_SECRET)
    placement = ProcessPlacement()
    config = RunnerConfig(
        device="cpu",
        cache=folder / "cache",
        fleet="ray",
        ray=ray or RayConfig(port=0, private_network=NETWORK),
        **settings,
    )
    fleet = RayFleet(config, registry.url, batch_seconds=batch_seconds, module=OBEDIENT, placement=placement)
    await fleet.startup(lambda: None)
    try:
        await until(lambda: all(r.state == "ready" for r in fleet.runners()))
        yield fleet, placement
    finally:
        await fleet.shutdown()


def launcher_of(pid: int) -> int:
    """The process that has started a runner process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
