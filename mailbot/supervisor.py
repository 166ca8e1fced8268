"""Start programs in order, restart those that die, and stop all of them, last first.

A program that dies is started again, at once the first time and then with growing pauses. All programs end
with this process, even when it is killed: the kernel sends them SIGTERM (Linux).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from subprocess import SubprocessError

from styles.service.asyncio_tasks import cancel
from styles.service.backoff import RestartPauses
from styles.service.child_processes import set_death_signal

log = logging.getLogger(__name__)

#: Seconds before the second restart in a row, and the longest pause.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: Seconds of running after which a program has recovered: its next restart is immediate again.
RECOVERED_AFTER = 30.0
#: Seconds between two checks whether a starting program is ready.
READY_INTERVAL = 0.1
#: Seconds that a program has to stop by itself before it is killed. A drain may use most of them.
STOP_SECONDS = 30.0
#: Exit code of a program that cannot be started, as shells report it.
CANNOT_START = 126


class NotReady(RuntimeError):
    """Report a program that was not ready in time, or ended before it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Describe one program. `ready` is called until it returns True."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]]
    start_seconds: float = 120.0


@dataclass(slots=True)
class _Child:
    program: Program
    process: Process | None = None
    watcher: asyncio.Task[None] | None = None
    is_up: bool = False


class Supervisor:
    """Run programs and call `print` with the program's name and each line that it writes."""

    def __init__(self, programs: Sequence[Program], print: Callable[[str, str], None]) -> None:
        self._children = [_Child(program) for program in programs]
        self._print = print
        self._stopping = False

    async def startup(self) -> None:
        """Start the programs in order, each when the one before is ready. Raises `NotReady`."""
        for child in self._children:
            child.watcher = asyncio.create_task(self._keep_running(child))
            ready = asyncio.create_task(self._until_ready(child))
            await asyncio.wait([ready, child.watcher], return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                ready.cancel()
                raise NotReady(f"{child.program.name} ended before it was ready: see its lines above.")
            await ready
            child.is_up = True

    async def shutdown(self) -> None:
        """Send SIGTERM to each program, last first, and SIGKILL to those that do not end by themselves."""
        self._stopping = True
        for child in reversed(self._children):
            if child.process and child.process.returncode is None:
                await _stop(child.program.name, child.process)
            if child.watcher:
                await cancel(child.watcher)  # `startup` has reported an error

    async def _keep_running(self, child: _Child) -> None:
        """Start the program, and restart it whenever it ends. Gives up only if it never was ready."""
        pauses = RestartPauses(FIRST_PAUSE, LONGEST_PAUSE, RECOVERED_AFTER)
        while True:
            started = time.monotonic()
            code = await self._run(child)
            if self._stopping:
                return
            name = child.program.name
            if not child.is_up:
                raise NotReady(f"{name} ended with code {code} before it was ready: see its lines above.")
            pause = pauses.after(time.monotonic() - started)
            log.warning("%s ended with code %s; starting it again in %.1f s", name, code, pause)
            await asyncio.sleep(pause)

    async def _run(self, child: _Child) -> int:
        """Run a program once and return its exit code, negative for a signal."""
        try:
            child.process = process = await asyncio.create_subprocess_exec(
                *child.program.command,
                env=dict(child.program.environment),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                start_new_session=True,  # the supervisor passes on a Ctrl-C of the terminal, in order
                preexec_fn=partial(set_death_signal, signal.SIGTERM),
            )
        except (OSError, SubprocessError) as error:  # no such file; no memory or process left
            self._print(child.program.name, f"cannot be started: {error}")
            return CANNOT_START
        assert process.stdout is not None  # noqa: S101 - asked for by PIPE
        async for line in _lines(process.stdout):
            self._print(child.program.name, line)
        return await process.wait()

    async def _until_ready(self, child: _Child) -> None:
        program = child.program
        try:
            async with asyncio.timeout(program.start_seconds):
                while not await program.ready():  # noqa: ASYNC110 - another process gives no event
                    await asyncio.sleep(READY_INTERVAL)
        except TimeoutError as error:
            raise NotReady(f"{program.name} is not ready after {program.start_seconds:.0f} s.") from error


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yield the lines that a program prints. A line longer than the reader's buffer comes in pieces."""
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            line = await stream.read(error.consumed)
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                return
            line = error.partial
        yield line.decode(errors="replace").rstrip()


async def _stop(name: str, process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("%s did not stop within %.0f s and is killed", name, STOP_SECONDS)
        process.kill()
        await process.wait()
