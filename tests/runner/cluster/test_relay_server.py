"""Which launchers the relay's port lets in, and what is said of the others."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from runner.cluster import secure_connections
from runner.cluster.relay_messages import VERSION, Hello, relay_frame
from runner.cluster.relay_server import RelayServer
from runner.cluster.remote_launcher import RemoteLauncher
from runner.config import RayConfig
from runner.protocol.framing import Frame, read_frame, write_frame
from styles.service.config import ConfigError
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.cluster.certificates import certificates
from tests.fakes.runner.cluster.ray_fleet import ENVIRONMENT, NETWORK, RELAY_SECRET, running_by_launchers
from tests.fakes.runner.streams import Streams
from tests.fakes.waiting import until

HELLO = Hello(ticket="ours", launcher="one", node="10.0.0.2", free=1 << 30, version=VERSION)


def nothing() -> None:
    """What is called when a launcher comes or goes."""


async def connect(relay: RelayServer, hello: Hello) -> Streams:
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    await secure_connections.respond(reader, writer, RELAY_SECRET.encode())
    await write_frame(writer, relay_frame("hello", **asdict(hello)))
    return reader, writer


async def test_a_launcher_joins_its_slot(relay: RelayServer) -> None:
    launcher = RemoteLauncher(nothing, nothing)
    relay.register("ours", launcher)
    reader, writer = await connect(relay, HELLO)
    await until(lambda: launcher.node == "10.0.0.2")
    assert launcher.free_memory() == 1 << 30
    await launcher.close()
    assert (await read_frame(reader) or Frame({})).header["relay"] == "refused"
    assert await read_frame(reader) is None
    writer.close()


@pytest.mark.parametrize(
    ("hello", "reason"),
    [(replace(HELLO, ticket="theirs"), "needs it"), (replace(HELLO, version="0.0.0"), "version 0.0.0")],
)
async def test_others_are_told_why_not(
    relay: RelayServer, hello: Hello, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    relay.register("ours", RemoteLauncher(nothing, nothing))
    reader, writer = await connect(relay, hello)
    refusal = await read_frame(reader)
    assert refusal is not None
    assert reason in refusal.header["reason"]
    await until(lambda: reason in caplog.text)
    writer.close()


async def test_a_stranger_is_cut_off(relay: RelayServer, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        await reader.readexactly(32)
        writer.write(b"x" * 200)
        with pytest.raises((EOFError, ConnectionError)):
            await reader.readexactly(33)
        writer.close()
    await until(lambda: "does not know the secret" in caplog.text)
    assert caplog.text.count("does not know the secret") == 1  # each reason once


async def test_a_connection_from_elsewhere_and_one_that_says_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secure_connections, "CONNECT_SECONDS", 0.05)
    elsewhere = RelayServer(RayConfig(port=0, private_network="10.0.0.0/8"), ENVIRONMENT)
    silent = RelayServer(RayConfig(port=0, private_network=NETWORK), ENVIRONMENT)
    for relay, words in ((elsewhere, "not in the private network"), (silent, "it says nothing")):
        await relay.startup()
        _, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        await until(lambda words=words: words in caplog.text)  # type: ignore[misc]
        writer.close()
        await relay.shutdown()


async def test_which_protection_holds_is_said_and_none_is_an_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with pytest.raises(ConfigError):
        RelayServer(RayConfig(port=0, private_network=NETWORK), {})
    with pytest.raises(ConfigError):
        RelayServer(RayConfig(port=0, tls=True), ENVIRONMENT)
    for config, words in (
        (RayConfig(port=0, private_network=NETWORK), "shared secret"),
        (RayConfig(port=0, tls=True), "by TLS"),
    ):
        relay = RelayServer(config, {**ENVIRONMENT, **certificates(tmp_path)})
        await relay.startup()
        assert words in caplog.text
        await relay.shutdown()


async def test_by_tls_photos_go_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in certificates(tmp_path / "tls").items():
        monkeypatch.setenv(name, value)
    async with FakeRegistry() as registry:
        ray = RayConfig(port=0, tls=True)
        async with running_by_launchers(registry, tmp_path, monkeypatch, ray=ray) as (fleet, _):
            assert fleet.runners()[0].state == "ready"
