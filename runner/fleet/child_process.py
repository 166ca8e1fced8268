"""Start a runner process on this machine, with one end of a pair of sockets, and end it.

Its sandbox lets it open no socket, so it is given one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from runner.fleet.devices import clean_environment
from runner.protocol.framing import READ_AHEAD, Frame, read_frame
from styles.service.child_processes import python_command

#: Seconds from SIGTERM to SIGKILL.
TERM_SECONDS = 3.0


def runner_command(module: str, *, device: str, threads: int, cache: Path, cache_bytes: int) -> list[str]:
    """Return the command of a runner process that this process starts; its socket is added at its start.

    The arguments are as in `RunnerSettings`, and `module` is what the process runs.
    """
    arguments = {
        "--parent": os.getpid(),
        "--device": device,
        "--threads": threads,
        "--cache": cache.absolute(),
        "--cache-bytes": cache_bytes,
    }
    return python_command(module, *(str(word) for pair in arguments.items() for word in pair))


class ChildProcess:
    """Hold a process of this machine and this end of its connection."""

    def __init__(self, process: asyncio.subprocess.Process, connection: socket.socket) -> None:
        self.connection = connection
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str], handed: Sequence[int] = ()) -> Self:
        """Start `command` without credentials, with its end of the connection as `--socket`.

        It gets the descriptors `handed` too. Raises OSError.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    *("--socket", str(theirs.fileno())),
                    pass_fds=[theirs.fileno(), *handed],
                    env=clean_environment(os.environ),
                    stdin=asyncio.subprocess.DEVNULL,
                )
        except BaseException:
            ours.close()  # a process that has started ends by that
            raise
        return cls(process, ours)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    async def wait(self) -> int:
        """Wait for its end; return its exit status, negative for a signal."""
        return await self._process.wait()

    def kill(self) -> None:
        """Send it SIGKILL."""
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        """Stop it until `resume`; it may be killed meanwhile."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process run."""
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """End it by SIGTERM, and by SIGKILL after 3 seconds."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TERM_SECONDS):
                await self._process.wait()
        self.kill()
        await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        # The methods of `Process` would poll it, and asyncio would then lose its exit status.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)


class LocalProcess(ChildProcess):
    """Hold a runner process of this machine; see `RunnerProcess`."""

    writer: asyncio.StreamWriter
    _reader: asyncio.StreamReader

    @classmethod
    async def start(cls, command: Sequence[str], handed: Sequence[int] = ()) -> Self:
        """Start `command` as `ChildProcess` does, and read its connection. Raises OSError."""
        process = await super().start(command, handed)
        try:
            streams = await asyncio.open_unix_connection(sock=process.connection, limit=READ_AHEAD)
        except BaseException:
            process.connection.close()
            process.kill()
            await process.wait()  # or nobody reaps it, if the event loop ends first
            raise
        process._reader, process.writer = streams
        return process

    async def read(self) -> Frame | None:
        """Read a frame from the process, see `read_frame`."""
        return await read_frame(self._reader)
