"""Extend aioimaplib by news outside of IDLE, and by logins with LOGIN, PLAIN or XOAUTH2.

aioimaplib's own XOAUTH2 hangs on a bad token. The server then sends a challenge with the reason, and waits
for an empty line before it says NO (https://developers.google.com/gmail/imap/xoauth2-protocol). Here every
challenge is answered: first with the response, where the server did not take that at once, then with an empty
line.

PLAIN (RFC 4616) is for servers that forbid LOGIN, and for non-ASCII text: LOGIN defines no charset.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
from typing import Any

import aioimaplib

from mailbot.transport.credentials import Credentials, Password
from mailbot.transport.imap_syntax import quoted

#: Letters of a secret that are searched in a server's answer. Fewer would match ordinary words.
SHOWN = 4


class ImapProtocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """Answer the challenges of AUTHENTICATE, and set `news` at every EXISTS, also outside of IDLE."""

    news: asyncio.Event

    #: The answer to the next challenge.
    _response = b""
    #: The last challenge that had no answer: it says why a token is refused.
    reason = b""

    async def authenticate(self, mechanism: str, response: bytes) -> aioimaplib.Response:
        """Run AUTHENTICATE and return the server's answer, which may be NO."""
        encoded = _in_base64(response)
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


async def log_in(protocol: ImapProtocol, username: str, credentials: Credentials) -> aioimaplib.Response:
    """Log in and return the server's last answer, which may be NO, without secrets. Raises `NoToken`."""
    if isinstance(credentials, Password):
        secret = credentials.secret
        plain = f"\0{username}\0{secret}".encode()
        can_login = (username + secret).isascii() and "LOGINDISABLED" not in protocol.capabilities
        if can_login or "AUTH=PLAIN" not in protocol.capabilities:
            answer = await protocol.login(quoted(username), secret)  # which quotes the password itself
        else:
            answer = await protocol.authenticate("PLAIN", plain)
        return _scrubbed(answer, secret, quoted(secret)[1:-1], _in_base64(plain))
    token = ""
    for _attempt in range(2):
        token = await credentials.get(refused=token)
        bearer = f"user={username}\1auth=Bearer {token}\1\1".encode()
        answer = await protocol.authenticate("XOAUTH2", bearer)
        if answer.result != "NO":
            break
    if answer.result != "OK" and (status := _status(protocol.reason)):
        answer = answer._replace(lines=[b"%b (status %b)" % (b" ".join(answer.lines), status)])
    return _scrubbed(answer, token, _in_base64(bearer))


def _scrubbed(answer: aioimaplib.Response, *secrets: str) -> aioimaplib.Response:
    """Cut secrets out of an answer, since some servers repeat a line that they did not understand.

    Each line ends where the first letters of a secret begin, so that a part of it is not shown either.
    """
    begin = b"|".join(re.escape(secret[:SHOWN].encode()) for secret in secrets if secret)
    lines = [re.sub(b"(?s)(?:%b).*" % begin, b"***", line) if begin else line for line in answer.lines]
    return answer._replace(lines=lines)


def _status(challenge: bytes) -> bytes:
    """Return the status in a challenge that refuses a token, such as "401" for an expired one."""
    try:
        return str(json.loads(base64.b64decode(challenge))["status"]).encode()[:20]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return b""


def _in_base64(response: bytes) -> str:
    return base64.b64encode(response).decode()
