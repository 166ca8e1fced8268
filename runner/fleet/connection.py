"""One runner process as the fleet sees it: started, asked over its socket, and ended.

The socket lies in a folder that only this user can enter. A connection that breaks is the end of the
process, and the end of the process fails whatever was asked of it with `RunnerDied`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from runner.fleet.devices import clean_environment
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import Frame, WireError, encode, read_frame
from styles.errors import RunnerDied

log = logging.getLogger(__name__)

#: A process that does not listen after this is stuck, seconds. On an idle machine it takes half a second.
START_SECONDS = 60.0
#: Between two attempts to connect while it starts, seconds.
CONNECT_EVERY = 0.02
#: From SIGTERM to SIGKILL, seconds.
TERM_SECONDS = 3.0


class RunnerConnection:
    """A running runner process with an open connection."""

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
        #: Nothing can be asked of it any more.
        self.gone = False
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def start(cls, command: Sequence[str], socket: Path) -> Self:
        """Starts `command` without any of our credentials and connects. Raises `RunnerDied`, OSError.

        The socket's file goes when it has served: a process that is killed would leave it.
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
        """The process's id."""
        return self._process.pid

    def ask(self, request: Frame, seconds: float | None) -> Coroutine[Any, Any, Frame]:
        """The answer to a request. Raises `RunnerDied`; a process that takes longer is killed for it.

        A request over a limit is a `WireError` at once, before anything is awaited or sent. None: as long
        as it takes.
        """
        number = next(self._ids)
        pieces = list(encode(Frame({**request.header, "id": number}, request.parts)))
        return self._ask(number, pieces, seconds)

    async def _ask(self, number: int, pieces: Sequence[bytes], seconds: float | None) -> Frame:
        if self.gone:
            raise NotDelivered("it was gone before")
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            async with asyncio.timeout(seconds):
                async with self._writing:
                    self._writer.writelines(pieces)
                    await self._writer.drain()
                return await answer
        except TimeoutError as error:
            self.kill()
            raise RunnerDied(f"no answer within {seconds:g} s") from error
        except OSError as error:
            raise error if isinstance(error, RunnerDied) else RunnerDied(str(error)) from error
        finally:
            del self._asked[number]
            answer.cancel()

    async def wait(self) -> int:
        """Waits for the end of the process; gives its exit status, negative for a signal."""
        await asyncio.shield(self._reading)  # who stops waiting must not stop the reading
        return await self._process.wait()

    def kill(self) -> None:
        """Ends the process now, whatever it is doing."""
        _signal(self._process, signal.SIGKILL)

    async def stop(self) -> None:
        """Ends the process, politely for a while."""
        _signal(self._process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TERM_SECONDS):
                await self._process.wait()
        await _kill(self._process)
        await self._reading

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Hands answers to those who asked, until the connection ends; then nothing can be asked any more."""
        reason = "the connection closed"
        try:
            while (frame := await read_frame(reader)) is not None:
                self._answered(frame)
        except (WireError, OSError) as error:
            reason = f"the connection broke: {error}"
        self.gone = True
        self._writer.close()
        self.kill()
        status = await self._process.wait()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(RunnerDied(f"{reason}, exit status {status}"))
                answer.exception()  # seen, even where the asking has failed for another reason

    def _answered(self, frame: Frame) -> None:
        """Hands an answer on; one that nobody waits for any more is let fall. Raises `WireError`."""
        number = frame.header.get("id")
        if not isinstance(number, int):
            raise WireError("an answer that says not to what")
        answer = self._asked.get(number)
        if answer is not None and not answer.done():
            answer.set_result(frame)


async def _connect(
    process: asyncio.subprocess.Process, socket: Path
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connects as soon as the process listens. Raises `RunnerDied` if it ends before."""
    while process.returncode is None:
        try:
            return await asyncio.open_unix_connection(socket)
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.sleep(CONNECT_EVERY)
    raise RunnerDied(f"it ended at once, exit status {process.returncode}")


async def _kill(process: asyncio.subprocess.Process) -> None:
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # Not by the process's own methods: those look whether it has ended, and then asyncio, which looks
    # too, loses the exit status.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
