"""One runner process and the batches that it holds: one that is painted, and one that is decoded meanwhile.

    RunnerHandle
      .start    a process that listens and holds the styles that the one before it held
      .paint    one batch, there and back
      .warm     has it load styles
      .finish   waits until it holds nothing, and ends it

Batches are answered in the order in which they came. So the first one in line is at work, and only its
deadline counts; the next one's begins when that is answered.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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

#: Readying the engine and the styles that the last process held, seconds. It is some tenths as a rule.
WARM_SECONDS = 120.0


@dataclass(slots=True, eq=False)
class _PendingBatch:
    """A batch in line. Its limit is set when it is at the head."""

    limit: asyncio.Timeout
    seconds: float


class RunnerHandle:
    """A running process that is warm."""

    def __init__(self, connection: RunnerConnection) -> None:
        self._connection = connection
        self._line: deque[_PendingBatch] = deque()
        self._empty = asyncio.Event()
        self._empty.set()
        self._ended = False  # for a batch that was not answered
        self._stopped = False  # while it was alive
        #: What it said of itself at last.
        self.report = Report()

    @classmethod
    async def start(cls, command: Sequence[str], socket: Path, held: Sequence[str]) -> Self:
        """A process that is ready to paint in the styles `held`.

        Raises `RunnerDied` or OSError where it does not come up, or hangs over it.
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
        """The process's id."""
        return self._connection.pid

    @property
    def gone(self) -> bool:
        """Nothing can be asked of it any more."""
        return self._ended or self._connection.gone

    @property
    def held(self) -> int:
        """Batches that it has not answered yet."""
        return len(self._line)

    async def warm(self, digests: Iterable[str], seconds: float) -> None:
        """Has it load styles, as far as they can be had.

        Raises `RunnerDied`, also for an answer that makes no sense or comes too late, which end it; no batch
        that it holds is to blame for that. Raises `NotDelivered` where it was stopped meanwhile.
        """
        asking = self._connection.ask(Frame({"op": "warm", "digests": list(digests)}), None)
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
        """One outcome a task; the batch may take so long from when it is at the head of the line.

        Raises what `Fleet.run` does. Cancelled, it ends the process, which would paint for nobody.
        """
        answering = self._connection.ask(batch_to_frame(batch), None)  # may raise, and then nothing was begun
        try:
            async with asyncio.timeout(None) as limit:
                held = self._join(limit, seconds)
                try:
                    return self._read(await answering, len(batch))
                except BaseException as error:
                    self._failed(error)
                    raise
                finally:
                    self._leave(held)
        except TimeoutError as error:
            raise RunnerDied(f"no answer within {seconds:g} s") from error

    def _read(self, answer: Frame, expected: int) -> list[Outcome]:
        outcomes = frame_to_outcomes(answer, expected)
        self.report = report_from_json(answer.header.get("report"))
        return outcomes

    def _join(self, limit: asyncio.Timeout, seconds: float) -> _PendingBatch:
        held = _PendingBatch(limit, seconds)
        self._line.append(held)
        self._empty.clear()
        self._time_the_head()
        return held

    def _leave(self, held: _PendingBatch) -> None:
        self._line.remove(held)
        if self._line:
            self._time_the_head()
        else:
            self._empty.set()

    def _time_the_head(self) -> None:
        head = self._line[0]
        if head.limit.when() is None:
            head.limit.reschedule(asyncio.get_running_loop().time() + head.seconds)

    def _failed(self, error: BaseException) -> None:
        """A batch was not answered, so the process is ended, whatever it is doing. Raises what to say of it.

        One that died by itself may have died of any photo that it held: those of the batch behind were being
        decoded, and a decoder kills as well as an engine. So all of them are suspects. But one that was
        ended, since a batch hung or was answered with nonsense, did not die of the others.
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
        """Waits for its end; gives the exit status, negative for a signal."""
        return await self._connection.wait()

    async def stop(self) -> None:
        """Ends it, politely for a while."""
        self._stopped = self._stopped or not self.gone
        await self._connection.stop()
