"""Relay the frames of one runner process, and answer its requests for style files.

Frames go on whole: when the process ends, the balancer must be between two frames, to learn how.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from runner.cluster.relay_messages import relay_frame
from runner.fleet.child_process import ChildProcess
from runner.fleet.style_file_pulls import Pull, PullRequests
from runner.protocol.frame_receiver import FrameReceiver
from runner.protocol.framing import Frame, WireError, encode
from styles.service.asyncio_tasks import cancel

log = logging.getLogger(__name__)


class ProcessRelay:
    """Relay a process until it ends or the balancer's connection does."""

    def __init__(
        self,
        process: ChildProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pull: Pull,
    ) -> None:
        """`reader` and `writer` are of the connection to the balancer, which sends nothing until `run`."""
        self._process = process
        self._streams = reader, writer
        self._pulls = PullRequests(pull, self._answer_pull)
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        # Requests never wait for the process: one that hangs reads nothing, and must be stopped all the same.
        # There are as many as the balancer gives credits for.
        self._from_process = FrameReceiver(self._take_answer, self._end)
        self._from_balancer = FrameReceiver(self._take_request, self._end, source=self._from_process)
        self._stopping: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Relay both ways; at the end the process has ended and the connection is closed."""
        process, balancer = self._from_process, self._from_balancer
        await asyncio.get_running_loop().create_unix_connection(
            lambda: process, sock=self._process.connection
        )
        balancer.adopt(*self._streams)
        _write(balancer, relay_frame("started", pid=self._process.pid))
        log.info("the relay of process %d ends: %s", self._process.pid, await self._over)
        self._process.kill()
        status = await self._process.wait()
        self._pulls.cancel()
        _write(balancer, relay_frame("ended", status=status))
        process.transport.abort()
        balancer.transport.close()
        await cancel(*([self._stopping] if self._stopping else ()))
        await asyncio.wait([process.closed, balancer.closed])

    def _end(self, reason: str) -> None:
        """Have `run` end; the first reason counts."""
        if not self._over.done():
            self._over.set_result(reason)

    def _take_answer(self, header: Mapping[str, Any], frame: memoryview) -> bool:
        if "pull" in header:
            self._pulls.begin(header["pull"])
            return False
        if "relay" in header:  # these are the launcher's own
            raise WireError("a runner process that pretends to be its launcher")
        return _forward(self._from_balancer, frame)

    def _take_request(self, header: Mapping[str, Any], frame: memoryview) -> bool:
        if header.get("relay") == "stop":
            self._stopping = self._stopping or asyncio.create_task(self._process.stop())
            return False
        return _forward(self._from_process, frame)

    async def _answer_pull(self, frame: Frame) -> None:
        await self._from_process.room.wait()  # one that asks and never reads must not fill the memory
        _write(self._from_process, frame)


def _forward(end: FrameReceiver, frame: memoryview) -> bool:
    """Write a frame; return whether the transport still needs its bytes."""
    end.transport.write(frame)
    return end.transport.get_write_buffer_size() > 0


def _write(end: FrameReceiver, frame: Frame) -> None:
    # not `writelines`, which raises TypeError in Python 3.12.1 if the connection is lost
    end.transport.write(b"".join(encode(frame)))
