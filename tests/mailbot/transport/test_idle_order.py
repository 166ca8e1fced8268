"""A server tells of a mail at any moment around IDLE, and the wait for mail ends at once."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest

from mailbot.config import Imap
from mailbot.transport.credentials import Password
from mailbot.transport.imap import Connection

EXISTS = b"* 2 EXISTS\r\n"
FOLDERS = (b"INBOX", b"Processed", b"Quarantine")


class OrderedServer:
    """Answers as an IMAP server, and tells of a second mail at one place."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.connections: list[StreamWriter] = []

    def _news(self, place: str) -> bytes:
        return EXISTS if place == self._place else b""

    def _answer(self, tag: bytes, command: bytes) -> bytes:
        name = command.upper().removeprefix(b"UID ").split()[0]
        done = tag + b" OK done\r\n"
        match name:
            case b"CAPABILITY":
                return b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n" + done
            case b"LIST":
                return b"".join(b'* LIST () "/" "%b"\r\n' % folder for folder in FOLDERS) + done
            case b"SELECT":
                return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n" + done
            case b"SEARCH":
                return b"* SEARCH 1\r\n" + self._news("search") + done
            case b"FETCH":
                mail = b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\n"
                return self._news("before fetch") + mail + self._news("behind fetch") + done
            case b"IDLE":
                return self._news("before idle") + b"+ idling\r\n" + self._news("with idle")
            case _:
                return done

    async def __call__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections.append(writer)
        writer.write(b"* OK ready\r\n")
        idle = b""
        while line := await reader.readline():
            if idle:  # this is DONE
                writer.write(idle + b" OK done\r\n")
                idle = b""
                continue
            tag, _, command = line.strip().partition(b" ")
            idle = tag if command == b"IDLE" else b""
            writer.write(self._answer(tag, command))


@pytest.mark.parametrize("place", ["search", "before fetch", "behind fetch", "before idle", "with idle"])
async def test_a_mail_that_comes_around_idle_ends_it(place: str) -> None:
    tells = OrderedServer(place)
    server = await asyncio.start_server(tells, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = Imap(host="127.0.0.1", port=port, tls="none", username="bot")
    try:
        async with asyncio.timeout(10), Connection.open(settings, Password("secret")) as connection:
            assert await connection.new_uids(0) == [1]
            assert await connection.bodies([1]) == {1: b"hello"}
            await connection.idle(600, asyncio.Event())
            assert connection.news.is_set()
    finally:
        server.close()
        for each in tells.connections:
            each.close()
