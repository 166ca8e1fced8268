"""Both ends of a connection, within this process."""

from __future__ import annotations

import asyncio
import socket

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def both_ends() -> tuple[Streams, Streams]:
    """The test closes their writers."""
    ours, theirs = socket.socketpair()
    return await asyncio.open_unix_connection(sock=ours), await asyncio.open_unix_connection(sock=theirs)
