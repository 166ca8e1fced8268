"""The embedded mail server takes every mail that the bot could answer, in a process of its own."""

from __future__ import annotations

import asyncio
import imaplib
import smtplib
import socket
import subprocess
from collections.abc import Iterator

import pytest

from mailbot.config import Mail
from mailbot.transport.embedded_server import MAX_MAIL
from styles.service.process import python_command
from tests.fakes.mailbot.mails import mail
from tests.fakes.waiting import until

USER, PASSWORD = "bot@painter.example", "secret"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    """Ports for SMTP and IMAP of a running server."""
    smtp, imap = free_port(), free_port()
    command = python_command(
        "mailbot.transport.embedded_server",
        *("--multi-user", "--host", "127.0.0.1", "--user", USER, "--password", PASSWORD, "--no-http"),
        *("--smtp-port", str(smtp), "--imap-port", str(imap)),
    )
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        yield smtp, imap
        server.terminate()


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def test_a_mail_over_the_servers_own_limit_comes_in(ports: tuple[int, int]) -> None:
    smtp, imap = ports
    await until(lambda: listens(smtp) and listens(imap))
    large = mail("mosaic", "x" * 70 + "\n", images=[]) + (b"y" * 70 + b"\r\n") * (34 * 2**20 // 72)
    assert 33.5 * 10**6 < len(large) < Mail().max_message_bytes

    def deliver() -> int:
        with smtplib.SMTP("127.0.0.1", smtp, timeout=60) as client:
            client.ehlo()
            assert int(client.esmtp_features["size"]) == MAX_MAIL > Mail().max_message_bytes
            client.sendmail("jane@mail.example", [USER], large)
        with imaplib.IMAP4("127.0.0.1", imap, timeout=60) as client:
            client.login(USER, PASSWORD)
            client.select("INBOX")
            _, found = client.fetch("1", "(RFC822.SIZE)")
        return int(str(found[0]).partition("RFC822.SIZE ")[2].split(")")[0])

    assert await asyncio.to_thread(deliver) > 33.5 * 10**6
