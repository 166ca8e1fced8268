"""Relay the frames of one runner process, and answer its requests for style files."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from runner.cluster.relay_messages import relay_frame
from runner.fleet.child import ChildProcess
from runner.fleet.pulls import Pull, PullRequests
from runner.protocol.framing import Frame, WireError, read_frame, write_frame
from styles.service.waiting import cancel

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
        """`reader` and `writer` are of the connection to the balancer."""
        self._process = process
        self._reader = reader
        self._writer = writer
        self._pulls = PullRequests(pull, self._send)
        self._sending = asyncio.Lock()
        self._requests = asyncio.Queue[Frame]()  # as many as the balancer gives credits for
        self._stopping: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Relay both ways; at the end the process has ended and the connection is closed."""
        down = [asyncio.create_task(self._read_requests()), asyncio.create_task(self._to_process())]
        try:
            await self._to_balancer()
        except OSError as error:  # of framing as well
            log.info("the relay of process %d ends: %s", self._process.pid, error)
        self._process.kill()
        status = await self._process.wait()
        self._pulls.cancel()
        self._process.writer.close()
        with contextlib.suppress(OSError):
            await write_frame(self._writer, relay_frame("ended", status=status))
        await cancel(*down, *([self._stopping] if self._stopping else ()))
        self._writer.close()

    async def _to_balancer(self) -> None:
        while (frame := await self._process.read()) is not None:
            if "pull" in frame.header:
                self._pulls.begin(frame.header["pull"])
            elif "relay" in frame.header:  # these are the launcher's own
                raise WireError("a runner process that pretends to be its launcher")
            else:
                await write_frame(self._writer, frame)

    async def _read_requests(self) -> None:
        """Read requests until the balancer's connection ends; then kill the process.

        It never waits for the process: one that hangs reads nothing, and must be killed all the same.
        """
        with contextlib.suppress(OSError):
            while (frame := await read_frame(self._reader)) is not None:
                if frame.header.get("relay") == "stop":
                    self._stopping = asyncio.create_task(self._process.stop())
                else:
                    self._requests.put_nowait(frame)
        self._process.kill()

    async def _to_process(self) -> None:
        """Relay requests until the process ends."""
        with contextlib.suppress(OSError):
            while True:
                await self._send(await self._requests.get())

    async def _send(self, frame: Frame) -> None:
        async with self._sending:
            await write_frame(self._process.writer, frame)
