"""Start a runner process, send it requests over its socket, and end it.

The socket lies in a folder that only this user can enter. A broken connection ends the process. The end of
the process fails all pending requests with `RunnerDied`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from runner.fleet.devices import clean_environment
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import READ_AHEAD, Frame, WireError, encode, read_frame
from styles.errors import RunnerDied

log = logging.getLogger(__name__)

#: Seconds after which a process that does not listen is killed. On an idle machine it takes half a second.
START_SECONDS = 60.0
#: Seconds between two attempts to connect.
CONNECT_EVERY = 0.02
#: Seconds from SIGTERM to SIGKILL.
TERM_SECONDS = 3.0


class RunnerConnection:
    """Hold a runner process and the connection to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._writer = writer
        self._writing = asyncio.Lock()
        self._ids = itertools.count()
        self._asked: dict[int, asyncio.Future[Frame]] = {}
        self._told: dict[int, Callable[[Frame], None]] = {}  # by the request that the process reports on
        #: Whether requests are impossible from now on.
        self.gone = False
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def start(cls, command: Sequence[str], socket: Path) -> Self:
        """Start `command` without credentials, and connect. Raises `RunnerDied`, OSError.

        The socket's file is removed after use, since a process that is killed would leave it.
        """
        await asyncio.to_thread(socket.unlink, missing_ok=True)
        process = await asyncio.create_subprocess_exec(
            *command, env=clean_environment(os.environ), stdin=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                reader, writer = await _connect(process, socket)
        except BaseException as error:
            await _kill(process)
            if isinstance(error, TimeoutError):
                raise RunnerDied(f"it did not listen within {START_SECONDS:g} s") from error
            raise
        finally:
            await asyncio.to_thread(socket.unlink, missing_ok=True)
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def ask(self, request: Frame, tell: Callable[[Frame], None] | None = None) -> Coroutine[Any, Any, Frame]:
        """Send a request and return the answer. Raises `RunnerDied`.

        `tell` is called for each slice report of a large photo, before the answer.

        A request over a limit raises `WireError` at once, before anything is awaited or sent.
        """
        number = next(self._ids)
        pieces = list(encode(Frame({**request.header, "id": number}, request.parts)))
        return self._ask(number, pieces, tell)

    async def _ask(self, number: int, pieces: Sequence[bytes], tell: Callable[[Frame], None] | None) -> Frame:
        if self.gone:
            raise NotDelivered("it was gone before")
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        if tell is not None:
            self._told[number] = tell
        try:
            async with self._writing:
                self._writer.writelines(pieces)
                await self._writer.drain()
            return await answer
        except RunnerDied:  # an OSError as well
            raise
        except OSError as error:
            raise RunnerDied(str(error)) from error
        finally:
            del self._asked[number]
            self._told.pop(number, None)
            answer.cancel()

    async def wait(self) -> int:
        """Wait for the end of the process; return its exit status, negative for a signal."""
        await asyncio.shield(self._reading)  # a cancelled caller must not cancel the reading
        return await self._process.wait()

    def kill(self) -> None:
        """Kill the process."""
        _signal(self._process, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process by SIGTERM, and later by SIGKILL."""
        _signal(self._process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TERM_SECONDS):
                await self._process.wait()
        await _kill(self._process)
        await self._reading

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Deliver answers until the connection ends, then fail all pending requests."""
        reason = "the connection closed"
        try:
            while (frame := await read_frame(reader)) is not None:
                number = frame.header.get("id")
                if not isinstance(number, int):
                    raise WireError("an answer that says not to what")
                if "engine" in frame.header:
                    self._told.get(number, _ignore)(frame)
                    continue
                answer = self._asked.get(number)
                if answer is not None and not answer.done():  # its request may have been cancelled
                    answer.set_result(frame)
        except (WireError, OSError) as error:
            reason = f"the connection broke: {error}"
        self.gone = True
        self._writer.close()
        self.kill()
        status = await self._process.wait()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(RunnerDied(f"{reason}, exit status {status}"))
                answer.exception()  # marks it as retrieved, even if the request failed otherwise


def _ignore(_report: Frame) -> None:
    """Drop a report on a request that was cancelled."""


async def _connect(
    process: asyncio.subprocess.Process, socket: Path
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as soon as the process listens. Raises `RunnerDied` if it ends before."""
    while process.returncode is None:
        try:
            return await asyncio.open_unix_connection(socket, limit=READ_AHEAD)
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.sleep(CONNECT_EVERY)
    raise RunnerDied(f"it ended at once, exit status {process.returncode}")


async def _kill(process: asyncio.subprocess.Process) -> None:
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # The methods of `process` would poll it, and asyncio would then lose its exit status.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
