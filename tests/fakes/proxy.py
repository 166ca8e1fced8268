"""A TCP proxy that brings a line's faults about on command: between the bot and a real mail server.

cut_after, cut_at, reset_all    the connection is reset
silent, flows                   nothing passes, and nobody is told
trickle                         a few bytes at a time
deaf_after                      the server does what it is told, and its answer is lost with the connection
answers                         the server says no: the proxy does in its place
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from typing import Self


class Proxy:
    """Forwards to (host, port), or to a socket's path and port 0.

    `cut_after` bytes from the server, the connection is reset, once.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.cut_after: int | None = None
        #: Nothing from the server is passed on any more, and nobody is told: a dead line.
        self.silent = False
        #: The connection is reset whenever the client sends this, if it is not empty.
        self.cut_at = b""
        #: The first command of the client with these bytes reaches the server, and its answer reaches nobody:
        #: the connection is reset in its place.
        self.deaf_after = b""
        #: Bytes that pass from the server at a time, a millisecond apart; 0: all that there is.
        self.trickle = 0
        #: (bytes in a client's command, answer) in turn: it is answered so, and the server hears nothing.
        #: `TAG` stands for the command's first word.
        self.answers: deque[tuple[bytes, bytes]] = deque()
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
        for line in list(self._lines):
            line.reset()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._target
        return await (asyncio.open_connection(host, port) if port else asyncio.open_unix_connection(host))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            server_reader, server_writer = await self._connect()
            line = _Line(self, writer, server_writer)
            self._lines.add(line)
            try:
                await asyncio.gather(line.to_server(reader), line.to_client(server_reader))
            finally:
                line.reset()
                self._lines.discard(line)
        except OSError:
            writer.transport.abort()  # there is no server just now
        except asyncio.CancelledError:
            return  # the proxy ends; asyncio.streams would log a cancelled task as an error
        finally:
            self._tasks.discard(task)


class _Line:
    """One connection through the proxy, both ways."""

    def __init__(self, proxy: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._is_deaf = False
        self._tail = b""  #: what the client sent last: a mark may come in two pieces

    def reset(self) -> None:
        self._proxy._lines.discard(self)
        for writer in (self._client, self._server):
            writer.transport.abort()

    async def to_server(self, reader: asyncio.StreamReader) -> None:
        proxy = self._proxy
        with contextlib.suppress(OSError):
            while chunk := await reader.read(4096):
                if proxy.cut_at and proxy.cut_at in chunk:
                    proxy.was_cut.set()
                    break
                await proxy.flows.wait()
                if proxy.answers and proxy.answers[0][0] in chunk:
                    self._client.write(proxy.answers.popleft()[1].replace(b"TAG", chunk.split()[0]) + b"\r\n")
                    continue
                self._tail = (self._tail + chunk)[-4200:]
                if proxy.deaf_after and proxy.deaf_after in self._tail:
                    proxy.deaf_after = b""
                    self._is_deaf = True
                self._server.write(chunk)
                await self._server.drain()
        self.reset()

    async def to_client(self, reader: asyncio.StreamReader) -> None:
        proxy = self._proxy
        with contextlib.suppress(OSError):
            while chunk := await reader.read(proxy.trickle or 4096):
                if proxy.silent:
                    continue
                if self._is_deaf or self._is_over_the_limit(chunk):
                    proxy.was_cut.set()
                    break
                if b" EXISTS\r\n" in chunk:
                    proxy.pushed_at = time.time()
                if proxy.trickle:
                    await asyncio.sleep(0.001)
                self._client.write(chunk)
                await self._client.drain()
        self.reset()

    def _is_over_the_limit(self, chunk: bytes) -> bool:
        if self._proxy.cut_after is None:
            return False
        self._proxy.cut_after -= len(chunk)
        if self._proxy.cut_after >= 0:
            return False
        self._proxy.cut_after = None
        return True
