"""A fresh process takes over from another: under load, with what that held, and never for the worse."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from runner.fleet.local_fleet import LocalFleet
from runner.fleet.recycling import REPORTS
from runner.protocol.messages import Outcome, PaintedPhoto
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task, inverted
from tests.fakes.runner.local_fleet import LIAR, is_alive, paint, pid_of, running
from tests.fakes.waiting import until


def states(fleet: LocalFleet) -> dict[str, str]:
    return {runner.name: runner.state for runner in fleet.runners()}


def children() -> set[int]:
    """The processes that this one has started and that run; other tests' servers are among them."""
    stats = [(file, _read(file).rsplit(")", 1)[-1].split()) for file in Path("/proc").glob("[0-9]*/stat")]
    return {int(f.parent.name) for f, s in stats if s[1:] and int(s[1]) == os.getpid() and s[0] != "Z"}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has ended
        return ""


async def replaced(fleet: LocalFleet, times: int = 1) -> None:
    """Waits until every runner was, and nothing is under way any more."""
    await until(
        lambda: (
            all(r.replaced == times and not r.replacing for r in fleet.runners())
            and set(states(fleet).values()) == {"ready"}
        )
    )


async def test_a_restart_under_load_fails_no_batch(registry: FakeRegistry, tmp_path: Path) -> None:
    styles = [registry.publish(name, name.encode()) for name in "abc"]
    ready: list[int] = []
    outcomes: list[Outcome] = []
    async with running(registry, tmp_path, processes=2) as fleet:
        pids = {runner.pid for runner in fleet.runners()}
        over = asyncio.Event()

        async def load(runner: str) -> None:
            while not over.is_set():
                for style in styles:
                    outcomes.extend(await fleet.run(runner, [a_task(style.digest, b"1")]))
                    ready.append(sum(state == "ready" for state in states(fleet).values()))

        loads = [asyncio.create_task(load(name)) for name in ("cpu-0", "cpu-1") for _ in range(2)]
        await until(lambda: all(len(r.report.resident) == 3 for r in fleet.runners()))
        fleet.restart()
        await replaced(fleet)
        over.set()
        await asyncio.gather(*loads)
        assert {runner.pid for runner in fleet.runners()}.isdisjoint(pids)
        assert [r.restarts for r in fleet.runners()] == [0, 0]
    assert set(outcomes) == {PaintedPhoto(image=inverted(b"1"), seconds=0.01)}
    assert set(ready) == {2}  # capacity never dropped


async def test_one_takes_over_while_the_other_drains(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        old = pid_of(fleet)
        painting = asyncio.create_task(paint(fleet, style.digest, f"WAIT:{tmp_path}/go".encode()))
        await asyncio.sleep(0)
        fleet.restart()
        assert fleet.runners()[0].replacing
        await until(lambda: states(fleet) == {"cpu-0": "ready", "cpu-0-next": "starting"})
        await until(lambda: states(fleet) == {"cpu-0": "ready", "cpu-0-last": "draining"})
        assert fleet.runners()[1].pid == old
        assert fleet.runners()[1].credits == 0
        assert await paint(fleet, style.digest, b"1") == [PaintedPhoto(image=inverted(b"1"), seconds=0.01)]
        assert not painting.done()
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await painting)[0], PaintedPhoto)
        await replaced(fleet)
        assert not is_alive(old)


async def test_the_fresh_one_holds_what_the_old_one_held(registry: FakeRegistry, tmp_path: Path) -> None:
    styles = [registry.publish(str(number), b"weights %d" % number) for number in range(12)]
    async with running(registry, tmp_path) as fleet:
        await fleet.run("cpu-0", [a_task(style.digest) for style in styles])
        fleet.restart()
        await replaced(fleet)
        assert fleet.runners()[0].report.resident == {style.digest for style in styles}
        assert fleet.runners()[0].report.batches == 0


async def test_without_memory_for_two_the_old_one_ends_first(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.fleet.launcher.free_memory", lambda: 499_999_999)
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        old = pid_of(fleet)
        painting = asyncio.create_task(paint(fleet, style.digest, f"WAIT:{tmp_path}/go".encode()))
        await asyncio.sleep(0)
        fleet.restart()
        await until(lambda: states(fleet) == {"cpu-0": "draining"})
        await asyncio.to_thread((tmp_path / "go").touch)
        assert isinstance((await painting)[0], PaintedPhoto)
        await until(lambda: states(fleet) == {"cpu-0": "ready"} and not fleet.runners()[0].replacing)
        assert pid_of(fleet) != old
        assert fleet.runners()[0].restarts == 0
        assert fleet.runners()[0].report.resident == {style.digest}


async def test_where_the_old_one_ended_first_and_no_fresh_one_comes_up_the_others_stay(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.fleet.launcher.free_memory", lambda: 499_999_999)
    monkeypatch.setattr("runner.fleet.runner_slot.FRESH_SECONDS", 0.2)
    async with running(registry, tmp_path, module=LIAR, processes=2) as fleet:
        other = fleet.runners()[1].pid
        await asyncio.to_thread((tmp_path / "mode").write_text, "dead")
        fleet.restart()
        await until(lambda: states(fleet)["cpu-0"] != "ready")
        await until(lambda: not any(runner.replacing for runner in fleet.runners()))
        assert fleet.runners()[1].pid == other
        fleet.resize(1)  # takes its turn, which a replacement that waits for ever would keep
        await until(lambda: len(fleet.runners()) == 1)


@pytest.mark.parametrize("mode", ["mute", "confused", "dead"])
async def test_where_no_fresh_one_comes_up_the_old_ones_stay(
    registry: FakeRegistry, tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(registry, tmp_path, module=LIAR, processes=2) as fleet:
        monkeypatch.setattr("runner.fleet.runner_handle.WARM_SECONDS", 20 if mode != "mute" else 0.2)
        pids = [runner.pid for runner in fleet.runners()]
        await asyncio.to_thread((tmp_path / "mode").write_text, mode)
        fleet.restart()
        await until(lambda: not any(runner.replacing for runner in fleet.runners()))
        assert [runner.pid for runner in fleet.runners()] == pids
        assert states(fleet) == {"cpu-0": "ready", "cpu-1": "ready"}
        assert isinstance((await paint(fleet, "sha256:1", b"1"))[0], PaintedPhoto)


async def test_one_that_dies_while_its_successor_starts(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("slow", f"wait:{tmp_path}/go".encode())
    (tmp_path / "go").touch()
    others = children()
    async with running(registry, tmp_path) as fleet:
        await paint(fleet, style.digest, b"1")
        await asyncio.to_thread((tmp_path / "go").unlink)
        fleet.restart()
        await until(lambda: "cpu-0-next" in states(fleet))
        os.kill(pid_of(fleet), signal.SIGKILL)
        await until(lambda: states(fleet)["cpu-0"] == "starting")
        await asyncio.to_thread((tmp_path / "go").touch)
        await until(lambda: states(fleet) == {"cpu-0": "ready"} and not fleet.runners()[0].replacing)
        await until(lambda: children() - others == {pid_of(fleet)})  # whoever came up too late has ended
        assert isinstance((await paint(fleet, style.digest, b"1"))[0], PaintedPhoto)


async def test_who_asks_again_while_a_place_is_replaced_gets_another(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        painting = asyncio.create_task(paint(fleet, style.digest, f"WAIT:{tmp_path}/go".encode()))
        await asyncio.sleep(0)
        fleet.restart()
        await until(lambda: "cpu-0-last" in states(fleet))
        assert fleet.runners()[0].replacing
        fleet.restart()
        await asyncio.to_thread((tmp_path / "go").touch)
        await painting
        await replaced(fleet, 2)


async def test_a_worn_one_is_replaced(registry: FakeRegistry, tmp_path: Path) -> None:
    (tmp_path / "mode").write_text("heavy")
    async with running(registry, tmp_path, module=LIAR) as fleet:
        old = pid_of(fleet)
        await asyncio.to_thread((tmp_path / "mode").write_text, "fine")
        for _ in range(REPORTS):
            await paint(fleet, "sha256:1", b"1")
        await replaced(fleet)
        assert pid_of(fleet) != old
        for _ in range(REPORTS * 2):
            await paint(fleet, "sha256:1", b"1")
        assert not fleet.runners()[0].replacing


async def test_a_worn_one_stays_where_that_is_wanted(registry: FakeRegistry, tmp_path: Path) -> None:
    (tmp_path / "mode").write_text("heavy")
    async with running(registry, tmp_path, module=LIAR, recycle_bytes=0) as fleet:
        for _ in range(REPORTS * 2):
            await paint(fleet, "sha256:1", b"1")
        assert not fleet.runners()[0].replacing


async def test_an_end_is_a_warning_unless_it_was_wanted(
    registry: FakeRegistry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "runner.fleet.runner_slot")
    async with running(registry, tmp_path) as fleet:
        os.kill(pid_of(fleet), signal.SIGKILL)
        await until(lambda: any(runner.restarts for runner in fleet.runners()))
        await until(lambda: states(fleet) == {"cpu-0": "ready"})
    ended = [line for line in caplog.records if "exit status" in line.getMessage()]
    ends = [(line.levelname, line.getMessage().rpartition(" ")[2]) for line in ended]
    assert ends == [("WARNING", "-9"), ("INFO", "0")]


async def test_the_end_of_a_fleet_that_is_being_restarted(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    async with running(registry, tmp_path) as fleet:
        hanging = asyncio.create_task(paint(fleet, style.digest, b"HANG"))
        await asyncio.sleep(0)
        fleet.restart()
        await until(lambda: "cpu-0-last" in states(fleet))
        pids = [runner.pid for runner in fleet.runners()]
        await fleet.shutdown()
        assert await asyncio.gather(hanging, return_exceptions=True)
        assert not any(is_alive(pid) for pid in pids if pid)
