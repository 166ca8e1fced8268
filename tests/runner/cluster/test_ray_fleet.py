"""Runners behind the relay of launchers, which are real processes: as on one machine, and through cuts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from runner.fleet.fleet import MachineLost
from runner.protocol.messages import PaintedPhoto
from styles.errors import RegistryUnavailable, RunnerDied
from styles.service import logs
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.cluster.ray_fleet import launcher_of, running_by_launchers
from tests.fakes.runner.fleet import a_task, inverted
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.waiting import until


async def test_a_batch_there_and_back_and_nothing_is_left(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    missing = "sha256:" + "0" * 64
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, placement):
        batch = [a_task(style.digest, b"abc"), a_task(missing, b"1"), a_task(style.digest, b"\0" * 3_000_000)]
        outcomes = await fleet.run("cpu-0", batch)
        assert outcomes[0] == PaintedPhoto(image=inverted(b"abc"), seconds=0.01)
        assert isinstance(outcomes[1], RegistryUnavailable)  # the launcher pulled, and the error came through
        assert outcomes[2] == PaintedPhoto(image=b"\xff" * 3_000_000, seconds=0.01)
        (runner,) = fleet.runners()
        assert (runner.state, runner.node, runner.restarts) == ("ready", "127.0.0.1", 0)
        assert runner.report.resident == {style.digest}
        assert runner.pid is not None
        launcher = launcher_of(runner.pid)
        assert launcher != os.getpid()
    await until(lambda: not is_alive(launcher))
    assert not is_alive(runner.pid)
    assert placement.wanted == {}


async def test_launchers_and_their_processes_log_as_the_balancer(
    registry: FakeRegistry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(logs.VARIABLE, "json")
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (_, placement):
        monkeypatch.delenv(logs.VARIABLE)
        assert [wanted.json_logs for wanted in placement.wanted.values()] == [True]
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert "launcher" in {line["process"] for line in lines}


async def test_a_runner_process_holds_no_credentials_of_its_launcher(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    for name in ("RAY_AUTH_TOKEN", "RAY_ADDRESS", "MAILBOT_IMAP_PASSWORD"):
        monkeypatch.setenv(name, "secret")
    attempts = [
        "import os; open(f'/proc/{os.getppid()}/environ').read()",
        "import socket; socket.socket(socket.AF_INET)",
        "import socket; socket.socket(socket.AF_UNIX)",
    ]
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, _):
        photos = [b"ENV", *[f"TAKE:{attempt}".encode() for attempt in attempts]]
        outcomes = await fleet.run("cpu-0", [a_task(style.digest, photo) for photo in photos])
        images = [json.loads(o.image) for o in outcomes if isinstance(o, PaintedPhoto)]
        launcher = launcher_of(fleet.runners()[0].pid or 0)
        seen = Path(f"/proc/{launcher}/environ").read_bytes()  # noqa: ASYNC240 - memory
    assert not {name for name in images[0] if name.startswith(("RAY", "MAILBOT", "RUNNER"))}
    assert [kind for kind, _ in images[1:]] == ["PermissionError"] * 3
    assert b"RAY_AUTH_TOKEN" not in seen
    assert b"RUNNER_RELAY_SECRET" in seen


async def test_a_killed_runner_comes_back_from_the_same_launcher(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, placement):
        await fleet.run("cpu-0", [a_task(style.digest, b"1")])
        before = fleet.runners()[0].pid or 0
        launcher = launcher_of(before)
        with pytest.raises(RunnerDied, match="exit status -9") as died:
            await fleet.run("cpu-0", [a_task(style.digest, b"DIE")])
        assert not isinstance(died.value, MachineLost)  # the photo is suspected, as on one machine
        await until(lambda: fleet.runners()[0].state == "ready" and fleet.runners()[0].restarts == 1)
        after = fleet.runners()[0].pid or 0
        assert launcher_of(after) == launcher
        assert fleet.runners()[0].report.resident == {style.digest}
        assert len(placement.actors) == 1


async def test_a_batch_that_hangs_ends_its_runner(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running_by_launchers(registry, tmp_path, monkeypatch, batch_seconds=0.5) as (fleet, _):
        hung = fleet.runners()[0].pid or 0
        with pytest.raises(RunnerDied, match="no answer within"):
            await fleet.run("cpu-0", [a_task(style.digest, b"HANG")])
        await until(lambda: not is_alive(hung))
        await until(lambda: fleet.runners()[0].state == "ready" and fleet.runners()[0].restarts == 1)


async def test_a_killed_launcher_is_a_lost_machine_and_another_one_takes_its_place(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, placement):
        runner = fleet.runners()[0].pid or 0
        photo = f"WAIT:{tmp_path}/never".encode()
        painting = asyncio.create_task(fleet.run("cpu-0", [a_task(style.digest, photo)]))
        await until(lambda: any(style.digest[7:] in path for path in registry.asked))
        os.kill(launcher_of(runner), signal.SIGKILL)
        with pytest.raises(MachineLost, match="cannot be reached"):
            await painting
        await until(lambda: not is_alive(runner))
        placement.start(*placement.wanted.values())
        await until(lambda: fleet.runners()[0].state == "ready")
        outcomes = await fleet.run("cpu-0", [a_task(style.digest, b"1")])
        assert isinstance(outcomes[0], PaintedPhoto)


async def test_a_fresh_launcher_takes_over_while_the_old_one_paints(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an absence of Ray's head: the old launcher is unknown to it, and another one comes."""
    style = registry.publish("mosaic", b"weights")
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, placement):
        old = fleet.runners()[0].pid or 0
        launcher = launcher_of(old)
        photo = f"WAIT:{tmp_path}/go".encode()
        painting = asyncio.create_task(fleet.run("cpu-0", [a_task(style.digest, photo)]))
        await until(lambda: any(style.digest[7:] in path for path in registry.asked))
        placement.start(*placement.wanted.values())
        await until(lambda: fleet.runners()[0].pid not in (None, old))
        assert fleet.runners()[0].state == "ready"
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await painting)[0], PaintedPhoto)
        await until(lambda: not is_alive(launcher))
        assert fleet.runners()[0].restarts == 0


async def test_restart_and_resize_as_on_one_machine(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running_by_launchers(registry, tmp_path, monkeypatch) as (fleet, placement):
        await fleet.run("cpu-0", [a_task(style.digest, b"1")])
        before = fleet.runners()[0].pid
        fleet.restart()
        await until(lambda: fleet.runners()[0].replaced == 1 and len(fleet.runners()) == 1)
        assert fleet.runners()[0].pid != before
        assert fleet.runners()[0].report.resident == {style.digest}
        fleet.resize(2)
        await until(lambda: [r.state for r in fleet.runners()] == ["ready", "ready"])
        fleet.resize(1)
        await until(lambda: len(placement.wanted) == 1 and len(fleet.runners()) == 1)
