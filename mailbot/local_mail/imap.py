"""Serve the accounts by IMAP, with pymap in this event loop. Every account has the same password."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from asyncio import StreamReader, StreamWriter

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.concurrent import Subsystem
from pymap.exceptions import AuthorizationFailure, InvalidAuth
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from mailbot.config import Local
from mailbot.local_mail.accounts import Accounts


class _Settings(Config):
    """Configure pymap without files, threads, or a question to the DNS for its own name."""

    def __init__(self) -> None:
        super().__init__(
            Namespace(),
            host=None,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),  # unused
            tls_enabled=False,
            proxy_protocol=ProxyProtocolNoop(),
        )

    @property
    def greeting(self) -> bytes:
        return b"The mail server to play with is ready."


class _OnePassword(Login):
    """Let everybody who knows the password into any account."""

    def __init__(self, config: Config, accounts: Accounts, password: str) -> None:
        super().__init__(config)
        self._accounts = accounts
        self._password = password

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Check the password, and open the account of the name. Raises `InvalidAuth`."""
        if not credentials.verify(UserMetadata(self.config, credentials.authcid, password=self._password)):
            raise InvalidAuth
        name = self._accounts.account(credentials.authcid)
        self.users_dict[name] = UserMetadata(self.config, name)
        self.config.set_cache[name] = (self._accounts.folders(name), FilterSet())
        return Identity(name, self, None, frozenset())

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        """Refuse any other account than that of the name. Raises `AuthorizationFailure`."""
        name = self._accounts.account(authzid)
        if name != authenticated.name:
            raise AuthorizationFailure
        return Identity(name, self, None, frozenset())


async def listen(accounts: Accounts, local: Local) -> asyncio.Server:
    """Listen at `imap_port`. Raises OSError.

    pymap's own service starts each connection as a task that nothing refers to, so the garbage collection may
    drop it. Here the connection's own task runs it, to which its transport refers.
    """
    config = _Settings()
    server = IMAPServer(_OnePassword(config, accounts, local.password), config)

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await server(reader, writer, SocketInfoLocal(writer))
        except ValueError:  # of asyncio: a line over 64 KiB, of which pymap knows nothing
            writer.close()

    return await asyncio.start_server(connected, local.host, local.imap_port)
