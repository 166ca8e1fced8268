"""A process of this machine on its end of a pair of sockets."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from runner.fleet.child_process import LocalProcess, runner_command
from runner.protocol.framing import Frame, write_frame
from tests.fakes.runner.local_fleet import is_alive

#: Sends each frame back. It ends with the connection, or at SIGTERM where `stubborn` is not its word.
ECHO = """
import os, signal, socket, sys
if "stubborn" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
end = socket.socket(fileno=int(sys.argv[-1]))
while data := end.recv(1 << 16): end.sendall(data)
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", ECHO, *words]


async def test_a_frame_there_and_back_and_its_end() -> None:
    process = await LocalProcess.start(command())
    await write_frame(process.writer, Frame({"id": 1}, [b"photo"]))
    assert await process.read() == Frame({"id": 1}, [b"photo"])
    assert is_alive(process.pid)
    await process.stop()
    assert await process.read() is None
    assert await process.wait() == -signal.SIGTERM
    process.writer.close()


async def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.fleet.child_process.TERM_SECONDS", 0.05)
    process = await LocalProcess.start(command("stubborn"))
    await write_frame(process.writer, Frame({"id": 1}))
    await process.read()  # it ignores SIGTERM by now
    await process.stop()
    assert await process.wait() == -signal.SIGKILL
    process.writer.close()


async def test_a_command_that_does_not_exist() -> None:
    with pytest.raises(OSError, match="no/such"):
        await LocalProcess.start(["/no/such/command"])


def test_the_command_of_a_runner_names_its_parent_and_an_absolute_folder() -> None:
    words = runner_command("m", device="cpu", threads=2, cache=Path("styles"), cache_bytes=7)
    assert words[-10:] == [
        *("--parent", str(os.getpid()), "--device", "cpu", "--threads", "2"),
        *("--cache", str(Path("styles").absolute()), "--cache-bytes", "7"),
    ]


async def test_a_process_whose_connection_fails_is_ended_and_reaped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(**_options: object) -> None:
        raise OSError("no connection")

    def children() -> set[str]:
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())

    monkeypatch.setattr(asyncio, "open_unix_connection", broken)
    before = children()
    with pytest.raises(OSError, match="no connection"):
        await LocalProcess.start([sys.executable, "-c", "import time; time.sleep(60)"])
    assert children() <= before
