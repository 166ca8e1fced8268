"""Take mail by SMTP, with aiosmtpd in this event loop, and deliver it by its envelope."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailbot.config import Local
from mailbot.local_mail.accounts import Accounts
from mailbot.transport.browser_refusal import NoWebServer


class Delivery:
    """Handle the commands of aiosmtpd."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Put the mail into the accounts of RCPT TO. Its To and Cc play no part."""
        await self._accounts.deliver(envelope.rcpt_tos, envelope.original_content or b"")
        return "250 OK"


async def listen(accounts: Accounts, local: Local, limit: int) -> asyncio.Server:
    """Listen at `smtp_port` for mails of at most `limit` bytes. A login is optional. Raises OSError."""
    loop = asyncio.get_running_loop()
    handler = Delivery(accounts)

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and hmac.compare_digest(
            given.password, local.password.encode()
        )
        return AuthResult(success=is_right, handled=False)

    def connection() -> SMTP:
        return NoWebServer(
            handler,
            data_size_limit=limit,
            enable_SMTPUTF8=True,
            hostname="localhost",
            authenticator=check,
            auth_require_tls=False,
            loop=loop,
        )

    return await loop.create_server(connection, local.host, local.smtp_port)
