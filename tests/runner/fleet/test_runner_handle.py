"""What one runner process holds: two batches in line, the first of them timed, and what becomes of both."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from runner.fleet.fleet import NotDelivered
from runner.protocol.messages import PaintedPhoto
from styles.errors import RunnerDied
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task, inverted
from tests.fakes.runner.local_fleet import LIAR, paint, pid_of, running
from tests.fakes.styles.photos import jpeg
from tests.fakes.waiting import until


async def test_two_batches_at_once_in_their_order(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        assert fleet.runners()[0].credits == 2
        first = asyncio.create_task(paint(fleet, style.digest, f"WAIT:{tmp_path}/go".encode()))
        second = asyncio.create_task(paint(fleet, style.digest, b"2"))
        third = await asyncio.wait([first, second], timeout=0.1)
        assert not third[0]
        assert fleet.runners()[0].state == "ready"
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await first)[0], PaintedPhoto)
        assert await second == [PaintedPhoto(image=inverted(b"2"), seconds=0.01)]


async def test_a_deadline_begins_at_the_head_of_the_line(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", f"wait:{tmp_path}/go".encode())
    async with running(registry, tmp_path, batch_seconds=1.5, sheet_seconds=60) as fleet:
        sheet = replace(a_task(style.digest, jpeg(), size=96), sheet=True)
        first = asyncio.create_task(fleet.run("cpu-0", [sheet]))
        second = asyncio.create_task(paint(fleet, style.digest, b"2"))
        await asyncio.wait([first, second], timeout=1.8)  # longer than the second one may be painted
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await first)[0], PaintedPhoto)
        assert isinstance((await second)[0], PaintedPhoto)
        with pytest.raises(RunnerDied, match=r"no answer within 1\.5 s"):  # and it has one
            await paint(fleet, style.digest, b"HANG")


async def test_who_waits_behind_a_hang_is_not_to_blame(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path, batch_seconds=0.5) as fleet:
        batches = [paint(fleet, style.digest, photo) for photo in (b"HANG", b"2")]
        hung, behind = await asyncio.gather(*batches, return_exceptions=True)
        assert type(hung) is RunnerDied
        assert type(behind) is NotDelivered
        assert fleet.runners()[0].state != "ready"
        with pytest.raises(NotDelivered):
            await paint(fleet, style.digest, b"3")


async def test_a_death_may_come_of_either(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        batches = [paint(fleet, style.digest, photo) for photo in (b"DIE", b"2")]
        errors = await asyncio.gather(*batches, return_exceptions=True)
        assert [type(error) for error in errors] == [RunnerDied, RunnerDied]
        assert all(isinstance(error, RunnerDied) and error.__cause__ is None for error in errors)


@pytest.mark.parametrize("lie", ["FEW", "REPORT", "ID", "NOISE", "HUGE", "TORN", "PULL", "PULLS"])
async def test_who_lies_is_ended(registry: FakeRegistry, tmp_path: Path, lie: str) -> None:
    registry.silent.clear()  # no request for a file ends
    async with running(registry, tmp_path, module=LIAR) as fleet:
        assert await paint(fleet, "sha256:1", b"1") == [PaintedPhoto(image=inverted(b"1"), seconds=0.0)]
        liar = pid_of(fleet)
        with pytest.raises(RunnerDied):
            await paint(fleet, "sha256:1", lie.encode(), b"2")
        await until(lambda: fleet.runners()[0].state == "ready")
        assert pid_of(fleet) != liar
        assert fleet.runners()[0].restarts == 1


async def test_who_waits_behind_a_lie_is_not_to_blame(registry: FakeRegistry, tmp_path: Path) -> None:
    async with running(registry, tmp_path, module=LIAR) as fleet:
        batches = [paint(fleet, "sha256:1", photo) for photo in (b"FEW", b"HANG")]
        lied, behind = await asyncio.gather(*batches, return_exceptions=True)
        assert (type(lied), type(behind)) == (RunnerDied, NotDelivered)


@pytest.mark.parametrize("mode", ["mute", "confused", "dead"])
async def test_a_start_that_fails_is_ended_and_tried_again(
    registry: FakeRegistry, tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(registry, tmp_path, module=LIAR) as fleet:
        monkeypatch.setattr("runner.fleet.runner_handle.WARM_SECONDS", 20 if mode != "mute" else 0.2)
        await asyncio.to_thread((tmp_path / "mode").write_text, mode)
        with pytest.raises(RunnerDied):
            await paint(fleet, "sha256:1", b"NOISE")
        await until(lambda: fleet.runners()[0].restarts >= 2)
        monkeypatch.undo()
        await asyncio.to_thread((tmp_path / "mode").write_text, "fine")
        await until(lambda: fleet.runners()[0].state == "ready", 60)
        assert isinstance((await paint(fleet, "sha256:1", b"1"))[0], PaintedPhoto)
