"""A connection to the SMTP server: encrypted as the config says, and logged in."""

from __future__ import annotations

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException

from mailbot.config import Smtp
from mailbot.credentials import Credentials, Password
from mailbot.tls import Untrusted, advice, context

#: Patience with one SMTP command, seconds.
TIMEOUT = 60.0


async def connect(settings: Smtp, credentials: Credentials, patience: float = TIMEOUT) -> SMTP:
    """A new connection, logged in where there is a username.

    Raises OSError, of which are `Untrusted` and `NoToken`, and `SMTPException`.
    """
    client = SMTP(
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
