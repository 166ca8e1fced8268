"""A connection to the SMTP server: encrypted as the config says, and logged in."""

from __future__ import annotations

from typing import Any

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPResponse,
    SMTPServerDisconnected,
    SMTPStatus,
    SMTPTimeoutError,
)

from mailbot.config import Smtp
from mailbot.transport.credentials import Credentials, Password
from mailbot.transport.tls import Untrusted, advice, context

#: Patience with one SMTP command, seconds.
TIMEOUT = 60.0
#: Patience with the 250 for a mail, as a multiple of that: ten minutes (RFC 5321, 4.5.3.2.6), since a server
#: that is given up while it looks through a mail has taken it, and gets it again.
TAKING = 10
#: Bytes a second; a slow uplink has four times that.
UPLINK = 16_000


class SmtpClient(SMTP):
    """A client with more patience for a mail than for a command, and quicker with a large one."""

    async def data(self, message: str | bytes, /, **_timeout: Any) -> SMTPResponse:
        """DATA and the mail; its 250 is waited for as long as the mail's length asks for."""
        patience = self.timeout or TIMEOUT
        wire = on_the_wire(message.encode("ascii") if isinstance(message, str) else message)
        ready = await self.execute_command(b"DATA", timeout=patience)
        if ready.code != SMTPStatus.start_input:
            raise SMTPDataError(ready.code, ready.message)
        if self.protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        try:
            self.protocol.write(wire)
            taken = await self.protocol.read_response(timeout=TAKING * patience + sending(wire))
        except (SMTPServerDisconnected, SMTPTimeoutError):
            self.close()
            raise
        if taken.code != SMTPStatus.completed:
            raise SMTPDataError(taken.code, taken.message)
        return taken


def on_the_wire(message: bytes) -> bytes:
    """As it goes over the line: each line ends in CRLF, a dot that begins one is doubled (RFC 5321, 4.5.2).

    The library does it by regular expressions, which take 3 ms for 400 kB, most of what a mail costs us here.
    """
    lines = message
    if not message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r"):
        lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return (b"\r\n" + lines).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


def sending(mail: bytes) -> float:
    """How much longer than for a command there may be patience for `mail`, seconds."""
    return len(mail) / UPLINK


async def connect(settings: Smtp, credentials: Credentials, patience: float = TIMEOUT) -> SMTP:
    """A new connection, logged in where there is a username.

    Raises OSError, of which are `Untrusted` and `NoToken`, and `SMTPException`.
    """
    client = SmtpClient(
        hostname=settings.host,
        port=settings.port,
        timeout=patience,
        use_tls=settings.tls == "tls",
        start_tls=settings.tls == "starttls",  # and an error where the server does not offer it
        tls_context=None if settings.tls == "none" else context(settings.ca_file),
    )
    try:
        await client.connect()
        if settings.username:
            await log_in(client, settings.username, credentials)
    except (OSError, SMTPException) as error:
        client.close()
        if words := advice(error, "mail.smtp"):
            raise Untrusted(words) from error
        raise
    except BaseException:
        client.close()
        raise
    return client


async def log_in(client: SMTP, username: str, credentials: Credentials) -> None:
    """By password or token; a token that is refused is asked for once more. Raises as `connect`."""
    if isinstance(credentials, Password):
        await client.login(username, credentials.secret)
        return
    token = await credentials.get()
    try:
        await client.auth_xoauth2(username, token)
    except SMTPAuthenticationError:
        await client.auth_xoauth2(username, await credentials.get(refused=token))
