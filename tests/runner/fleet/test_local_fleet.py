"""Real runner processes: killed, hung, restarted, scrubbed, and never left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config import RunnerConfig
from runner.fleet.fleet import NotDelivered
from runner.fleet.local_fleet import LocalFleet
from runner.protocol.framing import MAX_HEADER, MAX_PARTS, WireError
from runner.protocol.messages import PaintedPhoto
from styles.errors import BadCheckpoint, NotAnImage, RegistryUnavailable, RunnerDied
from tests.fakes.decoys import decoys
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task, inverted
from tests.fakes.runner.local_fleet import is_alive, paint, pid_of, running
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.waiting import until


async def test_a_batch_there_and_back(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        outcomes = await paint(fleet, style.digest, b"abc", b"BAD", b"\0" * 3_000_000)
        assert outcomes[0] == PaintedPhoto(image=inverted(b"abc"), seconds=0.01)
        assert isinstance(outcomes[1], NotAnImage)
        assert outcomes[2] == PaintedPhoto(image=b"\xff" * 3_000_000, seconds=0.01)
        (runner,) = fleet.runners()
        assert (runner.state, runner.device, runner.restarts) == ("ready", "cpu", 0)
        assert runner.report.resident == {style.digest}
        assert runner.report.batches == 1
        assert runner.report.memory > 1 << 20


async def test_a_style_that_cannot_be_had_fails_its_photos_only(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    good, bad = registry.publish("good", b"weights"), registry.publish("bad", b"bad weights")
    missing = "sha256:" + "0" * 64
    async with running(registry, tmp_path) as fleet:
        batch = [
            a_task(good.digest, b"1"),
            a_task(bad.digest, b"2"),
            a_task(missing, b"3"),
            a_task(good.digest, b"4"),
        ]
        outcomes = await fleet.run("cpu-0", batch)
        assert [type(outcome) for outcome in outcomes] == [
            PaintedPhoto,
            BadCheckpoint,
            RegistryUnavailable,
            PaintedPhoto,
        ]
        assert isinstance(outcomes[3], PaintedPhoto)
        assert outcomes[3].image == inverted(b"4")


async def test_neither_memory_nor_disk_needs_a_registry(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        await paint(fleet, style.digest, b"1")
        await registry.stop()
        assert isinstance((await paint(fleet, style.digest, b"2"))[0], PaintedPhoto)  # from memory
    async with running(registry, tmp_path) as fleet:
        assert isinstance((await paint(fleet, style.digest, b"3"))[0], PaintedPhoto)  # from disk


async def test_a_killed_runner_comes_back_with_its_styles(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        await paint(fleet, style.digest, b"1")
        killed = pid_of(fleet)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: fleet.runners()[0].restarts == 1 and fleet.runners()[0].state == "ready")
        assert pid_of(fleet) != killed
        assert fleet.runners()[0].report.resident == {style.digest}
        assert isinstance((await paint(fleet, style.digest, b"2"))[0], PaintedPhoto)


async def test_what_went_live_is_loaded_by_every_runner(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("print", b"weights", format="onnx")
    async with running(registry, tmp_path, processes=2) as fleet:
        fleet.warm(style.digest)
        await until(lambda: all(r.report.resident == {style.digest} for r in fleet.runners()))
        assert [r.report.batches for r in fleet.runners()] == [0, 0]
        await registry.stop()
        assert isinstance((await paint(fleet, style.digest, b"1"))[0], PaintedPhoto)


async def test_a_runner_that_is_starting_loads_it_then(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        os.kill(pid_of(fleet), signal.SIGKILL)
        await until(lambda: fleet.runners()[0].state != "ready")
        fleet.warm(style.digest)
        await until(lambda: fleet.runners()[0].report.resident == {style.digest})
        assert fleet.runners()[0].restarts == 1


@pytest.mark.parametrize("weights", [b"bad", b"raise", None])
async def test_what_cannot_be_loaded_ahead_harms_nobody(
    registry: FakeRegistry, tmp_path: Path, weights: bytes | None
) -> None:
    good = registry.publish("good", b"weights")
    bad = registry.publish("worse", weights).digest if weights else "sha256:" + "0" * 64
    async with running(registry, tmp_path) as fleet:
        pid = pid_of(fleet)
        fleet.warm(good.digest)
        fleet.warm(bad)  # the newest is loaded first
        await until(lambda: fleet.runners()[0].report.resident == {good.digest})
        assert isinstance((await paint(fleet, good.digest, b"1"))[0], PaintedPhoto)
        assert (pid_of(fleet), fleet.runners()[0].restarts) == (pid, 0)


async def test_what_kills_a_runner_is_not_loaded_ahead_again(registry: FakeRegistry, tmp_path: Path) -> None:
    good, killer = registry.publish("good", b"weights"), registry.publish("killer", b"die")
    async with running(registry, tmp_path) as fleet:
        fleet.warm(good.digest)
        fleet.warm(killer.digest)
        await until(lambda: fleet.runners()[0].report.resident == {good.digest})
        assert fleet.runners()[0].restarts == 1
        assert isinstance((await paint(fleet, good.digest, b"1"))[0], PaintedPhoto)


async def test_a_stop_blames_no_style_that_is_loaded_ahead(
    registry: FakeRegistry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slow = registry.publish("slow", f"wait:{tmp_path}/none".encode())
    async with running(registry, tmp_path) as fleet:
        fleet.warm(slow.digest)
        await until(lambda: any(slow.digest[7:] in path for path in registry.asked))
    assert "loaded ahead again" not in caplog.text


async def test_a_hang_over_loading_ahead_ends_with_the_next_batch(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    style, never = registry.publish("mosaic", b"weights"), registry.publish("never", b"wait:/none/such")
    async with running(registry, tmp_path, batch_seconds=0.5) as fleet:
        fleet.warm(never.digest)

        async def paint_until_it_hangs() -> None:
            while True:  # the blob may still be on its way at first
                await paint(fleet, style.digest, b"1")

        with pytest.raises(RunnerDied, match="no answer"):
            await paint_until_it_hangs()
        await until(lambda: fleet.runners()[0].state == "ready")
        assert isinstance((await paint(fleet, style.digest, b"1"))[0], PaintedPhoto)


async def test_what_hangs_as_it_is_loaded_ahead_does_so_to_one_runner_and_no_batch_is_blamed(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.fleet.preloading.WARM_SECONDS", 1.0)
    style, never = registry.publish("mosaic", b"weights"), registry.publish("never", b"wait:/none/such")
    async with running(registry, tmp_path, processes=2) as fleet:
        fleet.warm(never.digest)
        failed: list[object] = []
        while not failed:  # the blob may still be on its way at first
            batches = [fleet.run(name, [a_task(style.digest, b"1")]) for name in ("cpu-0", "cpu-1")]
            outcomes = await asyncio.gather(*batches, return_exceptions=True)
            failed = [type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
        assert failed == [NotDelivered]
        await until(lambda: all(r.state == "ready" for r in fleet.runners()))
        assert sorted(r.restarts for r in fleet.runners()) == [0, 1]


@pytest.mark.parametrize("photo", [b"DIE", b"RAISE"])
async def test_a_photo_that_kills_is_a_death(registry: FakeRegistry, tmp_path: Path, photo: bytes) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        with pytest.raises(RunnerDied):
            await paint(fleet, style.digest, b"1", photo)
        await until(lambda: fleet.runners()[0].state == "ready")
        assert isinstance((await paint(fleet, style.digest, b"1"))[0], PaintedPhoto)


async def test_a_batch_that_cannot_be_sent_harms_no_runner(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        pid = pid_of(fleet)
        with pytest.raises(WireError):
            await paint(fleet, "x" * MAX_HEADER, b"1")
        with pytest.raises(WireError):
            await paint(fleet, style.digest, *[b"1"] * (MAX_PARTS + 1))
        assert isinstance((await paint(fleet, style.digest, b"1"))[0], PaintedPhoto)
        assert (pid_of(fleet), fleet.runners()[0].restarts) == (pid, 0)


async def test_a_hang_is_a_death(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, batch_seconds=0.5) as fleet:
        hung = pid_of(fleet)
        with pytest.raises(RunnerDied, match="no answer"):
            await paint(fleet, style.digest, b"HANG")
        await until(lambda: fleet.runners()[0].state == "ready")
        assert not is_alive(hung)


async def test_a_sheet_has_a_deadline_of_its_own(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", f"wait:{tmp_path}/never".encode())
    async with running(registry, tmp_path, batch_seconds=3600, sheet_seconds=0.5) as fleet:
        sheet = replace(a_task(style.digest, jpeg(), size=96), sheet=True)
        with pytest.raises(RunnerDied, match="no answer"):
            await fleet.run("cpu-0", [sheet])


async def test_a_runner_has_no_credentials_and_no_port(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_IMAP_PASSWORD", "secret-1")
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", "secret-2")
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        environment, ports = await paint(fleet, style.digest, b"ENV", b"PORTS")
    assert isinstance(environment, PaintedPhoto)
    assert isinstance(ports, PaintedPhoto)
    assert b"secret" not in environment.image
    assert not [name for name in json.loads(environment.image) if name.startswith(("MAILBOT_", "REGISTRY_"))]
    assert "PATH" in json.loads(environment.image)
    assert ports.image == b"0"


async def test_several_runners_share_the_cache(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, processes=2) as fleet:
        assert [r.name for r in fleet.runners()] == ["cpu-0", "cpu-1"]
        both = await asyncio.gather(
            *[fleet.run(r.name, [a_task(style.digest, b"1")]) for r in fleet.runners()]
        )
        assert all(isinstance(outcomes[0], PaintedPhoto) for outcomes in both)


async def test_shutdown_ends_even_what_hangs(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        pid = pid_of(fleet)
        hanging = asyncio.create_task(paint(fleet, style.digest, b"HANG"))
        await asyncio.sleep(0)  # it is asked now
        await fleet.shutdown()
        with pytest.raises(RunnerDied):
            await hanging
        assert not is_alive(pid)


async def test_a_program_that_cannot_start_is_down_and_tried_again(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    config = RunnerConfig(device="cpu", cache=tmp_path)
    fleet = LocalFleet(config, registry.url, batch_seconds=1, module="tests.fakes.no_such_module")
    await fleet.startup(lambda: None)
    await until(lambda: fleet.runners()[0].restarts >= 2)
    with pytest.raises(RunnerDied):
        await paint(fleet, "sha256:" + "0" * 64, b"1")
    await fleet.shutdown()


ORPHAN = """
import asyncio, sys
from pathlib import Path
from runner.config import RunnerConfig
from runner.fleet.local_fleet import LocalFleet

async def main():
    fleet = LocalFleet(RunnerConfig(device="cpu", cache=Path(sys.argv[1])), "http://127.0.0.1:9",
                       batch_seconds=9, module="tests.fakes.runner.process.engine_process")
    def changed():
        if fleet.runners()[0].state == "ready":
            print(fleet.runners()[0].pid, flush=True)
    await fleet.startup(changed)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_no_runner_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ORPHAN, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await asyncio.wait_for(parent.stdout.readline(), 30))
    assert is_alive(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: not is_alive(pid))


async def test_the_real_engine_paints_a_real_photo(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(decoys(tmp_path / "current"))
    style = registry.publish_file("mosaic", make_shipped(tmp_path, "mosaic").weights)
    async with running(registry, tmp_path, module="runner.process.main") as fleet:
        painted, broken = await paint(fleet, style.digest, jpeg(), b"no photo")
    assert isinstance(painted, PaintedPhoto)
    assert painted.image.startswith(b"\xff\xd8\xff")
    assert painted.seconds > 0
    assert isinstance(broken, NotAnImage)
