"""IMAP over the accounts: the bot's own client, and Python's."""

from __future__ import annotations

import asyncio
import gc
import imaplib
from contextlib import closing, suppress

import pytest

from mailbot.transport.credentials import to_read
from mailbot.transport.imap import Connection
from tests.fakes.mailbot.local_mail import BOT, JANE, LocalMail
from tests.fakes.mailbot.mails import mail


def connect(server: LocalMail) -> imaplib.IMAP4:
    return imaplib.IMAP4("127.0.0.1", server.config.mail.local.imap_port, timeout=30)


async def test_a_mail_that_comes_by_smtp_ends_an_idle(server: LocalMail) -> None:
    settings = server.config.mail
    async with Connection.open(settings.effective_imap, to_read(settings)) as connection:
        assert await connection.new_uids(0) == []
        idling = asyncio.create_task(connection.idle(60, asyncio.Event()))
        await server.hand_in(mail(message_id="<w@x>"), BOT)
        async with asyncio.timeout(10):  # the idle alone would take a minute
            await idling
        (uid,) = await connection.new_uids(0)
        assert b"<w@x>" in (await connection.bodies([uid]))[uid]
        assert (await connection.move([uid], connection.processed))[uid].uid
        assert await connection.new_uids(0) == []


async def test_a_mail_that_comes_just_before_an_idle_ends_it(server: LocalMail) -> None:
    settings = server.config.mail
    async with Connection.open(settings.effective_imap, to_read(settings)) as connection:
        for count in (1, 2):
            await connection.new_uids(0)  # the server's last word before IDLE
            await server.accounts.deliver([BOT], mail())
            async with asyncio.timeout(10):
                await connection.idle(60, asyncio.Event())
            assert len(await connection.new_uids(0)) == count


async def test_mails_that_come_while_others_are_reported_end_an_idle(server: LocalMail) -> None:
    """Clients are told of each, however fast they come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.config.mail.local.imap_port)
    with closing(writer):
        writer.write(b"a LOGIN bot@painter.example local\r\nb SELECT INBOX\r\nc IDLE\r\n")
        async with asyncio.timeout(10):
            await reader.readuntil(b"+ Idling.")
            for _ in range(50):
                await server.accounts.deliver([BOT], mail())
                await asyncio.sleep(0)
            await reader.readuntil(b"* 50 EXISTS")


async def test_the_garbage_collection_drops_no_connection(server: LocalMail) -> None:
    """Under Python 3.13 it drops those of pymap's own service that wait for their client."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.config.mail.local.imap_port)
    with closing(writer):
        assert b"* OK" in await reader.readline()
        for _ in range(3):
            gc.collect()
            await asyncio.sleep(0)
        writer.write(b"a NOOP\r\n")
        async with asyncio.timeout(10):
            assert b"a OK" in await reader.readline()


async def test_a_line_without_end_closes_the_connection_quietly(server: LocalMail) -> None:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.config.mail.local.imap_port)
    with closing(writer):
        await reader.readline()
        writer.write(b"a LOGIN jane " + b"x" * 200_000 + b"\r\n")
        async with asyncio.timeout(10):
            with suppress(ConnectionError):  # what it has not read resets the connection
                await reader.read()
    assert faults == []


async def test_everybody_has_an_account_by_the_password(server: LocalMail) -> None:
    await server.accounts.deliver([JANE], mail())

    def count(name: str, password: str) -> bytes:
        with connect(server) as client:
            client.login(name, password)
            return client.select("INBOX")[1][0] or b""

    assert await asyncio.to_thread(count, "Jane@Mail.example", "local") == b"1"
    assert await asyncio.to_thread(count, "new@mail.example", "local") == b"0"
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        await asyncio.to_thread(count, JANE, "wrong")


async def test_a_login_opens_no_other_account(server: LocalMail) -> None:
    def authenticate(other: str) -> str:
        with connect(server) as client:
            return client.authenticate("PLAIN", lambda _: f"{other}\0{JANE}\0local".encode())[0]

    assert await asyncio.to_thread(authenticate, "") == "OK"
    with pytest.raises(imaplib.IMAP4.error, match="AUTHORIZATIONFAILED"):
        await asyncio.to_thread(authenticate, BOT)


async def test_a_draft_of_a_mail_program_is_kept(server: LocalMail) -> None:
    raw = mail().replace(b"\n", b"\r\n")  # as the client sends it

    def append() -> None:
        with connect(server) as client:
            client.login(JANE, "local")
            client.create("Drafts")
            client.append("Drafts", "", None, raw)

    await asyncio.to_thread(append)
    (draft,) = await server.accounts.mails(JANE, "Drafts")
    assert await server.accounts.open(JANE, "Drafts", draft.uid) == raw
