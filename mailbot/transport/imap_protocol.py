"""Extend aioimaplib's protocol and client: news outside of IDLE, logins, and notice of a lost connection.

ImapProtocol   notes every EXISTS, and answers challenges (`imap_login`)
ImapClient     uses that protocol
"""

from __future__ import annotations

import asyncio
from typing import Any

import aioimaplib

from mailbot.transport.imap_login import Authenticating


class ImapProtocol(Authenticating):
    """Set `news` at every EXISTS, also outside of IDLE."""

    news: asyncio.Event

    def _untagged_response(self, line: bytes) -> Any:
        if line.endswith(b" EXISTS"):
            self.news.set()
        return super()._untagged_response(line)


class ImapClient(aioimaplib.IMAP4):  # type: ignore[misc]
    """Speak by `ImapProtocol`; `IMAP4_SSL` would drop the callback for a lost connection."""

    def create_client(self, host: str, port: int, _loop: Any, conn_lost_cb: Any, ssl_context: Any) -> None:
        """Begin to connect."""
        loop = asyncio.get_running_loop()
        self.protocol = ImapProtocol(loop, conn_lost_cb)
        self.protocol.news = asyncio.Event()
        opening = loop.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        self._client_task = loop.create_task(opening)
