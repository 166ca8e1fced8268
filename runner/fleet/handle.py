"""Send batches to a runner process, and enforce their deadlines.

A process answers its batches in order. So only the first one in line is painted, and only its deadline runs.
The deadline of the next one starts with that answer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from runner.fleet.connection import RunnerConnection
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import Frame, WireError
from runner.protocol.messages import (
    Outcome,
    Report,
    Task,
    batch_to_frame,
    frame_to_outcomes,
    report_from_json,
)
from styles.errors import RunnerDied

#: Seconds to ready the engine and to load the styles of the last process; usually it takes some tenths.
WARM_SECONDS = 120.0


class RunnerHandle:
    """Hold a running, warm process."""

    def __init__(self, connection: RunnerConnection) -> None:
        self._connection = connection
        self._line: deque[tuple[asyncio.Timeout, float]] = deque()  # the limit of each batch, and its seconds
        self._empty = asyncio.Event()
        self._empty.set()
        self._ended = False  # after a batch without a valid answer
        self._stopped = False  # on purpose, while it was alive
        #: Its last report.
        self.report = Report()

    @classmethod
    async def start(cls, command: Sequence[str], socket: Path, held: Sequence[str]) -> Self:
        """Start a process that holds the styles `held`.

        Raises `RunnerDied` or OSError if it does not start or hangs.
        """
        handle = cls(await RunnerConnection.start(command, socket))
        try:
            await handle.warm(held, WARM_SECONDS)
        except BaseException:
            handle._connection.kill()
            await handle.stop()
            raise
        return handle

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._connection.pid

    @property
    def gone(self) -> bool:
        """Whether it takes no more requests."""
        return self._ended or self._connection.gone

    @property
    def held(self) -> int:
        """Batches without an answer."""
        return len(self._line)

    async def warm(self, digests: Iterable[str], seconds: float) -> None:
        """Have the process load styles, as far as they are available.

        Raises `RunnerDied`. An invalid or late answer ends the process; no batch that it holds is to blame.
        Raises `NotDelivered` if it was stopped meanwhile.
        """
        asking = self._connection.ask(Frame({"op": "warm", "digests": list(digests)}))
        try:
            async with asyncio.timeout(seconds):
                answer = await asking
            self.report = report_from_json(answer.header.get("report"))
        except TimeoutError as error:
            self._end()
            raise RunnerDied(f"nothing loaded within {seconds:g} s") from error
        except RunnerDied as error:
            if self._stopped:
                raise NotDelivered("its runner was stopped") from error
            raise
        except WireError as error:
            self._failed(error)

    async def paint(self, batch: Sequence[Task], seconds: float) -> list[Outcome]:
        """Return one outcome a task, within `seconds` from when the batch is at the head of the line.

        Raises the errors of `Fleet.run`. If it is cancelled, it ends the process, whose work nobody needs.
        """
        answering = self._connection.ask(batch_to_frame(batch))  # may raise before anything is sent
        try:
            async with asyncio.timeout(None) as limit:
                self._line.append((limit, seconds))
                self._empty.clear()
                self._time_the_head()
                try:
                    return self._read(await answering, len(batch))
                except BaseException as error:
                    self._failed(error)
                    raise
                finally:
                    self._line.remove((limit, seconds))
                    self._time_the_head()
        except TimeoutError as error:
            raise RunnerDied(f"no answer within {seconds:g} s") from error

    def _read(self, answer: Frame, expected: int) -> list[Outcome]:
        outcomes = frame_to_outcomes(answer, expected)
        self.report = report_from_json(answer.header.get("report"))
        return outcomes

    def _time_the_head(self) -> None:
        """Start the timeout of the first batch in line."""
        if not self._line:
            self._empty.set()
            return
        limit, seconds = self._line[0]
        if limit.when() is None:
            limit.reschedule(asyncio.get_running_loop().time() + seconds)

    def _failed(self, error: BaseException) -> None:
        """End the process after an unanswered batch, and raise the error to report to the caller.

        If the process died by itself, each photo that it held may be the cause: photos of the next batch were
        being decoded, and a decoder can kill it as well. So all of them are suspects. If it was ended because
        a batch hung or had an invalid answer, the other batches are not to blame.
        """
        if isinstance(error, RunnerDied):
            if self._ended:
                raise NotDelivered("its runner was ended for another batch") from error
            return
        self._end()
        if isinstance(error, WireError):
            raise RunnerDied(f"it answered nonsense: {error}") from error

    def _end(self) -> None:
        self._ended = True
        self._connection.kill()

    async def finish(self) -> None:
        """Wait until it holds no batch, then end it."""
        await self._empty.wait()
        await self.stop()

    async def wait(self) -> int:
        """Wait for its end; return the exit status, negative for a signal."""
        return await self._connection.wait()

    async def stop(self) -> None:
        """End it by SIGTERM, and later by SIGKILL."""
        self._stopped = self._stopped or not self.gone
        await self._connection.stop()
