"""Log in to an IMAP server: LOGIN, or AUTHENTICATE with PLAIN or XOAUTH2.

    Authenticating   the protocol, with an AUTHENTICATE that answers challenges
    log_in           by the way that fits the credentials and the server

aioimaplib's own XOAUTH2 hangs on a bad token: the server then sends a challenge with the reason, and waits
for an empty line before it says NO (https://developers.google.com/gmail/imap/xoauth2-protocol). Here every
challenge is answered: first with the response, where the server did not take that at once, then with an empty
line.

PLAIN (RFC 4616) is for servers that forbid LOGIN, and for non-ASCII text: LOGIN defines no charset.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

import aioimaplib

from mailbot.transport.credentials import Credentials, Password
from mailbot.transport.imap_text import quoted

#: Letters of a secret that are searched in a server's answer. Fewer would match ordinary words.
SHOWN = 4


class Authenticating(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """Add AUTHENTICATE to aioimaplib's protocol."""

    #: The answer to the next challenge.
    _response = b""
    #: The last challenge that had no answer: it says why a token is refused.
    reason = b""

    async def authenticate(self, mechanism: str, response: bytes) -> aioimaplib.Response:
        """Run AUTHENTICATE and return the server's answer, which may be NO."""
        encoded = _written(response)
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


async def log_in(protocol: Authenticating, username: str, credentials: Credentials) -> aioimaplib.Response:
    """Log in and return the server's last answer, which may be NO, without secrets. Raises `NoToken`."""
    if isinstance(credentials, Password):
        answer = await _by_password(protocol, username, credentials.secret)
        plain = _plain(username, credentials.secret)
        return _scrubbed(answer, credentials.secret, quoted(credentials.secret)[1:-1], _written(plain))
    token = await credentials.get()
    answer = await _by_token(protocol, username, token)
    if answer.result == "NO":
        token = await credentials.get(refused=token)
        answer = await _by_token(protocol, username, token)
    return _scrubbed(answer, token, _written(_bearer(username, token)))


def _scrubbed(answer: aioimaplib.Response, *secrets: str) -> aioimaplib.Response:
    """Cut secrets out of an answer, since some servers repeat a line that they did not understand.

    Each line ends where the first letters of a secret begin, so that a part of it is not shown either.
    """
    begin = b"|".join(re.escape(secret[:SHOWN].encode()) for secret in secrets if secret)
    lines = [re.sub(b"(?s)(?:%b).*" % begin, b"***", line) if begin else line for line in answer.lines]
    return answer._replace(lines=lines)


def _plain(username: str, secret: str) -> bytes:
    return f"\0{username}\0{secret}".encode()


def _bearer(username: str, token: str) -> bytes:
    return f"user={username}\1auth=Bearer {token}\1\1".encode()


def _written(response: bytes) -> str:
    return base64.b64encode(response).decode()


async def _by_password(protocol: Authenticating, username: str, secret: str) -> aioimaplib.Response:
    is_plain_ascii = (username + secret).isascii() and "LOGINDISABLED" not in protocol.capabilities
    if is_plain_ascii or "AUTH=PLAIN" not in protocol.capabilities:
        return await protocol.login(quoted(username), secret)  # which quotes the password itself
    return await protocol.authenticate("PLAIN", _plain(username, secret))


async def _by_token(protocol: Authenticating, username: str, token: str) -> aioimaplib.Response:
    answer = await protocol.authenticate("XOAUTH2", _bearer(username, token))
    if answer.result == "OK" or not (reason := _status(protocol.reason)):
        return answer
    return answer._replace(lines=[b"%b (status %b)" % (b" ".join(answer.lines), reason)])


def _status(challenge: bytes) -> bytes:
    """Return the status in a challenge that refuses a token, such as "401" for an expired one."""
    try:
        said = json.loads(base64.b64decode(challenge))
        return str(said["status"]).encode()[:20]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return b""
