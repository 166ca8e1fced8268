"""Have one process learn: start it, hand it the pictures, and keep what it says.

The process is sandboxed, and new for each attempt: what a picture does to it ends with it. It is ended at
once where nobody wants the result any more.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence

from runner.fleet.child_process import LocalProcess
from runner.learning.job import LearningJob
from runner.learning.job_store import JobFile, LearningStore
from runner.learning.loss_network_file import FeaturesFile
from runner.learning.messages import (
    FoundCorners,
    LearningCheckpoint,
    LearningMessage,
    LearningPicture,
    LearningProgress,
    LearningRefusal,
    LearningResult,
    from_frame,
    order_to_frame,
)
from runner.learning.pauses import LearningPauses
from runner.protocol.framing import Frame, write_frame
from styles.errors import RunnerDied
from styles.learning_errors import LearningTimeout

log = logging.getLogger(__name__)

#: Keeps a message, and returns whether it was the last one.
Keep = Callable[[LearningMessage], Awaitable[bool]]

#: Seconds without a word after which a process counts as hung. A step takes seconds, and more where the
#: machine paints all the time.
SILENT_SECONDS = 240.0
#: What a process is handed of a job.
PARTS: tuple[JobFile, ...] = ("painting", "photo", "state")


class LearningAttempt:
    """Have a process work at a job."""

    def __init__(
        self,
        job: LearningJob,
        store: LearningStore,
        command: Sequence[str],
        features: FeaturesFile,
        pauses: LearningPauses,
    ) -> None:
        """`command` starts the process; socket and features are added."""
        self._job, self._store = job, store
        self._command, self._features, self._pauses = command, features, pauses
        self._clock = asyncio.get_running_loop().time
        self._began = self._before = 0.0
        #: Whether a checkpoint has come.
        self.has_gone_on = False

    async def run(self) -> None:
        """Have the job learnt, and return when its result is kept.

        Raises `RunnerDied` where the process died or hung, `LearningTimeout` at the deadline, `FeaturesAway`,
        the error of a picture from which nothing can be learnt, and OSError where nothing can be kept.
        """
        record, descriptor = self._job.record, await self._features.open()
        self._began, self._before = self._clock(), record.worked
        try:
            async with asyncio.timeout(max(0.0, self._job.deadline - record.worked)):
                await self._work(descriptor)
        except RunnerDied:  # a TimeoutError may be inside of it
            raise
        except TimeoutError as error:
            raise LearningTimeout(f"not done in {self._job.deadline:.0f} s") from error
        finally:
            self._note_work()

    def _note_work(self) -> None:
        self._job.record.worked = self._before + self._clock() - self._began

    async def _work(self, descriptor: int) -> None:
        """Start the process and keep what it says; `descriptor` is of the loss network, and closed."""
        record = self._job.record
        try:
            parts = [await asyncio.to_thread(self._store.read, record.id, part) for part in PARTS]
            command = [*self._command, "--features", str(descriptor)]
            process = await started(command, descriptor)
        finally:
            os.close(descriptor)
        with self._pauses.pausable(process):
            await talk(process, order_to_frame(record.order, *parts), self._keep, SILENT_SECONDS)

    async def _keep(self, message: LearningMessage) -> bool:
        """Keep what the process says; return whether that was the last. Raises the error of a picture."""
        job, store, write = self._job, self._store, asyncio.to_thread
        match message:
            case LearningProgress():
                job.went_on(message)
            case FoundCorners():
                await self._show("thumbnail.jpg", message.thumbnail)
                job.record.corners = message.corners
                job.changed()
            case LearningPicture(what="painting"):
                await self._show("painting.jpg", message.image)
            case LearningPicture():
                job.record.previews += await self._show("preview.jpg", message.image)
                await self._write_record()
            case LearningCheckpoint():
                await write(store.write, job.id, "state", message.content)
                self.has_gone_on = True
                await self._write_record()
            case LearningResult():
                await write(store.write, job.id, "result", message.content)
                job.record.summary = message.summary
                return True
            case LearningRefusal():
                raise message.error
        return False

    async def _show(self, part: JobFile, picture: bytes) -> bool:
        """Keep a picture to look at, and return whether there was room: nothing else needs it."""
        try:
            await asyncio.to_thread(self._store.write, self._job.id, part, picture)
        except OSError as error:
            log.warning("a picture of a job cannot be kept: %s", error)
            return False
        self._job.changed()
        return True

    async def _write_record(self) -> None:
        """Write down how long the job was worked at: a balancer that is killed gives it no new deadline."""
        self._note_work()
        try:
            await asyncio.to_thread(self._store.write_record, self._job.record)
        except OSError as error:
            log.warning("how far a job is cannot be kept: %s", error)


async def started(command: Sequence[str], *handed: int) -> LocalProcess:
    """Start a learning process. Raises `RunnerDied`."""
    try:
        return await LocalProcess.start(command, handed)
    except OSError as error:
        raise RunnerDied(f"it does not start: {error}") from error


async def talk(process: LocalProcess, request: Frame, keep: Keep, silent: float) -> None:
    """Send a process its request, keep what it says until that is all, and end it."""
    try:
        await write_frame(process.writer, request)
        while True:
            try:
                async with asyncio.timeout(silent):
                    frame = await process.read()
            except TimeoutError as error:
                raise RunnerDied(f"it said nothing for {silent:g} s") from error
            if frame is None:
                raise RunnerDied("it has ended")
            if await keep(from_frame(frame)):
                return
    except RunnerDied:
        raise
    except ConnectionError as error:
        raise RunnerDied(f"its connection broke: {error}") from error
    finally:
        process.kill()
        process.writer.close()
        await process.wait()
