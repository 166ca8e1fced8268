"""Log in to an IMAP server: LOGIN, or AUTHENTICATE with PLAIN or XOAUTH2.

    ImapProtocol   the protocol, with an AUTHENTICATE that answers challenges
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
from mailbot.transport.imap_protocol import ImapProtocol, in_base64
from mailbot.transport.imap_text import quoted

#: Letters of a secret that are searched in a server's answer. Fewer would match ordinary words.
SHOWN = 4


async def log_in(protocol: ImapProtocol, username: str, credentials: Credentials) -> aioimaplib.Response:
    """Log in and return the server's last answer, which may be NO, without secrets. Raises `NoToken`."""
    if isinstance(credentials, Password):
        answer = await _by_password(protocol, username, credentials.secret)
        plain = _plain(username, credentials.secret)
        return _scrubbed(answer, credentials.secret, quoted(credentials.secret)[1:-1], in_base64(plain))
    token = await credentials.get()
    answer = await _by_token(protocol, username, token)
    if answer.result == "NO":
        token = await credentials.get(refused=token)
        answer = await _by_token(protocol, username, token)
    return _scrubbed(answer, token, in_base64(_bearer(username, token)))


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


async def _by_password(protocol: ImapProtocol, username: str, secret: str) -> aioimaplib.Response:
    is_plain_ascii = (username + secret).isascii() and "LOGINDISABLED" not in protocol.capabilities
    if is_plain_ascii or "AUTH=PLAIN" not in protocol.capabilities:
        return await protocol.login(quoted(username), secret)  # which quotes the password itself
    return await protocol.authenticate("PLAIN", _plain(username, secret))


async def _by_token(protocol: ImapProtocol, username: str, token: str) -> aioimaplib.Response:
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
