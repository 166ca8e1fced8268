"""Run one worker process: make its folder, start it, give it one job, and end both.

The process gets all it needs by its command line and one line of standard input. It may answer by two lines
of standard output, which are limited in length and checked against a schema. It inherits no credential from
the environment and has a session of its own. It is killed with its whole process group.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

from registry.validation.protocol import KEPT, OUT, PREVIEW, UPLOAD, WorkerSettings
from registry.validation.response_schema import PassedResponse, WorkerResponse, cause_of_death
from styles.contract import PixelRange
from styles.errors import BadCheckpoint, Temporary, ValuesNeeded
from styles.sandbox.sandbox import Limits
from styles.service.child_processes import allowed_environment, python_command
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Seconds after which a process that is not ready is stuck. On an idle machine it takes half of one.
START_SECONDS = 60.0
#: Seconds that a killed process may take to end.
END_SECONDS = 10.0
#: Most bytes of a line of its answers.
LONGEST_LINE = 64 * 1024
#: Bytes of its error output that are kept for the log, from the end.
LAST_WORDS = 4000
#: Mode of folders that only the registry's own user may open.
PRIVATE = 0o700


class ValidationUnavailable(Temporary):
    """Report that no validation is possible now, for a reason that is not the style."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("The registry cannot try styles just now.", detail)


class SandboxedWorker:
    """Hold a worker process and its folder. Made by `open`; the caller closes it."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._folder = folder
        self._process = process
        self._limits = limits
        self._closing = AsyncExitStack()
        self._last_words = bytearray()
        self._listening = asyncio.create_task(self._listen())
        #: Protections of the sandbox that hold on this kernel.
        self.held: tuple[str, ...] = ()

    @classmethod
    async def open(cls, folder: Path, module: str, limits: Limits, *, torch: bool = False) -> Self:
        """Make `folder`, an absolute path, start `python -m module`, and return the worker when it is ready.

        `torch`: load torch ahead, for torch's files. Raises `ValidationUnavailable`.
        """
        settings = WorkerSettings(workdir=str(folder), parent=os.getpid(), limits=asdict(limits), torch=torch)
        try:
            async with AsyncExitStack() as closing:
                closing.push_async_callback(asyncio.to_thread, shutil.rmtree, folder, ignore_errors=True)
                out = _make(folder)
                process = await asyncio.create_subprocess_exec(
                    *python_command(module, json.dumps(asdict(settings))),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                    limit=LONGEST_LINE,
                    env=allowed_environment(os.environ)
                    | {"HOME": out, "TMPDIR": out, "PYTHONDONTWRITEBYTECODE": "1"},
                    start_new_session=True,  # a process group of its own, to be killed as one
                )
                worker = cls(folder, process, limits)
                closing.push_async_callback(worker._end)
                await worker._become_ready()
                worker._closing = closing.pop_all()
                return worker
        except OSError as error:
            raise ValidationUnavailable(str(error)) from error

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.returncode is not None

    @property
    def pid(self) -> int:
        """The process's id, and that of its group."""
        return self._process.pid

    async def run(
        self, upload: Path, pixel_range: PixelRange | None, seconds: float, values: str = ""
    ) -> PassedResponse:
        """Validate a file from any disk, then end the process. Raises `BadCheckpoint`."""
        job = {"pixel_range": pixel_range, "values": values}
        await asyncio.to_thread(_bring_in, upload, self._folder / UPLOAD)
        try:
            async with asyncio.timeout(seconds):
                with suppress(ConnectionError):  # of a process that died before
                    assert self._process.stdin  # noqa: S101 - as it was started
                    self._process.stdin.write(json.dumps(job).encode() + b"\n")
                    await self._process.stdin.drain()
                answer = await self._answer()
        except TimeoutError as error:
            raise BadCheckpoint(
                f"The trial was ended after {seconds:g} s: the network takes too long. Make it smaller."
            ) from error
        finally:
            await self._end()
        if answer and answer.passed:
            return answer.passed
        # For the log alone: it may contain paths of this machine, and an error's detail goes to the artist.
        log.info("validation of %s failed: %s", upload, plain((answer and answer.detail) or self.last_words))
        if answer and answer.refused and answer.inputs:
            raise ValuesNeeded(answer.refused, inputs=[one.model_dump() for one in answer.inputs])
        raise BadCheckpoint(
            (answer and answer.refused)
            or cause_of_death(self._process.returncode or 0, self.last_words, self._limits)
        )

    def hand_over(self, folder: Path) -> tuple[Path, Path]:
        """Move the kept file and the preview to `folder`. Blocks.

        Only after the process has ended, which could change them. Raises `BadCheckpoint`.
        """
        made = [self._folder / KEPT, self._folder / PREVIEW]
        if not all(path.is_file() and not path.is_symlink() for path in made):
            raise BadCheckpoint("The trial left no file to keep.")
        kept, preview = (Path(shutil.move(path, folder / path.name)) for path in made)
        return kept, preview

    async def close(self) -> None:
        """End the process if it still runs, and remove the folder."""
        await self._closing.aclose()

    @property
    def last_words(self) -> str:
        """The end of what the process's libraries printed, without control characters."""
        return plain(self._last_words.decode("utf-8", "replace").strip(), keep="\n")

    def kill(self) -> None:
        """Kill the whole group, which exists as long as its first process."""
        if not self.gone:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def _become_ready(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                answer = await self._answer()
        except TimeoutError as error:
            raise ValidationUnavailable(
                f"a process for it was not ready within {START_SECONDS:g} s"
            ) from error
        if answer is None or answer.ready is None:
            await self._end()
            log.error("a worker process ended at once: %s", plain(self.last_words))
            raise ValidationUnavailable("a process for it ended at once")
        self.held = answer.ready

    async def _answer(self) -> WorkerResponse | None:
        """Read an answer; None if the process dies before."""
        assert self._process.stdout  # noqa: S101
        try:
            line = await self._process.stdout.readline()
            return WorkerResponse.model_validate_json(line) if line.endswith(b"\n") else None
        except ValueError as error:  # too long or invalid: the file may control the process
            log.warning("a worker process sent an invalid answer: %s", plain(error)[:LAST_WORDS])
            raise BadCheckpoint("The file upset the trial: it is damaged.") from error

    async def _listen(self) -> None:
        """Keep the last error output, and read all of it, or the process would block."""
        assert self._process.stderr  # noqa: S101
        while said := await self._process.stderr.read(LAST_WORDS):
            self._last_words = (self._last_words + said)[-LAST_WORDS:]

    async def _end(self) -> None:
        self.kill()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._exhaust()
                await self._process.wait()
        except TimeoutError:  # without seccomp, a child of the process may hold a pipe open
            log.warning("cannot end the worker process %d", self.pid)

    async def _exhaust(self) -> None:
        """Read both pipes to their end, before which asyncio does not report the process as ended."""
        await asyncio.wait([self._listening])
        if self._listening.cancelled():  # the event loop is being shut down
            await self._listen()
        assert self._process.stdout  # noqa: S101
        while await self._process.stdout.read(LONGEST_LINE):
            pass


def _make(folder: Path) -> str:
    """Create the work folder and return the path of its writable part."""
    folder.mkdir(PRIVATE)
    (folder / OUT).mkdir(PRIVATE)
    return str(folder / OUT)


def _bring_in(upload: Path, target: Path) -> None:
    """Link the file into the work folder on the same disk, else copy it."""
    try:
        target.hardlink_to(upload)
    except OSError:
        shutil.copyfile(upload, target)
