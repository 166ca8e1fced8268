"""Extend aioimaplib's protocol and client: news outside of IDLE, logins, and notice of a lost connection.

ImapProtocol   notes every EXISTS, and answers the challenges of a login
ImapClient     uses that protocol
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aioimaplib


class ImapProtocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """Answer the challenges of AUTHENTICATE, and set `news` at every EXISTS, also outside of IDLE.

    aioimaplib's own XOAUTH2 hangs on a bad token: the server then sends a challenge with the reason, and
    waits for an empty line before it says NO (https://developers.google.com/gmail/imap/xoauth2-protocol).
    Here every challenge is answered: first with the response, where the server did not take that at once,
    then with an empty line.
    """

    news: asyncio.Event

    #: The answer to the next challenge.
    _response = b""
    #: The last challenge that had no answer: it says why a token is refused.
    reason = b""

    async def authenticate(self, mechanism: str, response: bytes) -> aioimaplib.Response:
        """Run AUTHENTICATE and return the server's answer, which may be NO."""
        encoded = in_base64(response)
        words = [mechanism]
        if "SASL-IR" in self.capabilities:  # RFC 4959: saves a round trip
            words.append(encoded)
        else:
            self._response = encoded.encode()
        self.reason = b""
        command = aioimaplib.Command("AUTHENTICATE", self.new_tag(), *words, loop=self.loop)
        answer = await self.execute(command, scrub=encoded)
        if answer.result == "OK":
            self.state = aioimaplib.AUTH
        return answer

    def _continuation(self, line: bytes) -> None:
        command = self.pending_sync_command
        if command is None or command.name != "AUTHENTICATE":
            super()._continuation(line)
            return
        if not self._response:
            self.reason = line.removeprefix(b"+").strip()
        self.transport.write(self._response + b"\r\n")
        self._response = b""

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


def in_base64(response: bytes) -> str:
    """Encode a response as AUTHENTICATE sends it."""
    return base64.b64encode(response).decode()
