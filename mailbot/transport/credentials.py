"""Provide the bot's credentials for a mail server: a password, or an OAuth 2.0 token.

The token comes from the login that `mailbot login` left, or from another program or its file. The bot asks
for it at each connection, and once more when the server refuses it.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mailbot.config import Login, Mail
from mailbot.oauth.login_file import LoginFile, NoToken
from mailbot.oauth.tokens import access_token
from styles.service.config import ConfigError

#: Seconds that a token is used before it is asked for again. Those of the large providers live an hour, and a
#: command that keeps its own is quick to repeat it.
KEEP_SECONDS = 60.0
#: Seconds that a token command may take, since it asks a server too. Less than the timeout of a login.
COMMAND_SECONDS = 20.0

#: Environment variables of the two passwords.
IMAP_PASSWORD, SMTP_PASSWORD = "MAILBOT_IMAP_PASSWORD", "MAILBOT_SMTP_PASSWORD"

#: Gets a token that is not the refused one, where one is given. Raises `NoToken`.
Source = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Password:
    """Hold a password that is not shown by mistake."""

    secret: str = field(repr=False)


class OAuthToken:
    """Keep the access token of `source` for all connections."""

    def __init__(self, source: Source, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._kept = ""
        self._asked_at = 0.0
        self._asking = asyncio.Lock()

    async def get(self, refused: str = "") -> str:
        """Return a token of the last minute that is not the one `refused`. Raises `NoToken`."""
        async with self._asking:
            is_fresh = self._clock() - self._asked_at < KEEP_SECONDS
            if not (self._kept and is_fresh) or self._kept == refused:
                self._kept = await self._source(refused)
                self._asked_at = self._clock()
            if self._kept == refused:
                raise NoToken("the server refuses the token, and there is no newer one")
            return self._kept


Credentials = Password | OAuthToken


def to_read(mail: Mail, environment: Mapping[str, str] = os.environ) -> Credentials:
    """Return the credentials of the mailbox, if one is polled. Raises `ConfigError` without a password."""
    if mail.is_local:
        return Password(mail.local.password)
    if not mail.has_mailbox:
        return Password("")
    return _of(mail, mail.effective_imap, IMAP_PASSWORD, "mail.imap.host", environment)


def to_send(mail: Mail, environment: Mapping[str, str] = os.environ) -> Credentials:
    """Return the credentials of the SMTP server, empty where it needs none. Raises as `to_read`."""
    if not (mail.effective_smtp.username or mail.effective_smtp.graph):
        return Password("")
    if mail.provider and not environment.get(SMTP_PASSWORD):  # one account, one password
        return _of(mail, mail.effective_smtp, IMAP_PASSWORD, "mail.provider", environment)
    return _of(mail, mail.effective_smtp, SMTP_PASSWORD, "mail.smtp.username", environment)


def _of(mail: Mail, login: Login, variable: str, key: str, environment: Mapping[str, str]) -> Credentials:
    if login.auth == "xoauth2":
        return OAuthToken(token_source(mail, login))
    secret = environment.get(variable, "")
    if not secret:
        raise ConfigError(f"{variable} is not set, and {key} needs it.")
    if not secret.isprintable():
        raise ConfigError(f"{variable} holds a line break, or something else that cannot be printed.")
    return Password(secret)


def token_source(mail: Mail, login: Login) -> Source:
    """Return the source of tokens that the config names. Raises `ConfigError` where nobody has logged in."""
    if login.token_file is not None:
        file = login.token_file
        return lambda _refused: asyncio.to_thread(_from_file, file)
    if login.token_command:
        return partial(_from_command, shlex.split(login.token_command))
    if not mail.login_file.exists():
        raise ConfigError(f"Nobody has logged in yet: run `mailbot login {mail.provider or 'PROVIDER'}`.")
    kept = LoginFile(mail.login_file)
    return lambda refused: asyncio.to_thread(access_token, kept, login.graph, refused)


def _from_file(file: Path) -> str:
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NoToken(f"the token file cannot be read: {type(error).__name__}") from error
    return _first_line(text, "the token file")


async def _from_command(command: list[str], _refused: str) -> str:
    """Run the command and return its token. Its stderr is discarded, because it may hold secrets."""
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    except OSError as error:
        raise NoToken(f"the token command cannot be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError as error:
        raise NoToken(f"the token command takes more than {COMMAND_SECONDS:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NoToken(f"the token command ended with code {process.returncode}; run it by hand to see why")
    return _first_line(output.decode(errors="replace"), "the token command")


def _first_line(text: str, where: str) -> str:
    token = text.strip().partition("\n")[0].strip()
    if not token:
        raise NoToken(f"{where} gives no token")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise NoToken(f"the first line of {where} is no token")
    return token
