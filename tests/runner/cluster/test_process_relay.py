"""The node's end of a relayed process, with real processes that send back what they get."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.cluster import secure_connections
from runner.cluster.process_relay import ProcessRelay
from runner.cluster.relay_messages import relay_frame
from runner.fleet.child_process import ChildProcess
from runner.protocol.framing import Frame, encode, read_frame, write_frame
from tests.fakes.runner.cluster.certificates import certificates
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.runner.streams import Streams, both_ends
from tests.fakes.waiting import until

#: A process that sends each frame back.
ECHO = """
import socket, sys
end = socket.socket(fileno=int(sys.argv[-1]))
while data := end.recv(1 << 16): end.sendall(data)
"""
#: One that dies within its answer.
TORN = """
import os, signal, socket, sys
end = socket.socket(fileno=int(sys.argv[-1]))
end.sendall(end.recv(1 << 16)[:-1])
os.kill(os.getpid(), signal.SIGKILL)
"""
#: One that asks for a file, and reads nothing until it is told to go on.
ASKING = f"""
import os, signal, socket, sys
end = socket.socket(fileno=int(sys.argv[-1]))
end.sendall({b"".join(encode(Frame({"pull": "d1"})))!r})
os.kill(os.getpid(), signal.SIGSTOP)
while data := end.recv(1 << 16): end.sendall(data)
"""
#: One that asks for files without end, and reads nothing.
FLOOD = f"""
import socket, sys
end = socket.socket(fileno=int(sys.argv[-1]))
while True: end.sendall({b"".join(encode(Frame({"pull": "d1"})))!r} * 100)
"""


@asynccontextmanager
async def relayed(
    program: str = ECHO, connect: Callable[[], Awaitable[tuple[Streams, Streams]]] = both_ends
) -> AsyncIterator[tuple[ChildProcess, Streams]]:
    """A process, and the balancer's end of its relay, which ends after the block."""

    async def pull(digest: str) -> Path:
        return Path("/cache") / digest

    process = await ChildProcess.start([sys.executable, "-c", program])
    streams, theirs = await connect()
    relaying = asyncio.create_task(ProcessRelay(process, *theirs, pull).run())
    assert await header(streams) == {"relay": "started", "pid": process.pid}
    try:
        yield process, streams
    finally:
        streams[1].close()
        await relaying
    assert not is_alive(process.pid)


async def header(streams: Streams) -> dict[str, object]:
    frame = await read_frame(streams[0])
    assert frame is not None
    return dict(frame.header)


async def test_frames_go_through_and_requests_for_files_are_answered_here() -> None:
    async with relayed() as (_, streams):
        await write_frame(streams[1], Frame({"id": 1}, [b"photo"]))
        assert await read_frame(streams[0]) == Frame({"id": 1}, [b"photo"])
        await write_frame(streams[1], Frame({"pull": "d1"}))  # the process sends it, and gets the answer
        assert await header(streams) == {"op": "pulled", "digest": "d1", "path": "/cache/d1"}


async def test_photos_of_any_size_go_there_and_back_unchanged() -> None:
    sizes = [0, 1, 200_000, 1 << 20, 9_000_000]
    frames = [Frame({"id": number}, [os.urandom(size)]) for number, size in enumerate(sizes)]
    async with relayed() as (_, streams):
        sending = asyncio.create_task(_send(streams, frames))
        for frame in frames:
            assert await read_frame(streams[0]) == frame
        await sending


async def test_by_tls_they_do_too(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    met: asyncio.Future[Streams] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(
        lambda *streams: met.set_result(streams),
        *("127.0.0.1", 0),
        ssl=secure_connections.tls_context(files, ssl.Purpose.CLIENT_AUTH),
    )
    port = server.sockets[0].getsockname()[1]

    async def connect() -> tuple[Streams, Streams]:
        theirs = await asyncio.open_connection(
            "127.0.0.1", port, ssl=secure_connections.tls_context(files, ssl.Purpose.SERVER_AUTH)
        )
        return await met, theirs

    frames = [Frame({"id": number}, [os.urandom(3_000_000)]) for number in range(4)]
    async with relayed(ECHO, connect) as (_, streams):
        sending = asyncio.create_task(_send(streams, frames))
        for frame in frames:
            assert await read_frame(streams[0]) == frame
        await sending
        await write_frame(streams[1], relay_frame("stop"))
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGTERM}
    server.close()


async def _send(streams: Streams, frames: list[Frame]) -> None:
    for frame in frames:
        await write_frame(streams[1], frame)


async def test_an_answer_to_a_request_for_a_file_comes_between_two_frames() -> None:
    photo = Frame({"id": 1}, [os.urandom(4_000_000)])
    async with relayed(ASKING) as (process, streams):
        await write_frame(streams[1], photo)  # the relay has read all of it, the process nothing
        await write_frame(streams[1], Frame({"id": 2}, [b"small"]))
        await until(lambda: _is_stopped(process.pid))
        os.kill(process.pid, signal.SIGCONT)
        got = [await read_frame(streams[0]) for _ in range(3)]
        pulled = Frame({"op": "pulled", "digest": "d1", "path": "/cache/d1"}, [])
        assert [frame for frame in got if frame != pulled] == [photo, Frame({"id": 2}, [b"small"])]
        assert pulled in got


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


async def test_a_stop_ends_the_process_and_its_status_is_said() -> None:
    async with relayed() as (_, streams):
        await write_frame(streams[1], relay_frame("stop"))
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGTERM}
        assert await read_frame(streams[0]) is None


async def test_a_process_that_dies_within_its_answer_is_said_to_have_died() -> None:
    async with relayed(TORN) as (_, streams):
        await write_frame(streams[1], Frame({"id": 1}, [b"killer"]))
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGKILL}
        assert await read_frame(streams[0]) is None


async def test_a_process_that_reads_nothing_ends_with_the_connection() -> None:
    async with relayed() as (process, streams):
        await write_frame(streams[1], Frame({"id": 1}))
        assert await header(streams) == {"id": 1}  # it is up
        os.kill(process.pid, signal.SIGSTOP)
        for _ in range(2):  # more than all buffers on the way hold
            await write_frame(streams[1], Frame({"id": 2}, [bytes(8_000_000)]))


async def test_a_process_that_reads_nothing_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.fleet.child_process.TERM_SECONDS", 0.05)
    async with relayed() as (process, streams):
        await write_frame(streams[1], Frame({"id": 1}))
        assert await header(streams) == {"id": 1}  # it is up
        os.kill(process.pid, signal.SIGSTOP)
        await until(lambda: _is_stopped(process.pid))
        await write_frame(streams[1], Frame({"id": 2}, [bytes(8_000_000)]))
        await write_frame(streams[1], relay_frame("stop"))
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGKILL}


async def test_a_balancer_that_reads_nothing_ends_the_process_by_closing() -> None:
    async with relayed() as (_, streams):
        for number in range(3):  # the process answers, and nobody reads that
            await write_frame(streams[1], Frame({"id": number}, [bytes(4_000_000)]))


async def test_a_connection_that_ends_before_the_relay_begins() -> None:
    process = await ChildProcess.start([sys.executable, "-c", ECHO])
    streams, theirs = await both_ends()
    streams[1].close()
    assert await read_frame(theirs[0]) is None
    await ProcessRelay(process, *theirs, lambda digest: asyncio.sleep(0, Path(digest))).run()
    assert not is_alive(process.pid)


async def test_a_process_that_asks_for_files_and_never_reads_is_ended() -> None:
    async with relayed(FLOOD) as (_, streams):
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGKILL}


async def test_a_process_that_pretends_to_be_its_launcher_is_ended() -> None:
    async with relayed() as (process, streams):
        await write_frame(streams[1], Frame({"relay": "ended", "status": 0}))  # and it comes back
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGKILL}
        assert not is_alive(process.pid)
