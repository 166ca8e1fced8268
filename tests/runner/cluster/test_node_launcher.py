"""A launcher in this process: it comes back after a cut, and ends when it is not needed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from runner.cluster import secure_connections
from runner.cluster.node_launcher import NodeLauncher
from runner.cluster.relay_messages import LauncherSettings
from runner.cluster.relay_server import RelayServer
from runner.cluster.remote_launcher import RemoteLauncher
from runner.config import RayConfig
from styles.service.config import ConfigError
from tests.fakes.runner.cluster.ray_fleet import ENVIRONMENT, NETWORK
from tests.fakes.runner.local_fleet import OBEDIENT
from tests.fakes.waiting import until


def settings(relay: RelayServer, folder: Path) -> LauncherSettings:
    return LauncherSettings(
        host="127.0.0.1", port=relay.port, tls=False, private_network=NETWORK, ticket="ours",
        registry="http://127.0.0.1:9", cache=str(folder / "cache"), cache_disk_bytes=1 << 30,
        cache_bytes=1 << 20, device="cpu", threads=1, module=OBEDIENT, json_logs=False,
    )  # fmt: skip


async def test_one_that_no_slot_needs_ends(relay: RelayServer, tmp_path: Path) -> None:
    await NodeLauncher(settings(relay, tmp_path), ENVIRONMENT).run()


async def test_it_starts_a_process_and_waits_for_the_next(relay: RelayServer, tmp_path: Path) -> None:
    slot = RemoteLauncher(lambda: None, lambda: relay.forget("ours"))
    relay.register("ours", slot)
    running = asyncio.create_task(NodeLauncher(settings(relay, tmp_path), ENVIRONMENT).run())
    connections = [await slot.start() for _ in range(2)]  # as in a replacement
    assert connections[0].pid != connections[1].pid
    await slot.close()
    assert not running.done()  # its processes go on
    for connection in connections:
        await connection.stop()
    await running


async def test_it_comes_back_after_a_cut(relay: RelayServer, tmp_path: Path) -> None:
    slot = RemoteLauncher(lambda: None, lambda: relay.forget("ours"))
    relay.register("ours", slot)
    running = asyncio.create_task(NodeLauncher(settings(relay, tmp_path), ENVIRONMENT).run())
    await until(lambda: slot.node)
    lost = await slot._take()
    lost._writer.transport.abort()
    connection = await slot.start()
    await connection.stop()
    await slot.close()
    await running


async def test_it_ends_when_the_balancer_stays_away(
    relay: RelayServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cluster.node_launcher.AWAY_SECONDS", 0.2)
    monkeypatch.setattr("runner.cluster.node_launcher.RETRY_SECONDS", 0.05)
    there = settings(relay, tmp_path)
    await relay.shutdown()
    await NodeLauncher(there, ENVIRONMENT).run()


async def test_a_false_balancer_gets_nothing(relay: RelayServer, tmp_path: Path) -> None:
    launcher = NodeLauncher(replace(settings(relay, tmp_path), private_network="10.0.0.0/8"), ENVIRONMENT)
    with pytest.raises(secure_connections.NotAuthenticated):
        await launcher._connect()


def test_without_a_secret_it_does_not_start(tmp_path: Path) -> None:
    there = RelayServer(RayConfig(port=7, private_network=NETWORK), ENVIRONMENT)
    with pytest.raises(ConfigError, match="RUNNER_RELAY_SECRET"):
        NodeLauncher(settings(there, tmp_path), {})
