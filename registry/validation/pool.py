"""Every upload is tried before it is published: in a process of its own, which is thrown away.

    ValidationPool    the processes: one that waits, warm, for the next upload; two at work at most
    ValidatedStyle     what a validation makes of a file: what is kept, a preview, and what was found

The waiting process has imported and compiled what it needs, in 0.5 s that no upload has to wait for, and
takes 110 MB. torch, which only reads torch's files, would be 0.8 s and 180 MB more: it is loaded ahead after
a style that needed it, since artists come with several of a kind. Each process does one job and ends; the
next is started when that is done, not beside it, since it would take a core from it. Uploads beyond two
wait their turn, and beyond that are asked to come again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from registry.sandbox.sandbox import Limits
from registry.validation.folders import move_in
from registry.validation.worker import SandboxedWorker, TrialUnavailable
from styles.contract import PixelRange
from styles.errors import BadCheckpoint, Busy, Temporary

log = logging.getLogger(__name__)

#: A validation on an idle machine takes less than one second; its processor time is limited too.
VALIDATION_SECONDS = 60.0
#: Two: a validation uses all cores while it paints and one while it opens the file, and takes up to 3 GB.
AT_ONCE = 2
#: More than so many uploads that wait for a validation, and the next is told to come again.
MOST_WAITING = 8
#: What it means where a protection is missing; without two of them a file that takes a validation over could
#: reach what the registry's user can.
OPEN = "only people who are trusted should upload styles"
WANTED = {
    "landlock: files": OPEN,
    "landlock: signals": "seccomp alone keeps a trial from signalling other processes",
    "seccomp": OPEN,
}
#: What comes in torch's own files.
TORCH = "transformer-net"
#: When that should be, seconds.
RETRY_AFTER = 5.0


class TooManyTrials(Busy):
    """More uploads than can wait."""

    def __init__(self) -> None:
        Temporary.__init__(self, "The registry is trying as many styles as it can. Please come again soon.")
        self.retry_after = RETRY_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatedStyle:
    """What is published of an upload."""

    kept: Path  #: the file to keep, in the caller's folder
    preview: Path  #: a JPEG, in the caller's folder
    format: str
    architecture: str
    pixel_range: PixelRange
    seconds: float  #: that the validation took, without what it waited
    notes: tuple[str, ...]  #: for the artist


class ValidationPool:
    """Tries uploads, each in a process of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits | None = None,
        seconds: float = VALIDATION_SECONDS,
        module: str = "registry.validation.process",
    ) -> None:
        """`folder`: for the work folders; best on the disk of the uploads. Registries may share it.

        `seconds`: by the clock; `module`: what a process runs.
        """
        self._folder = folder / secrets.token_hex(8)
        self._limits = limits or Limits()
        self._seconds = seconds
        self._module = module
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._workers: set[SandboxedWorker] = set()
        #: The process that warms up, or is warm.
        self.spare: asyncio.Task[SandboxedWorker] | None = None
        self._torch = False  # whether the last style was a file of torch
        self._told = False
        self._open = False
        self._held = ExitStack()

    async def startup(self) -> None:
        """Makes its folder, sweeps those of the dead, warms the first process. Raises OSError."""
        self._held.callback(os.close, await asyncio.to_thread(move_in, self._folder))
        self._open = True
        self._warm_next()

    async def shutdown(self) -> None:
        """Ends all processes; validations that run fail with `TrialUnavailable`. Leaves nothing behind."""
        self._open = False
        if self.spare:
            self.spare.cancel()
            await asyncio.wait([self.spare])
            self.spare = None
        for worker in self._workers:
            worker.kill()
        for _ in range(AT_ONCE):  # until those that run have ended, and those that wait
            await self._turns.acquire()
        for _ in range(AT_ONCE):
            self._turns.release()
        for worker in list(self._workers):  # the one that was ready
            await self._leave(worker)
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._held.close()

    async def run(self, upload: Path, folder: Path, pixel_range: PixelRange | None) -> ValidatedStyle:
        """Tries a file; what it makes is put into `folder`, which nobody else may use.

        Raises `BadCheckpoint` with what is wrong and what to do, `TooManyTrials`, `TrialUnavailable`.
        """
        if self._turns.locked() and self._waiting >= MOST_WAITING:
            raise TooManyTrials
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._run(upload, folder, pixel_range)
        finally:
            self._turns.release()
            self._warm_next()

    async def _run(self, upload: Path, folder: Path, pixel_range: PixelRange | None) -> ValidatedStyle:
        self._require_open()
        worker = await self._take()
        try:
            self._require_open()
            found = await worker.run(upload, pixel_range, self._seconds)
            kept, preview = await asyncio.to_thread(worker.hand_over, folder)
        except BadCheckpoint:
            self._require_open()  # or it was not the style that ended it
            raise
        except OSError as error:
            raise TrialUnavailable(str(error)) from error
        finally:
            await self._leave(worker)
        self._torch = found.architecture == TORCH
        return ValidatedStyle(
            kept=kept,
            preview=preview,
            format=found.format,
            architecture=found.architecture,
            pixel_range=found.pixel_range,
            seconds=found.seconds,
            notes=found.notes,
        )

    def _require_open(self) -> None:
        if not self._open:
            raise TrialUnavailable("the registry is stopping, or has not started")

    def _warm_next(self) -> None:
        if self._open and self.spare is None:
            self.spare = asyncio.create_task(self._enter())
            self.spare.add_done_callback(_log_failure)

    async def _take(self) -> SandboxedWorker:
        """The process that waits, or one that is started for this job. Raises `TrialUnavailable`."""
        spare, self.spare = self.spare, None
        if spare:
            with suppress(TrialUnavailable):  # perhaps the machine had no memory then, and has now
                worker = await self._ready(spare)
                if not worker.gone:
                    return worker
                await self._leave(worker)
        return await self._enter()

    async def _ready(self, spare: asyncio.Task[SandboxedWorker]) -> SandboxedWorker:
        """Waits until it is warm; who stops waiting leaves it to the next."""
        try:
            return await asyncio.shield(spare)
        except asyncio.CancelledError:
            if self.spare is None and self._open:
                self.spare = spare
            else:
                with suppress(TrialUnavailable):
                    await self._leave(await spare)
            raise

    async def _enter(self) -> SandboxedWorker:
        worker = await SandboxedWorker.open(
            self._folder / secrets.token_hex(8), self._module, self._limits, torch=self._torch
        )
        self._workers.add(worker)
        if not self._told:
            self._told = True
            _tell(worker.held)
        return worker

    async def _leave(self, worker: SandboxedWorker) -> None:
        self._workers.discard(worker)
        await worker.close()


def _tell(held: Sequence[str]) -> None:
    """Has the log say what of the sandbox holds here, and what is missing."""
    log.info("styles are tried with these protections: %s", ", ".join(held))
    for part, meaning in WANTED.items():
        if part not in held:
            log.warning("this system has no %s: %s", part, meaning)


def _log_failure(spare: asyncio.Task[SandboxedWorker]) -> None:
    if not spare.cancelled() and (error := spare.exception()):
        log.warning("no process for validations: %s", error)
