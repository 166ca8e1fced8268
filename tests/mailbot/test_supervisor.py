"""The supervisor: order, readiness, restarts, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.supervisor import NotReady, Program, Supervisor

#: A program that writes its pid, says that it is up, and waits to be ended.
WAITS = (
    "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); print('up'); time.sleep(600)"
)


class Printed:
    """What the programs printed, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        task = asyncio.create_task(self._wake())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(true)


def program(folder: Path, name: str, code: str = WAITS) -> Program:
    pids = folder / name

    async def ready() -> bool:
        return pids.exists()

    command = [sys.executable, "-u", "-c", code, str(pids)]
    return Program(name=name, command=command, environment=dict(os.environ), ready=ready)


@contextlib.asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[None]:
    try:
        await supervisor.startup()
        yield
    finally:
        await supervisor.shutdown()


def pids_of(supervisor: Supervisor) -> dict[str, int]:
    """Process id of each program's latest start, by name, even if that process has ended."""
    return {child.program.name: child.process.pid for child in supervisor._children if child.process}


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]


async def test_programs_start_in_order_and_end_together(tmp_path: Path) -> None:
    printed = Printed()
    supervisor = Supervisor([program(tmp_path, "one"), program(tmp_path, "two")], printed)
    async with running(supervisor):
        pids = pids_of(supervisor)
        assert list(pids) == ["one", "two"]
        assert (tmp_path / "one").stat().st_mtime_ns < (tmp_path / "two").stat().st_mtime_ns
    assert all(gone(pid) for pid in pids.values())


async def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    printed = Printed()
    supervisor = Supervisor([program(tmp_path, "one")], printed)
    async with running(supervisor):
        await printed.until(lambda: len(printed.lines) == 1)
        first = pids_of(supervisor)["one"]
        os.kill(first, signal.SIGKILL)
        await printed.until(lambda: len(printed.lines) == 2)
        assert pids_of(supervisor)["one"] != first
    assert len((tmp_path / "one").read_text().split()) == 2


async def test_a_program_that_never_gets_ready_is_an_error(tmp_path: Path) -> None:
    supervisor = Supervisor([program(tmp_path, "bad", "raise SystemExit(3)")], Printed())
    with pytest.raises(NotReady, match="bad"):
        async with running(supervisor):
            pass


async def test_what_was_started_is_stopped_when_a_later_one_never_gets_ready(tmp_path: Path) -> None:
    told = tmp_path / "told"
    polite = (
        "import signal, sys, time\n"
        f"def end(*_): open({str(told)!r}, 'w'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "open(sys.argv[1], 'a').write('up')\n"
        "time.sleep(600)\n"
    )
    programs = [program(tmp_path, "good", polite), program(tmp_path, "bad", "raise SystemExit(3)")]
    with pytest.raises(NotReady, match="bad"):
        async with running(Supervisor(programs, Printed())):
            pass
    assert told.exists()


async def test_a_very_long_line_ends_nothing(tmp_path: Path) -> None:
    printed = Printed()
    long = WAITS.replace("print('up')", "print('x' * 300_000); print('up')")
    async with running(Supervisor([program(tmp_path, "one", long)], printed)):
        await printed.until(lambda: ("one", "up") in printed.lines)
    assert sum(len(line) for _, line in printed.lines) == 300_002


async def test_a_program_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    printed = Printed()
    starter = tmp_path / "starter"
    starter.symlink_to(sys.executable)
    first = program(tmp_path, "first")
    first = replace(first, command=[str(starter), *first.command[1:]])
    async with running(Supervisor([first], printed)):
        starter.unlink()
        os.kill(int((tmp_path / "first").read_text()), signal.SIGKILL)
        await printed.until(lambda: any("cannot be started" in line for _, line in printed.lines))
        starter.symlink_to(sys.executable)
        await printed.until(lambda: printed.lines.count(("first", "up")) == 2)


async def test_a_program_that_can_never_be_started_is_an_error(tmp_path: Path) -> None:
    printed = Printed()
    missing = replace(program(tmp_path, "first"), command=[str(tmp_path / "missing")])
    with pytest.raises(NotReady, match="see its lines above"):
        await Supervisor([missing], printed).startup()
    assert "No such file" in printed.lines[0][1]


def test_nothing_survives_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from pathlib import Path\n"
        "from mailbot.supervisor import Supervisor\n"
        "from tests.mailbot.test_supervisor import program\n"
        "async def main():\n"
        f"    supervisor = Supervisor([program(Path({str(tmp_path)!r}), 'one')], print)\n"
        "    await supervisor.startup()\n"
        "    print('started', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        while "started" not in parent.stdout.readline():
            assert parent.poll() is None
        pid = int((tmp_path / "one").read_text())
        assert not gone(pid)
        parent.kill()
    while not gone(pid):  # another process gives no event
        time.sleep(0.05)
