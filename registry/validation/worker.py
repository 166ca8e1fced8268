"""One worker process as its parent sees it: a folder, a process in it, one job, and the end of both.

The process is told everything by its command line and one line on its standard input, and may say two lines
on its standard output, which are read as a stranger's: bounded, and checked word by word. It has none of our
environment, a session of its own, and is killed with all that belongs to it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

from registry.sandbox.sandbox import Limits
from registry.validation.protocol import KEPT, OUT, PREVIEW, UPLOAD
from registry.validation.response_schema import PassedResponse, WorkerResponse, cause_of_death
from styles.contract import PixelRange
from styles.errors import BadCheckpoint, Temporary
from styles.service.process import python_command
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Variables that the process may see: no credential of ours is among them.
ENVIRONMENT = re.compile(r"PATH|LANG|LC_\w+|TZ|LD_LIBRARY_PATH|VIRTUAL_ENV|PYTHON(PATH|HOME|UTF8|WARNINGS)")
#: A process that is not ready after this is stuck, seconds. On an idle machine it takes half of one.
START_SECONDS = 60.0
#: And one that is not gone so long after it was killed, seconds.
END_SECONDS = 10.0
#: Longest line that it may say, bytes.
LONGEST_LINE = 64 * 1024
#: The last of what its libraries print, for the log, bytes.
LAST_WORDS = 4000
#: Of a directory and of files that only the registry's own user may open.
PRIVATE = 0o700


class TrialUnavailable(Temporary):
    """No validation can be made just now; the style has nothing to do with it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("The registry cannot try styles just now.", detail)


class SandboxedWorker:
    """A worker process in its folder. Made by `open`; whoever opens it closes it."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._folder = folder
        self._process = process
        self._limits = limits
        self._last_words = bytearray()
        self._listening = asyncio.create_task(self._listen())
        #: What of the sandbox holds on this kernel.
        self.held: tuple[str, ...] = ()

    @classmethod
    async def open(cls, folder: Path, module: str, limits: Limits, *, torch: bool = False) -> Self:
        """Makes the folder and starts `python -m module` in it; gives it when it is ready.

        `torch`: loaded ahead, for files of torch. Raises `TrialUnavailable`.
        """
        try:
            _make(folder)
            process = await asyncio.create_subprocess_exec(
                *_command(module, folder, limits, torch=torch),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE,
                env=_environment(os.environ, folder),
                start_new_session=True,  # a group of its own, which is killed as one
            )
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise TrialUnavailable(str(error)) from error
            raise
        worker = cls(folder, process, limits)
        try:
            await worker._become_ready()
        except BaseException:
            await worker.close()
            raise
        return worker

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.returncode is not None

    @property
    def pid(self) -> int:
        """The process's id, and that of its group."""
        return self._process.pid

    async def run(self, upload: Path, pixel_range: PixelRange | None, seconds: float) -> PassedResponse:
        """The one validation, of a file on any disk; the process ends. Raises `BadCheckpoint`."""
        await asyncio.to_thread(_bring_in, upload, self._folder / UPLOAD)
        try:
            async with asyncio.timeout(seconds):
                answer = await self._ask({"pixel_range": pixel_range})
        except TimeoutError as error:
            raise BadCheckpoint(
                f"The trial was ended after {seconds:g} s: the network takes too long. Make it smaller."
            ) from error
        finally:
            await self._end()
        if answer and answer.passed:
            return answer.passed
        # For the log alone: it may hold paths of this machine, and an error's detail goes to the artist.
        log.info("the validation of %s: %s", upload, plain((answer and answer.detail) or self.last_words))
        raise BadCheckpoint(
            (answer and answer.refused)
            or cause_of_death(self._process.returncode or 0, self.last_words, self._limits)
        )

    def hand_over(self, folder: Path) -> tuple[Path, Path]:
        """Moves what the validation made below `folder`: the kept file and the preview. Blocks.

        Only after the process has ended, which could change them. Raises `BadCheckpoint`.
        """
        made = [self._folder / KEPT, self._folder / PREVIEW]
        if not all(map(_is_plain, made)):
            raise BadCheckpoint("The trial left no file to keep.")
        targets = [folder / path.name for path in made]
        for path, target in zip(made, targets, strict=True):
            shutil.move(path, target)
        return targets[0], targets[1]

    async def close(self) -> None:
        """Ends the process, if it has not ended, and removes the folder."""
        try:
            await self._end()
        finally:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    @property
    def last_words(self) -> str:
        """The end of what the process's libraries printed, without control characters."""
        text = self._last_words.decode("utf-8", "replace").strip()
        return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)

    def kill(self) -> None:
        """Ends the whole group; it is there as long as its first process, which does not end by itself."""
        if not self.gone:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def ended(self) -> None:
        """Waits until the process has ended."""
        await self._process.wait()

    async def _become_ready(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                answer = await self._answer()
        except TimeoutError as error:
            raise TrialUnavailable(f"a process for it was not ready within {START_SECONDS:g} s") from error
        if answer is None or answer.ready is None:
            await self._end()
            log.error("a worker process ended at once: %s", plain(self.last_words))
            raise TrialUnavailable("a process for it ended at once")
        self.held = answer.ready

    async def _ask(self, job: Mapping[str, str | None]) -> WorkerResponse | None:
        """None: it died before it had an answer."""
        assert self._process.stdin  # noqa: S101 - as it was started
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            await self._process.stdin.drain()
        return await self._answer()

    async def _answer(self) -> WorkerResponse | None:
        assert self._process.stdout  # noqa: S101
        try:
            line = await self._process.stdout.readline()
            return WorkerResponse.model_validate_json(line) if line.endswith(b"\n") else None
        except ValueError as error:  # too long, or not what was agreed on: it is not ours any more
            log.warning("a validation said what it cannot say: %s", plain(error)[:LAST_WORDS])
            raise BadCheckpoint("The file upset the trial: it is damaged.") from error

    async def _listen(self) -> None:
        """Keeps the last words; reads on whatever comes, or the process would wait."""
        assert self._process.stderr  # noqa: S101
        while said := await self._process.stderr.read(LAST_WORDS):
            self._last_words = (self._last_words + said)[-LAST_WORDS:]

    async def _end(self) -> None:
        self.kill()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._exhaust()
                await self._process.wait()
        except TimeoutError:  # where there is no seccomp, a child of its own may hold a pipe open
            log.warning("the worker process %d cannot be ended", self.pid)

    async def _exhaust(self) -> None:
        """Reads on to the end of both pipes: until then, asyncio does not call a process ended."""
        await asyncio.wait([self._listening])
        if self._listening.cancelled():  # the whole event loop is being shut down
            await self._listen()
        assert self._process.stdout  # noqa: S101
        while await self._process.stdout.read(LONGEST_LINE):
            pass


def _make(folder: Path) -> None:
    folder.mkdir(PRIVATE)
    (folder / OUT).mkdir(PRIVATE)


def _bring_in(upload: Path, target: Path) -> None:
    """The same file under a name in the work folder where the disk is the same, else a copy."""
    try:
        target.hardlink_to(upload)
    except OSError:
        shutil.copyfile(upload, target)


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _command(module: str, folder: Path, limits: Limits, *, torch: bool) -> list[str]:
    words = ["--workdir", str(folder.absolute()), "--parent", str(os.getpid())]
    words += ["--torch"] * torch
    for name, value in asdict(limits).items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    return python_command(module, *words)


def _environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if ENVIRONMENT.fullmatch(name)}
    out = str(folder.absolute() / OUT)
    return kept | {"HOME": out, "TMPDIR": out, "PYTHONDONTWRITEBYTECODE": "1"}
