"""Two nodes of a real Ray cluster under six senders: no photo is lost when any part breaks."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.app import running
from runner.cluster.ray_fleet import RayFleet
from runner.config import BalancerConfig, RayConfig, RunnerConfig, RunnerConfigFile
from runner.fleet.fleet import RunnerState
from runner.protocol.messages import PaintedPhoto
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.cluster.ray_cluster import RayCluster, require_ray
from tests.fakes.runner.cluster.ray_fleet import RELAY_SECRET, launcher_of
from tests.fakes.runner.fleet import a_task
from tests.fakes.runner.local_fleet import OBEDIENT
from tests.fakes.runner.senders import STYLES, Senders
from tests.fakes.waiting import until

pytestmark = pytest.mark.cluster

#: Seconds for which Ray's head is away; with PAINTING_HEAD_AWAY=300 the five minutes of the promise.
HEAD_AWAY = float(os.environ.get("PAINTING_HEAD_AWAY", "90"))


@dataclass
class Served:
    """A balancer over a cluster, and senders that never let up."""

    cluster: RayCluster
    fleet: RayFleet
    senders: Senders

    def on(self, node: int) -> RunnerState:
        """The runner on a node."""
        return next(r for r in self.fleet.runners() if r.node == self.cluster.address_of(node) and r.credits)

    def is_whole(self) -> bool:
        return all(r.state == "ready" and not r.replacing for r in self.fleet.runners())

    async def after(
        self, event: str, strike: Callable[[], Awaitable[object]], noticed: Callable[[], object]
    ) -> None:
        """Prints a row of the table: when a blow is noticed, and when all is whole again; photos go on."""
        await self.senders.more()
        began = time.monotonic()
        await strike()
        await until(noticed, 120)
        seen = time.monotonic() - began
        await self.senders.more()
        await until(self.is_whole, 180)
        whole = time.monotonic() - began
        await self.senders.more()
        print(f"| {event} | {seen:.2f} s | {whole:.1f} s | {self.senders.quarantined} |")


@asynccontextmanager
async def served(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, by_client_server: bool = False
) -> AsyncIterator[Served]:
    require_ray()
    monkeypatch.setenv("RUNNER_RELAY_SECRET", RELAY_SECRET)
    async with RayCluster() as cluster, FakeRegistry(host=cluster.host) as registry:
        for style in STYLES:
            registry.publish(style, style.encode())
        ray = RayConfig(
            address=cluster.client_server if by_client_server else cluster.address,
            host=cluster.host,
            port=0,
            private_network=cluster.private_network,
        )
        config = RunnerConfigFile(
            registry=RegistryAddress(host=cluster.host, port=registry.port),
            balancer=BalancerConfig(port=0),
            runner=RunnerConfig(device="cpu", cache=folder / "cache", processes=2, fleet="ray", ray=ray),
        )
        fleet = RayFleet(config.runner, registry.url, batch_seconds=30, module=OBEDIENT)
        async with running(config, fleet) as (balancer, _):
            await until(lambda: [r.state for r in fleet.runners()] == ["ready", "ready"], 120)
            senders = Senders(balancer, random.Random(1), senders=6)
            yield Served(cluster, fleet, senders)
            await senders.end()
            assert senders.quarantined == 0


def client_of_ray() -> int:
    """The child process of this one that speaks with Ray."""
    for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
        if b"runner.cluster.ray_client" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise AssertionError


async def test_whatever_breaks_no_photo_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as there:
        cluster, fleet = there.cluster, there.fleet
        assert {r.node for r in fleet.runners()} == {cluster.address_of(0), cluster.address_of(1)}

        def is_gone(pid: int) -> bool:
            return pid not in [r.pid for r in fleet.runners() if r.state == "ready"]

        pid = there.on(0).pid or 0
        await there.after(
            "kill -9 of a runner process",
            lambda: asyncio.to_thread(os.kill, pid, signal.SIGKILL),
            lambda: is_gone(pid),
        )
        launched = there.on(0).pid or 0
        await there.after(
            "kill -9 of a launcher",
            lambda: asyncio.to_thread(os.kill, launcher_of(launched), signal.SIGKILL),
            lambda: is_gone(launched),
        )
        pids = {r.pid for r in fleet.runners()}
        await there.after(
            "kill -9 of the client of Ray",
            lambda: asyncio.to_thread(os.kill, client_of_ray(), signal.SIGKILL),
            lambda: pids.isdisjoint({r.pid for r in fleet.runners()}),
        )
        before = there.on(0)
        await cluster.kill(*cluster.processes("raylet/raylet", node=0))
        began = time.monotonic()
        while time.monotonic() < began + 6:
            await there.senders.more()
            assert there.on(0).pid == before.pid  # it goes on painting
        await cluster.start_node(0)
        await until(lambda: is_gone(before.pid or 0) and there.is_whole(), 180)
        whole = time.monotonic() - began
        print(f"| kill -9 of a raylet, started again after 6 s | – | {whole:.1f} s | 0 |")
        cut = there.on(1).pid or 0
        cluster.cut(1)
        began = time.monotonic()
        await until(lambda: is_gone(cut), 8)
        noticed = time.monotonic() - began
        await there.senders.more()
        await asyncio.sleep(max(0, 25 - (time.monotonic() - began)))
        cluster.mend(1)
        mended = time.monotonic()
        await until(there.is_whole, 120)
        print(
            f"| link cut for 25 s | {noticed:.2f} s | {time.monotonic() - mended:.1f} s after its end | 0 |"
        )
        await there.senders.more()


async def test_the_head_may_be_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's processes end after a minute without it. Runners do not, and all is whole when Ray is back."""
    async with served(tmp_path, monkeypatch) as there:
        cluster, fleet = there.cluster, there.fleet
        before = {r.name: r.pid for r in fleet.runners()}
        await cluster.kill(*cluster.processes("gcs_server"))
        away_until = time.monotonic() + HEAD_AWAY
        while time.monotonic() < away_until:
            await there.senders.more()
            assert {r.name: r.pid for r in fleet.runners()} == before
        await until(lambda: not cluster.processes("raylet/raylet"), 60)  # as Ray does without its head
        killed = there.on(0).pid or 0
        os.kill(killed, signal.SIGKILL)  # heals without Ray
        await until(lambda: there.is_whole() and there.on(0).pid != killed, 60)
        await cluster.kill(*cluster.processes())  # what is left of Ray
        await cluster.start_head()
        for node in cluster.nodes:
            await cluster.start_node(node)
        began = time.monotonic()
        await until(lambda: [r.replaced for r in fleet.runners()] == [1, 1] and there.is_whole(), 180)
        print(
            f"| GCS away for {HEAD_AWAY:.0f} s | – | {time.monotonic() - began:.1f} s after its return | 0 |"
        )
        await there.senders.more()


async def test_growth_asks_ray_and_shrinking_gives_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch) as there:
        there.fleet.resize(3)  # a third core does not exist yet
        await there.senders.more()
        assert [r.state for r in there.fleet.runners()].count("ready") == 2
        await until(lambda: not there.fleet.snapshot().can_grow)
        there.fleet.resize(1)
        await until(lambda: len(there.fleet.runners()) == 1)
        await there.senders.more()
        there.fleet.resize(2)  # gets the core that was given back
        await until(lambda: [r.state for r in there.fleet.runners()] == ["ready", "ready"], 120)
        await there.senders.more()


async def test_a_photo_that_takes_a_runner_over_reaches_nothing_of_ray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN_OF_A_TEST", "secret")
    async with served(tmp_path, monkeypatch) as there:
        await there.senders.more()
        raylet, head = there.cluster.raylet_socket(0), there.cluster.address.split(":")
        with socket.socket(socket.AF_UNIX) as tried, socket.socket() as also:
            tried.connect(raylet)  # outside of the sandbox both can be reached
            also.connect((head[0], int(head[1])))
        runner = there.on(0)
        launcher = launcher_of(runner.pid or 0)
        assert b"RAY" not in Path(f"/proc/{launcher}/environ").read_bytes()  # noqa: ASYNC240 - memory
        attempts = [
            f"import socket; socket.socket(socket.AF_UNIX).connect({raylet!r})",
            f"import socket; socket.create_connection(({head[0]!r}, {head[1]}))",
            f"open({raylet!r} + '.log', 'w')",
            "import os; open(f'/proc/{os.getppid()}/environ').read()",
        ]
        (digest, *_) = runner.report.resident
        photos = [b"ENV", *[f"TAKE:{attempt}".encode() for attempt in attempts]]
        outcomes = [
            (await there.fleet.run(runner.name, [a_task(digest, photo)]))[0] for photo in photos
        ]  # one by one, since the senders' batches fill the rest
        environment, *tried_there = [json.loads(o.image) for o in outcomes if isinstance(o, PaintedPhoto)]
        assert not [name for name in environment if name.startswith(("RAY", "RUNNER"))]
        assert [kind for kind, _ in tried_there] == ["PermissionError"] * len(attempts)


async def test_by_rays_client_server_and_with_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "0123456789abcdef" * 2)
    async with served(tmp_path, monkeypatch, by_client_server=True) as there:
        await there.senders.more()
        launched = there.on(0).pid or 0
        await there.after(
            "kill -9 of a launcher, by the client server",
            lambda: asyncio.to_thread(os.kill, launcher_of(launched), signal.SIGKILL),
            lambda: launched not in [r.pid for r in there.fleet.runners()],
        )
