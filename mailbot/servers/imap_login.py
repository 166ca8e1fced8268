"""Logging in to an IMAP server: LOGIN, or AUTHENTICATE with PLAIN or XOAUTH2.

    Authenticating   the protocol, with an AUTHENTICATE that answers challenges
    log_in           by the way that fits the credentials and the server

aioimaplib's own XOAUTH2 hangs on a bad token: the server then sends a challenge, which tells the reason, and
waits for an empty line before it says NO (https://developers.google.com/gmail/imap/xoauth2-protocol). Here
every challenge is answered: with the response, where the server did not take that at once, then with nothing.

PLAIN (RFC 4616) is for servers that forbid LOGIN, and for what is not ASCII: LOGIN says not in which charset.
"""

from __future__ import annotations

import base64
import binascii
import json

import aioimaplib

from mailbot.servers.credentials import Credentials, Password
from mailbot.servers.imap_text import quoted


class Authenticating(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """The part of a protocol that knows AUTHENTICATE."""

    #: What is to be said to the next challenge.
    _response = b""
    #: The last challenge that there was nothing to say to: why a token is refused.
    reason = b""

    async def authenticate(self, mechanism: str, response: bytes) -> aioimaplib.Response:
        """The answer to AUTHENTICATE, be it NO."""
        encoded = base64.b64encode(response)
        words = [mechanism]
        if "SASL-IR" in self.capabilities:  # RFC 4959: saves a round trip
            words.append(encoded.decode())
        else:
            self._response = encoded
        self.reason = b""
        command = aioimaplib.Command("AUTHENTICATE", self.new_tag(), *words, loop=self.loop)
        answer = await self.execute(command, scrub=encoded.decode())
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
    """The server's last word, be it NO. Raises `NoToken`."""
    if isinstance(credentials, Password):
        return await _by_password(protocol, username, credentials.secret)
    token = await credentials.get()
    answer = await _by_token(protocol, username, token)
    if answer.result == "NO":
        answer = await _by_token(protocol, username, await credentials.get(refused=token))
    return answer


async def _by_password(protocol: Authenticating, username: str, secret: str) -> aioimaplib.Response:
    is_plain_ascii = (username + secret).isascii() and "LOGINDISABLED" not in protocol.capabilities
    if is_plain_ascii or "AUTH=PLAIN" not in protocol.capabilities:
        return await protocol.login(quoted(username), secret)  # which quotes the password itself
    return await protocol.authenticate("PLAIN", f"\0{username}\0{secret}".encode())


async def _by_token(protocol: Authenticating, username: str, token: str) -> aioimaplib.Response:
    response = f"user={username}\1auth=Bearer {token}\1\1"
    answer = await protocol.authenticate("XOAUTH2", response.encode())
    if answer.result == "OK" or not (reason := _status(protocol.reason)):
        return answer
    return answer._replace(lines=[b"%b (status %b)" % (b" ".join(answer.lines), reason)])


def _status(challenge: bytes) -> bytes:
    """Of the JSON in a challenge that refuses a token: "401" for one that is void or expired, say."""
    try:
        said = json.loads(base64.b64decode(challenge))
        return str(said["status"]).encode()[:20]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return b""
