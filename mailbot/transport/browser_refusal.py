"""Keep web pages away from servers that speak SMTP or LMTP on this machine."""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP


class NoWebServer(SMTP):
    """End at the first line of HTTP, since a page of any site can have its browser post to this port."""

    async def smtp_POST(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd finds commands by these names
        """Close the connection, and handle nothing that came after this line."""
        await self.push("421 4.7.0 This is no web server.")
        if self.transport:
            self.transport.close()
        await asyncio.Event().wait()  # aiosmtpd cancels this task when the connection is closed

    smtp_GET = smtp_HEAD = smtp_PUT = smtp_PATCH = smtp_DELETE = smtp_OPTIONS = smtp_CONNECT = smtp_POST  # noqa: N815
