"""Measure the least that sending a photo to another process and back can cost: a bare unix socket.

Echo          a child process that sends back what it gets, and our end of the line
main          what `python -m benchmarks.serving.echo SOCKET BYTES` does: the child
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from styles.service.child_processes import die_with_parent


class Echo:
    """Keep a child process at the other end of a unix socket. An async context manager."""

    def __init__(self, size: int) -> None:
        """`size`: bytes of every message."""
        self._size = size

    async def __aenter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        socket = Path(self._folder.name, "echo")
        command = [
            sys.executable,
            "-m",
            "benchmarks.serving.echo",
            str(socket),
            str(self._size),
            str(os.getpid()),
        ]
        self._child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert self._child.stdout is not None
        await self._child.stdout.readline()  # it listens
        self._reader, self._writer = await asyncio.open_unix_connection(socket)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        await self._child.wait()
        self._folder.cleanup()

    async def call(self, message: bytes) -> bytes:
        """Send one message and return the child's reply."""
        self._writer.write(message)
        await self._writer.drain()
        return await self._reader.readexactly(self._size)


async def main(socket: str, size: int) -> None:
    """Echo one connection until it closes."""
    over = asyncio.Event()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(await reader.readexactly(size))
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()
            over.set()

    async with await asyncio.start_unix_server(converse, socket):
        print("it listens", flush=True)
        await over.wait()


if __name__ == "__main__":
    die_with_parent(int(sys.argv[3]))
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
