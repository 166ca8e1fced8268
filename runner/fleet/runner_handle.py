"""Send batches to a runner process, and enforce their deadlines.

A process answers its batches in order. So only the first one in line is painted, and only its deadline runs.
The deadline of the next one starts with that answer.

A large photo is beside the line. The process reports when its engine begins and ends a slice of it. During a
slice only the deadline of the large photo runs, and it begins anew with each slice. Between slices it runs
only where the line is empty. So the deadline that passes is that of the batch that hangs the engine.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from runner.fleet.fleet import NotDelivered
from runner.fleet.launcher import Launcher
from runner.fleet.runner_connection import RunnerConnection
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


@dataclass(slots=True, eq=False)
class _Deadline:
    """Hold the deadline of a batch that the process has."""

    limit: asyncio.Timeout
    seconds: float  #: to paint it, or to paint a slice of it

    def run(self, *, anew: bool = False) -> None:
        """Let it run, from now on unless it runs already; `anew`: from now on in any case."""
        if not self.limit.expired() and (anew or self.limit.when() is None):
            self.limit.reschedule(asyncio.get_running_loop().time() + self.seconds)

    def pause(self) -> None:
        """Stop it; it begins anew later."""
        if not self.limit.expired():
            self.limit.reschedule(None)


class RunnerHandle:
    """Hold a running, warm process."""

    def __init__(self, connection: RunnerConnection) -> None:
        self._connection = connection
        self._line: deque[_Deadline] = deque()
        self._large: list[_Deadline] = []  # one at most, unless the balancer errs
        self._in_slice = False  # whether the engine paints a slice of a large photo
        self._empty = asyncio.Event()
        self._empty.set()
        self._ended = False  # after a batch without a valid answer
        self._stopped = False  # on purpose, while it was alive
        #: Its last report.
        self.report = Report()

    @classmethod
    async def start(cls, launcher: Launcher, held: Sequence[str], seconds: float | None = None) -> Self:
        """Start a process that holds the styles `held`; `seconds` as in `Launcher.start`.

        Raises `RunnerDied` or OSError if it does not start or hangs.
        """
        handle = cls(await launcher.start(seconds))
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
    def stopped(self) -> bool:
        """Whether it was asked to end while it was alive."""
        return self._stopped

    @property
    def gone(self) -> bool:
        """Whether it takes no more requests."""
        return self._ended or self._connection.gone

    @property
    def held(self) -> int:
        """Batches without an answer."""
        return len(self._line) + len(self._large)

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

        A large photo has `seconds` for each slice.

        Raises the errors of `Fleet.run`. If it is cancelled, it ends the process, whose work nobody needs.
        """
        is_large = batch[0].large
        answering = self._connection.ask(  # may raise before anything is sent
            batch_to_frame(batch), self._slice if is_large else None
        )
        line = self._large if is_large else self._line
        try:
            async with asyncio.timeout(None) as limit:
                deadline = _Deadline(limit, seconds)
                line.append(deadline)
                self._empty.clear()
                self._time()
                try:
                    return self._read(await answering, len(batch))
                except BaseException as error:
                    self._failed(error)
                    raise
                finally:
                    line.remove(deadline)
                    self._in_slice = self._in_slice and not is_large
                    self._time()
        except TimeoutError as error:
            raise RunnerDied(f"no answer within {seconds:g} s") from error

    def _read(self, answer: Frame, expected: int) -> list[Outcome]:
        outcomes = frame_to_outcomes(answer, expected)
        self.report = report_from_json(answer.header.get("report"))
        return outcomes

    def _slice(self, report: Frame) -> None:
        """Note that the engine begins or ends a slice of a large photo."""
        self._in_slice = bool(report.header["engine"])
        for deadline in self._large:
            deadline.run(anew=True)
        self._time()

    def _time(self) -> None:
        """Run the deadline of the batch or slice that the engine paints, and pause all others."""
        if not self.held:
            self._empty.set()
        if self._large and (self._in_slice or not self._line):
            running: Sequence[_Deadline] = self._large
        else:
            running = list(self._line)[:1]
        for deadline in (*self._line, *self._large):
            if deadline in running:
                deadline.run()
            else:
                deadline.pause()

    def _failed(self, error: BaseException) -> None:
        """End the process after an unanswered batch, and raise the error to report to the caller.

        If the process died by itself, each photo that it held may be the cause. Photos of the next batch were
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

    async def wait(self) -> int | None:
        """Wait for its end; return what `RunnerProcess.wait` does."""
        return await self._connection.wait()

    async def stop(self) -> None:
        """End it by SIGTERM, and by SIGKILL after 3 seconds."""
        self._stopped = self._stopped or not self.gone
        await self._connection.stop()
