"""A TCP proxy that cuts connections on command: between the bot and a real mail server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Self


class Proxy:
    """Forwards to (host, port). `cut_after` bytes from the server, the connection is reset, once."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.cut_after: int | None = None
        #: Nothing from the server is passed on any more, and nobody is told: a dead line.
        self.silent = False
        #: The connection is reset whenever the client sends this, if it is not empty.
        self.cut_at = b""
        #: Set while what the client sends is passed on; cleared, it waits.
        self.flows = asyncio.Event()
        self.flows.set()
        #: When the server last said EXISTS, seconds since the epoch.
        self.pushed_at = 0.0
        #: Set whenever a connection was cut because of `cut_after` or `cut_at`.
        self.was_cut = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        self.reset_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def reset_all(self) -> None:
        for pair in list(self._pairs):
            self._reset(pair)

    def _reset(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self._pairs.discard(pair)
        for writer in pair:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        server_reader, server_writer = await asyncio.open_connection(*self._target)
        pair = (writer, server_writer)
        self._pairs.add(pair)
        try:
            await asyncio.gather(
                self._forward(reader, server_writer, pair, limited=False),
                self._forward(server_reader, writer, pair, limited=True),
            )
        except asyncio.CancelledError:
            return  # the proxy ends; asyncio.streams would log a cancelled task as an error
        finally:
            self._reset(pair)
            self._tasks.discard(task)

    async def _forward(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        limited: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(4096):
                if limited and self.silent:
                    continue
                if not limited and self.cut_at and self.cut_at in chunk:
                    self.was_cut.set()
                    break
                if not limited:
                    await self.flows.wait()
                if limited and b" EXISTS\r\n" in chunk:
                    self.pushed_at = time.time()
                if limited and self.cut_after is not None:
                    self.cut_after -= len(chunk)
                    if self.cut_after < 0:
                        self.cut_after = None
                        self.was_cut.set()
                        break
                writer.write(chunk)
                await writer.drain()
        self._reset(pair)
