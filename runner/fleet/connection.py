"""Start a runner process, send it requests over its connection, and end it.

The process gets one end of a pair of sockets, since its sandbox lets it open none. It also has none to the
registry, so style files are pulled here when it asks. A broken connection ends the process. The end of the
process fails all pending requests with `RunnerDied`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from runner.fleet.devices import clean_environment
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import READ_AHEAD, Frame, WireError, encode, read_frame
from runner.protocol.pulling import pulled_frame
from styles.errors import PainterError, RegistryUnavailable, RunnerDied

log = logging.getLogger(__name__)

#: Seconds from SIGTERM to SIGKILL.
TERM_SECONDS = 3.0
#: Files that a process may wait for at once. Two batches of blends, a sheet and a large photo have some 160.
MOST_PULLS = 1000

#: Finds the style file of a digest, as `BlobCache.path` does. Raises `PainterError`, OSError and ValueError.
Pull = Callable[[str], Awaitable[Path]]


class RunnerConnection:
    """Hold a runner process and the connection to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pull: Pull,
    ) -> None:
        self._process = process
        self._writer = writer
        self._pull = pull
        self._pulling: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        self._ids = itertools.count()
        self._asked: dict[int, asyncio.Future[Frame]] = {}
        self._told: dict[int, Callable[[Frame], None]] = {}  # by the request that the process reports on
        #: Whether requests are impossible from now on.
        self.gone = False
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def start(cls, command: Sequence[str], pull: Pull) -> Self:
        """Start `command` without credentials, with its end of the connection as `--socket`. Raises OSError.

        `pull` finds the style files that the process asks for.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    *("--socket", str(theirs.fileno())),
                    pass_fds=[theirs.fileno()],
                    env=clean_environment(os.environ),
                    stdin=asyncio.subprocess.DEVNULL,
                )
            reader, writer = await asyncio.open_unix_connection(sock=ours, limit=READ_AHEAD)
        except BaseException:
            ours.close()  # a process that has started ends by that
            raise
        return cls(process, reader, writer, pull)

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
            await self._send(pieces)
            return await answer
        except RunnerDied:  # an OSError as well
            raise
        except OSError as error:
            raise RunnerDied(str(error)) from error
        finally:
            del self._asked[number]
            self._told.pop(number, None)
            answer.cancel()

    async def _send(self, pieces: Sequence[bytes]) -> None:
        async with self._writing:
            self._writer.writelines(pieces)
            await self._writer.drain()

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
                if "pull" in frame.header:
                    self._begin_pull(frame.header["pull"])
                    continue
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
        for pulling in self._pulling:
            pulling.cancel()
        self._writer.close()
        self.kill()
        status = await self._process.wait()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(RunnerDied(f"{reason}, exit status {status}"))
                answer.exception()  # marks it as retrieved, even if the request failed otherwise

    def _begin_pull(self, digest: object) -> None:
        if not isinstance(digest, str) or len(self._pulling) >= MOST_PULLS:
            raise WireError("an invalid request for a file")
        pulling = asyncio.create_task(self._pulled(digest))
        self._pulling.add(pulling)
        pulling.add_done_callback(self._pulling.discard)

    async def _pulled(self, digest: str) -> None:
        """Pull a style file, and send the process its path or the error."""
        try:
            outcome: Path | PainterError = await self._pull(digest)
        except PainterError as error:
            outcome = error
        except (OSError, ValueError) as error:  # a full disk; an invalid digest
            outcome = RegistryUnavailable(f"{digest} cannot be kept: {error}")
        except Exception as error:  # without an answer its photos would wait until their deadline
            log.exception("%s cannot be pulled", digest)
            outcome = RegistryUnavailable(f"{digest} cannot be pulled: {type(error).__name__}")
        with contextlib.suppress(OSError):  # it is gone
            await self._send(list(encode(pulled_frame(digest, outcome))))


def _ignore(_report: Frame) -> None:
    """Drop a report on a request that was cancelled."""


async def _kill(process: asyncio.subprocess.Process) -> None:
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # The methods of `process` would poll it, and asyncio would then lose its exit status.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
