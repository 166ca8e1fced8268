"""An IMAP server that understands no login, and says which line it did not understand."""

from __future__ import annotations

import asyncio
from typing import Self


class Echo:
    """Repeats the first `most` bytes of LOGIN and AUTHENTICATE in its answer, which is `result`."""

    def __init__(self, result: str, capabilities: str = "", most: int = 1000) -> None:
        self._result, self._capabilities, self._most = result.encode(), capabilities.encode(), most

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).strip():
            tag, _, command = line.partition(b" ")
            if command == b"CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1 %b\r\n%b OK done\r\n" % (self._capabilities, tag))
            else:
                said = command[: self._most]
                writer.write(b"* OK heard %b\r\n%b %b what is %b?\r\n" % (said, tag, self._result, said))
        writer.close()
