"""Validate every upload before it is published, each in a process of its own that is used once.

One process waits, warm, for the next upload; at most two are at work. The waiting process takes 110 MB. It
has imported and compiled what it needs in 0.5 s, for which no upload has to wait. torch, which only reads
torch's files, would add 0.8 s and 180 MB. It is loaded ahead after a style that needed it, since artists
often upload several of a kind. The next process starts after a job, not during it, when it would take a core
from the job. Further uploads wait their turn; registry/http/publish.py limits their number.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from registry.validation.response_schema import PassedResponse
from registry.validation.worker_handle import PRIVATE, SandboxedWorker, ValidationUnavailable
from registry.values import VALIDATION_SECONDS
from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.sandbox.sandbox import TRIAL, Limits, log_protections

log = logging.getLogger(__name__)

#: Validations at once. Each uses all cores while it paints and one while it opens the file, and up to 3 GB.
AT_ONCE = 2
#: Architecture of styles that come in torch's own files.
TORCH = "transformer-net"


class ValidatedStyle(PassedResponse):
    """Describe the validated style of an upload."""

    kept: Path  #: the file to keep, in the caller's folder
    preview: Path  #: a JPEG, in the caller's folder
    seconds: float  #: seconds of the validation, without the wait for it


class ValidationPool:
    """Run validations in sandboxed processes."""

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits | None = None,
        seconds: float = VALIDATION_SECONDS,
        module: str = "registry.validation.worker_process",
    ) -> None:
        """Take `folder` for the work folders, best on the uploads' disk. Registries may share it.

        `seconds` limits a validation by the clock; `module` is the module that a process runs.
        """
        self._folder = folder.absolute() / secrets.token_hex(8)
        self._limits = limits or TRIAL
        self._seconds = seconds
        self._module = module
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._workers: set[SandboxedWorker] = set()
        #: The process that warms up, or is warm.
        self.spare: asyncio.Task[SandboxedWorker] | None = None
        self._torch = False  # whether the last upload was a file of torch
        self._logged = False
        self._open = False
        self._held = ExitStack()

    async def startup(self) -> None:
        """Make the folder, remove those of killed registries, warm the first process. Raises OSError."""
        await asyncio.to_thread(self._held.enter_context, _own_folder(self._folder))
        self._open = True
        self._warm_next()

    async def shutdown(self) -> None:
        """End all processes and remove the folder. Running validations fail with `ValidationUnavailable`."""
        self._open = False
        if self.spare:
            self.spare.cancel()
            await asyncio.wait([self.spare])
            self.spare = None
        for worker in self._workers:
            worker.kill()
        for _ in range(AT_ONCE):  # until the running and the waiting validations have ended
            await self._turns.acquire()
        for _ in range(AT_ONCE):
            self._turns.release()
        for worker in list(self._workers):  # the spare process
            await self._close(worker)
        await asyncio.to_thread(self._held.close)

    async def run(
        self, upload: Path, folder: Path, pixel_range: PixelRange | None, values: str = ""
    ) -> ValidatedStyle:
        """Validate a file, and put the results into `folder`, which only the caller uses.

        `values` are for an ONNX network's inputs beside the picture. Raises `BadCheckpoint` with the flaw and
        its remedy, as `ValuesNeeded` where values are missing, and `ValidationUnavailable`.
        """
        async with self._turns:
            try:
                return await self._run(upload, folder, pixel_range, values)
            finally:
                self._warm_next()

    async def _run(
        self, upload: Path, folder: Path, pixel_range: PixelRange | None, values: str
    ) -> ValidatedStyle:
        self._require_open()
        worker = await self._take()
        try:
            self._require_open()
            started = time.perf_counter()
            found = await worker.run(upload, pixel_range, self._seconds, values)
            seconds = time.perf_counter() - started
            kept, preview = await asyncio.to_thread(worker.hand_over, folder)
        except BadCheckpoint:
            self._require_open()  # else the shutdown ended it, not the style
            raise
        except OSError as error:
            raise ValidationUnavailable(str(error)) from error
        finally:
            await self._close(worker)
        self._torch = found.architecture == TORCH
        return ValidatedStyle(kept=kept, preview=preview, seconds=seconds, **found.model_dump())

    def _require_open(self) -> None:
        if not self._open:
            raise ValidationUnavailable("the registry is stopping, or has not started")

    def _warm_next(self) -> None:
        if self._open and self.spare is None:
            self.spare = asyncio.create_task(self._start())
            self.spare.add_done_callback(_log_failure)

    async def _take(self) -> SandboxedWorker:
        """Take the waiting process, or start one for this job. Raises `ValidationUnavailable`."""
        spare, self.spare = self.spare, None
        if spare:
            with suppress(ValidationUnavailable):  # the machine may have had too little memory then
                worker = await self._ready(spare)
                if not worker.gone:
                    return worker
                await self._close(worker)
        return await self._start()

    async def _ready(self, spare: asyncio.Task[SandboxedWorker]) -> SandboxedWorker:
        """Wait until the process is warm. After a cancellation it goes to the next job."""
        try:
            return await asyncio.shield(spare)
        except asyncio.CancelledError:
            if self.spare is None and self._open:
                self.spare = spare
            else:
                with suppress(ValidationUnavailable):
                    await self._close(await spare)
            raise

    async def _start(self) -> SandboxedWorker:
        worker = await SandboxedWorker.open(
            self._folder / secrets.token_hex(8), self._module, self._limits, torch=self._torch
        )
        self._workers.add(worker)
        if not self._logged:
            self._logged = True
            log_protections(log, "styles are validated", worker.held, "upload styles")
        return worker

    async def _close(self, worker: SandboxedWorker) -> None:
        self._workers.discard(worker)
        await worker.close()


def _log_failure(spare: asyncio.Task[SandboxedWorker]) -> None:
    if not spare.cancelled() and (error := spare.exception()):
        log.warning("cannot start a process for validations: %s", error)


@contextmanager
def _own_folder(folder: Path) -> Iterator[None]:
    """Make a folder, remove those beside it whose registries were killed, and remove it after the block.

    A folder in use is locked.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(folder.parent, fcntl.LOCK_EX):  # no other process removes the new folder before its lock
            folder.mkdir(PRIVATE)
            held.enter_context(_locked(folder, fcntl.LOCK_EX))
            for other in folder.parent.iterdir():
                with suppress(OSError), _locked(other, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(other)
        yield
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
