"""Hold a connection on which a launcher waits to start a process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from runner.cluster.relay_messages import Hello, number_of, relay_frame
from runner.cluster.remote_process import RemoteProcess
from runner.fleet.runner_connection import RunnerConnection
from runner.protocol.framing import Frame, WireError, encode, read_frame
from styles.errors import RegistryUnavailable, RunnerDied

log = logging.getLogger(__name__)

#: Seconds in which a launcher starts a process, before its imports; it takes some milliseconds.
START_SECONDS = 30.0


class IdleConnection:
    """Start a runner process by a launcher; until then, keep count of the free memory on its node."""

    def __init__(self, hello: Hello, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hello = hello
        self.free = hello.free
        self._reader = reader
        self._writer = writer
        self._started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._started.add_done_callback(_retrieve)

    async def watch(self, lost: Callable[[IdleConnection], None]) -> None:
        """Read until a process has started; call `lost` if the connection ends before."""
        try:
            while not self._started.done():
                self._read(await read_frame(self._reader))
        except OSError as error:  # of framing as well
            self._writer.close()
            self._started.set_exception(RunnerDied(f"the launcher on {self.hello.node}: {error}"))
            lost(self)

    def _read(self, frame: Frame | None) -> None:
        match frame.header.get("relay") if frame else None:
            case "free" if frame:
                self.free = number_of(frame, "free")
            case "started" if frame:
                self._started.set_result(number_of(frame, "pid"))
            case "failed" if frame:
                raise WireError(f"no process started: {str(frame.header.get('reason'))[:300]}")
            case _:
                raise WireError("the connection closed")

    async def start(self) -> RunnerConnection:
        """Start a process on this connection. Raises `RunnerDied`."""
        self._writer.writelines(list(encode(relay_frame("start"))))
        try:
            async with asyncio.timeout(START_SECONDS):
                pid = await asyncio.shield(self._started)
        except TimeoutError as error:
            self._writer.transport.abort()
            raise RunnerDied(f"the launcher on {self.hello.node} does not answer") from error
        except asyncio.CancelledError:
            self._writer.transport.abort()
            raise
        return RunnerConnection(RemoteProcess(pid, self._reader, self._writer), _no_pull)

    def refuse(self, reason: str) -> None:
        """Tell the launcher to end when its processes have."""
        log.info("the launcher on %s ends: %s", self.hello.node, reason)
        self._writer.writelines(list(encode(relay_frame("refused", reason=reason))))
        self._writer.close()


async def _no_pull(digest: str) -> Path:
    """Refuse a request that the launcher should have answered."""
    raise RegistryUnavailable(f"{digest}: the launcher pulls style files")


def _retrieve(started: asyncio.Future[int]) -> None:
    """Mark an error as retrieved, since nothing may wait for a start."""
    if not started.cancelled():
        started.exception()
