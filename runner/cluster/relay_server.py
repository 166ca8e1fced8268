"""Accept the connections of launchers, have them prove themselves, and give each to its slot."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import Mapping

from runner.cluster import secure_connections
from runner.cluster.idle_connection import IdleConnection
from runner.cluster.relay_messages import VERSION, Hello, frame_to_hello, relay_frame
from runner.cluster.remote_launcher import RemoteLauncher
from runner.config import RayConfig
from runner.protocol.framing import READ_AHEAD, read_frame, write_frame
from styles.service.asyncio_tasks import TaskSet, cancel
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)

#: Connections that may prove themselves at once. All others are closed, so a flood takes no memory. Those in
#: the handshake of TLS do not count: only its timeout limits them.
MOST_UNPROVEN = 256
#: Reasons that are logged once each, since a launcher with a wrong secret tries again and again.
MOST_LOGGED = 100


class RelayServer:
    """Listen for the launchers of one balancer."""

    def __init__(self, config: RayConfig, environment: Mapping[str, str] = os.environ) -> None:
        """Read the secret or the files of TLS that `environment` names. Raises `ConfigError`."""
        self._config = config
        self._tls = (
            secure_connections.tls_context(environment, ssl.Purpose.CLIENT_AUTH) if config.tls else None
        )
        self._secret = b"" if config.tls else secure_connections.shared_secret(environment)
        self._launchers: dict[str, RemoteLauncher] = {}
        self._logged = BoundedDict[str, None](MOST_LOGGED)
        self._accepting = TaskSet()
        self._server: asyncio.Server
        #: Port that it listens on.
        self.port = config.port

    async def startup(self) -> None:
        """Listen, and log which protection holds. Raises OSError."""
        config = self._config
        self._server = await asyncio.start_server(
            self._begin, config.listen or config.host, config.port, limit=READ_AHEAD, ssl=self._tls,
            ssl_handshake_timeout=secure_connections.CONNECT_SECONDS if self._tls else None,
        )  # fmt: skip
        self.port = self._server.sockets[0].getsockname()[1]
        if config.tls:
            log.info("photos go to the nodes encrypted, by TLS with certificates on both ends")
        else:
            log.info(
                "photos go to the nodes in the clear, within %s, which the config declares private; "
                "nodes and balancer know each other by a shared secret",
                config.private_network,
            )

    async def shutdown(self) -> None:
        """Stop listening."""
        self._server.close()
        await cancel(*self._accepting)

    def register(self, ticket: str, launcher: RemoteLauncher) -> None:
        """Give launchers with this ticket to `launcher`."""
        self._launchers[ticket] = launcher

    def forget(self, ticket: str) -> None:
        """Refuse launchers with this ticket from now on."""
        self._launchers.pop(ticket, None)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._accepting) >= MOST_UNPROVEN:
            writer.transport.abort()
        else:
            self._accepting.start(self._accept(reader, writer))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(secure_connections.CONNECT_SECONDS):
                secure_connections.watch(writer)
                if not self._config.tls:
                    secure_connections.require_inside(str(self._config.private_network), writer)
                    await secure_connections.challenge(reader, writer, self._secret)
                hello = frame_to_hello(await read_frame(reader))
                if reason := self._refusal(hello):
                    await write_frame(writer, relay_frame("refused", reason=reason))
                    self._warn(f"a launcher on {hello.node} is refused: {reason}")
                    writer.close()
                    return
        except (OSError, EOFError, TimeoutError) as error:
            writer.transport.abort()
            self._warn(f"a connection to the relay is refused: {str(error) or 'it says nothing'}")
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        else:
            self._launchers[hello.ticket].join(IdleConnection(hello, reader, writer))

    def _refusal(self, hello: Hello) -> str:
        """Return why a launcher is not needed, or ""."""
        if hello.version != VERSION:
            return f"it has version {hello.version} of this project, and the balancer {VERSION}"
        return "" if hello.ticket in self._launchers else "no runner of this balancer needs it"

    def _warn(self, words: str) -> None:
        if words not in self._logged:
            self._logged[words] = None
            log.warning("%s", words)
