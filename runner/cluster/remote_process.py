"""Hold a runner process on another machine, behind the relay of its launcher."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from runner.cluster.relay_messages import number_of, relay_frame
from runner.fleet.child_process import TERM_SECONDS
from runner.protocol.framing import Frame, WireError, encode, read_frame

#: Seconds beyond those of the process that its launcher may take to end it.
RELAY_SECONDS = 2.0


class RemoteProcess:
    """Read, write and end the process; see `RunnerProcess`."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.writer = writer
        self._reader = reader
        self._ended: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def read(self) -> Frame | None:
        """Read a frame from the process, or None at the end. Raises `WireError`, OSError."""
        try:
            frame = await read_frame(self._reader)
        except (WireError, OSError):
            self._end(None)
            raise
        if frame is None:
            self._end(None)
        elif frame.header.get("relay") == "ended":
            self._end(number_of(frame, "status"))
            return None
        return frame

    async def wait(self) -> int | None:
        """Wait for its end; return its exit status, or None if launcher, node or network failed."""
        return await asyncio.shield(self._ended)

    def kill(self) -> None:
        """Close the connection, whereupon the launcher kills the process."""
        self._end(-signal.SIGKILL)
        self.writer.transport.abort()

    async def stop(self) -> None:
        """Have the launcher end it by SIGTERM, and later by SIGKILL."""
        if not self._ended.done():
            self.writer.writelines(list(encode(relay_frame("stop"))))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TERM_SECONDS + RELAY_SECONDS):
                    await self.wait()
        self.kill()

    def _end(self, status: int | None) -> None:
        """Note the exit status; the first one counts."""
        if not self._ended.done():
            self._ended.set_result(status)
