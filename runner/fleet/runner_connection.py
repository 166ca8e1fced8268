"""Send requests to a runner process over its connection, and match the answers.

The process runs on this machine (`LocalProcess`), or on another one that relays its connection. A broken
connection ends the process. The end of the process fails all pending requests with `RunnerDied`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from runner.fleet.fleet import MachineLost, NotDelivered
from runner.fleet.style_file_pulls import Pull, PullRequests
from runner.protocol.framing import Frame, WireError, encode
from styles.errors import RunnerDied


class RunnerProcess(Protocol):
    """Describe a started process and the connection to it."""

    #: Carries frames to the process.
    writer: asyncio.StreamWriter

    @property
    def pid(self) -> int:
        """Id of the process on its machine."""

    async def read(self) -> Frame | None:
        """Read a frame from the process, or None at the end. Raises `WireError`, OSError."""

    async def wait(self) -> int | None:
        """Wait for its end; return its exit status, negative for a signal, or None if it was lost from sight.

        A machine or the network to it may fail, which says little about the photos.
        """

    def kill(self) -> None:
        """End it at once."""

    async def stop(self) -> None:
        """End it by SIGTERM, and by SIGKILL after 3 seconds."""


class RunnerConnection:
    """Hold a runner process and the connection to it."""

    def __init__(self, process: RunnerProcess, pull: Pull) -> None:
        """`pull` finds the style files that the process asks for."""
        self._process = process
        self._pulls = PullRequests(pull, self._answer_pull)
        self._writing = asyncio.Lock()
        self._ids = itertools.count()
        self._asked: dict[int, asyncio.Future[Frame]] = {}
        self._told: dict[int, Callable[[Frame], None]] = {}  # by the request that the process reports on
        #: Whether requests are impossible from now on.
        self.gone = False
        self._reading = asyncio.create_task(self._read())

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
        except OSError:
            self.kill()
            return await answer  # the end of the process fails it, with the reason
        finally:
            del self._asked[number]
            self._told.pop(number, None)
            answer.cancel()

    async def _send(self, pieces: Sequence[bytes]) -> None:
        async with self._writing:
            self._process.writer.writelines(pieces)
            await self._process.writer.drain()

    async def _answer_pull(self, frame: Frame) -> None:
        await self._send(list(encode(frame)))

    async def wait(self) -> int | None:
        """Wait for the end of the process; return what `RunnerProcess.wait` does."""
        await asyncio.shield(self._reading)  # a cancelled caller must not cancel the reading
        return await self._process.wait()

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    async def stop(self) -> None:
        """End the process by SIGTERM, and later by SIGKILL."""
        await self._process.stop()
        await self._reading

    async def _read(self) -> None:
        """Deliver answers until the connection ends, then fail all pending requests."""
        reason = "the connection closed"
        try:
            while (frame := await self._process.read()) is not None:
                self._deliver(frame)
        except (WireError, OSError) as error:
            reason = f"the connection broke: {error}"
        self.gone = True
        self._pulls.cancel()
        self._process.writer.close()
        self.kill()
        status = await self._process.wait()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(_end(reason, status))
                answer.exception()  # marks it as retrieved, even if the request failed otherwise

    def _deliver(self, frame: Frame) -> None:
        """Give a frame to the request that it belongs to. Raises `WireError`."""
        if "pull" in frame.header:
            self._pulls.begin(frame.header["pull"])
            return
        number = frame.header.get("id")
        if not isinstance(number, int):
            raise WireError("an answer that says not to what")
        if "engine" in frame.header:
            self._told.get(number, _ignore)(frame)
            return
        answer = self._asked.get(number)
        if answer is not None and not answer.done():  # its request may have been cancelled
            answer.set_result(frame)


def _end(reason: str, status: int | None) -> RunnerDied:
    """Return the error of a request that the process has not answered."""
    if status is None:
        return MachineLost(f"{reason}, and its machine cannot be reached")
    return RunnerDied(f"{reason}, exit status {status}")


def _ignore(_report: Frame) -> None:
    """Drop a report on a request that was cancelled."""
