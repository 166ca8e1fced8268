"""Mail by SMTP: to whom the envelope says, byte for byte, up to the limit."""

from __future__ import annotations

import asyncio
from contextlib import closing

import aiosmtplib
import pytest

from mailbot.local_mail.accounts import INBOX
from tests.fakes.mailbot.local_mail import BOT, JANE, LocalMail, local_mail
from tests.fakes.mailbot.mails import mail


async def test_the_envelope_decides_and_not_the_header(server: LocalMail) -> None:
    await server.hand_in(mail(), JANE, "ben@mail.example")  # its To is the bot
    assert [len(await server.accounts.mails(name, INBOX)) for name in (JANE, "ben@mail.example", BOT)] == [
        1,
        1,
        0,
    ]


async def test_the_bytes_stay_as_they_came(server: LocalMail) -> None:
    raw = (
        b"Subject: =?koi8-r?B?zc8=?= and \xe9\r\nBcc: ann@mail.example\r\nX-Odd:  two  spaces\r\n"
        b"\r\n.dots\r\n..more\r\nFrom here\r\n\xff\xfe\r\n"
    )
    await server.hand_in(raw, JANE)
    (found,) = await server.accounts.mails(JANE, INBOX)
    assert await server.accounts.open(JANE, INBOX, found.uid) == raw


async def test_a_login_is_optional_and_checked(server: LocalMail) -> None:
    port = server.config.mail.local.smtp_port
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await client.login(JANE, "wrong")
        await client.login(JANE, "local")


async def test_a_mail_over_the_bots_limit_comes_in_and_one_over_the_servers_is_refused() -> None:
    async with local_mail(max_message_bytes=20_000) as server:
        await server.hand_in(mail(images=[]) + (b"y" * 70 + b"\r\n") * 400, BOT)
        assert len(await server.accounts.mails(BOT, INBOX)) == 1
        with pytest.raises(aiosmtplib.SMTPException, match="552"):
            await server.hand_in(mail(images=[]) + (b"y" * 70 + b"\r\n") * 700, BOT)


@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
async def test_a_page_of_another_site_cannot_post_a_mail(server: LocalMail, method: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.config.mail.local.smtp_port)
    with closing(writer):
        await reader.readline()
        writer.write(
            f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
            + b"EHLO x\r\nMAIL FROM:<a@mail.example>\r\nRCPT TO:<ben@mail.example>\r\nDATA\r\nhello\r\n.\r\n"
        )
        async with asyncio.timeout(10):
            said = await reader.read()
    assert said.startswith(b"421 ")
    assert b"250" not in said
    assert await server.accounts.mails("ben@mail.example", INBOX) == []
