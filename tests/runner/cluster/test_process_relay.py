"""The node's end of a relayed process, with real processes that send back what they get."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from runner.cluster.process_relay import ProcessRelay
from runner.cluster.relay_messages import relay_frame
from runner.fleet.child import ChildProcess
from runner.protocol.framing import Frame, read_frame, write_frame
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.runner.streams import Streams, both_ends

#: A process that sends each frame back.
ECHO = """
import socket, sys
end = socket.socket(fileno=int(sys.argv[-1]))
while data := end.recv(1 << 16): end.sendall(data)
"""


@asynccontextmanager
async def relayed() -> AsyncIterator[tuple[ChildProcess, Streams]]:
    """A process, and the balancer's end of its relay, which ends after the block."""

    async def pull(digest: str) -> Path:
        return Path("/cache") / digest

    process = await ChildProcess.start([sys.executable, "-c", ECHO])
    streams, theirs = await both_ends()
    relaying = asyncio.create_task(ProcessRelay(process, *theirs, pull).run())
    yield process, streams
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


async def test_a_stop_ends_the_process_and_its_status_is_said() -> None:
    async with relayed() as (_, streams):
        await write_frame(streams[1], relay_frame("stop"))
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGTERM}
        assert await read_frame(streams[0]) is None


async def test_a_process_that_reads_nothing_ends_with_the_connection() -> None:
    async with relayed() as (process, streams):
        await write_frame(streams[1], Frame({"id": 1}))
        assert await header(streams) == {"id": 1}  # it is up
        os.kill(process.pid, signal.SIGSTOP)
        for _ in range(2):  # more than all buffers on the way hold
            await write_frame(streams[1], Frame({"id": 2}, [bytes(8_000_000)]))


async def test_a_process_that_pretends_to_be_its_launcher_is_ended() -> None:
    async with relayed() as (process, streams):
        await write_frame(streams[1], Frame({"relay": "ended", "status": 0}))  # and it comes back
        assert await header(streams) == {"relay": "ended", "status": -signal.SIGKILL}
        assert not is_alive(process.pid)
