"""Starts programs in order, restarts what dies, and stops them all, last first.

    Program      what to start, and how to tell that it is ready
    Supervisor   runs a list of them until it is told to stop

A program that dies is started again, at once the first time and then with growing pauses. All of them
end with this process, even when it is killed: the kernel sends them SIGTERM (Linux).
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

#: Pause before the second restart in a row, and the longest, seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A program that ran this long has recovered: its next restart is immediate again, seconds.
RECOVERED_AFTER = 30.0
#: How often a starting program is asked whether it is ready, seconds.
READY_INTERVAL = 0.1
#: What a program may take to stop by itself before it is killed, seconds; a drain may use most of it.
STOP_SECONDS = 30.0
#: prctl(2): the signal that a child gets when its parent dies.
PR_SET_PDEATHSIG = 1

#: Takes a program's name and a line that it printed.
Print = Callable[[str, str], None]


class NotReady(RuntimeError):
    """A program that did not become ready in time, or ended before it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program; `ready` is asked until it says yes."""

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
    restarts: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """Runs programs; `print` gets every line that they write."""

    def __init__(self, programs: Sequence[Program], print: Print) -> None:
        self._children = [_Child(program) for program in programs]
        self._print = print
        self._stopping = False

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by program name, of those that were started."""
        return {c.program.name: c.process.pid for c in self._children if c.process}

    async def startup(self) -> None:
        """Starts one after the other, each when the one before is ready. Raises `NotReady`."""
        for child in self._children:
            child.watcher = asyncio.create_task(self._keep_running(child))
            ready = asyncio.create_task(self._until_ready(child))
            await asyncio.wait([ready, child.watcher], return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                ready.cancel()
                raise NotReady(f"{child.program.name} ended before it was ready: see its lines above.")
            await ready
            child.up.set()

    async def shutdown(self) -> None:
        """SIGTERM to each, last first, and SIGKILL to what does not end by itself."""
        self._stopping = True
        for child in reversed(self._children):
            if child.process and child.process.returncode is None:
                await _stop(child.program.name, child.process)
            if child.watcher:
                child.watcher.cancel()
                await asyncio.gather(child.watcher, return_exceptions=True)  # `startup` has told of an error

    async def _keep_running(self, child: _Child) -> None:
        """Starts the program, and again whenever it ends; gives up only on one that never was ready."""
        pause = 0.0
        while True:
            started = time.monotonic()
            code = await self._run(child)
            if self._is_stopping():
                return
            if not child.up.is_set():
                raise NotReady(
                    f"{child.program.name} ended with code {code} before it was ready: see its lines above."
                )
            recovered = time.monotonic() - started > RECOVERED_AFTER
            pause = 0.0 if recovered else min(LONGEST_PAUSE, max(FIRST_PAUSE, pause * 2))
            child.restarts += 1
            wait = 0.0 if child.restarts == 1 else pause
            log.warning("%s ended with code %s; starting it again in %.1f s", child.program.name, code, wait)
            await asyncio.sleep(wait)

    def _is_stopping(self) -> bool:
        return self._stopping

    async def _run(self, child: _Child) -> int:
        """One life of a program: its exit code, negative for a signal."""
        child.process = process = await asyncio.create_subprocess_exec(
            *child.program.command,
            env=dict(child.program.environment),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # a Ctrl-C in the terminal is ours to pass on, in order
            preexec_fn=_die_with_parent,
        )
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
    """What a program prints, line by line; a line longer than the reader's buffer comes in pieces."""
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


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
