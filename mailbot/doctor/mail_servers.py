"""Check what both mail servers have in common: the name, the secret, the connection and the login."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from mailbot.config import Imap, Mail, Smtp
from mailbot.doctor.check_runner import CheckFailed, CheckWarning
from mailbot.oauth.login_file import NoToken
from mailbot.providers import PROVIDERS
from mailbot.transport.credentials import Credentials, OAuthToken, Password
from mailbot.transport.tls import advice, causes
from styles.service.config import ConfigError

#: Seconds that a server has to answer. A person waits for the doctor.
TIMEOUT = 10.0


class MailServer:
    """Check a mail server's name and secret, and describe its connection and login.

    `table` is the server's in config.toml. The checks raise `CheckFailed`.
    """

    def __init__(
        self, mail: Mail, login: Imap | Smtp, table: str, find_credentials: Callable[[], Credentials]
    ) -> None:
        self.mail = mail
        self.table = table
        self.place = f"{login.host}:{login.port}"
        #: Empty until `secret` has found those of the config.
        self.credentials: Credentials = Password("")
        self._host, self._username = login.host, login.username
        self._find_credentials = find_credentials
        #: Hangs up at its end.
        self.closing = AsyncExitStack()

    async def name(self) -> str:
        """Check that the host resolves to addresses."""
        try:
            return f"{ipaddress.ip_address(self._host)} is an address already"
        except ValueError:
            loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            remedy = f"mend [{self.table}] host, or this machine's name service"
            raise CheckFailed(f"{self._host} does not resolve to an address", remedy) from error
        return f"{self._host} is {', '.join(sorted({str(address[0]) for *_, address in found}))}"

    async def secret(self) -> str:
        """Check that there is a password or a token, and keep it."""
        try:
            credentials = self._find_credentials()
            began = time.monotonic()
            if isinstance(credentials, OAuthToken):
                await credentials.get()
        except ConfigError as error:
            words, _, remedy = str(error).rstrip(".").partition(": ")
            raise CheckFailed(words, remedy or "put it into the environment of the bot") from error
        except NoToken as error:
            words, _, remedy = str(error).partition(": ")
            raise CheckFailed(words, remedy or "see token_command and token_file in the config") from error
        self.credentials = credentials
        if isinstance(credentials, Password):
            return "there is a password"
        return f"there is a token, after {time.monotonic() - began:.1f} s"

    def unreached(self, error: Exception) -> CheckFailed:
        """Return why there is no connection, as the error to raise."""
        if said := advice(error, self.table):
            words, _, remedy = said.rpartition(": ")
            return CheckFailed(words or said, remedy if words else "")
        remedy = f"mend host and port in [{self.table}], or start that server"
        if self.mail.is_local:
            remedy = "start it: mailbot up"
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes(error)):
            return CheckFailed(f"nobody listens at {self.place}", remedy)
        if any(isinstance(cause, TimeoutError) for cause in causes(error)) or "no answer" in str(error):
            return CheckFailed(f"{self.place} does not answer within {TIMEOUT:.0f} s", remedy)
        return CheckFailed(f"no connection with {self.place}: {error}", remedy)

    def encryption(self, version: str | None) -> str | CheckWarning:
        """Describe the connection by its TLS version, which is None without TLS."""
        if version:
            return f"{self.place} speaks {version.replace('v', ' ')}, and its certificate is in order"
        if self._is_loopback():
            return f"{self.place} answers; not encrypted, but on this machine"
        words = "answers, but nothing is encrypted: passwords and photos can be read on their way"
        return CheckWarning(f"{self.place} {words}", f'set tls in [{self.table}] to anything but "none"')

    def refused(self, answer: object) -> CheckFailed:
        """Return the error to raise for a login that the server refused with this answer."""
        provider = PROVIDERS.get(self.mail.provider)
        remedy = provider.login if provider else "mend username or secret"
        return CheckFailed(f"{self._username} is refused: {answer}", remedy)

    def _is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self._host).is_loopback
        except ValueError:
            return self._host == "localhost"
