"""A real SMTP server that keeps what it gets, and misbehaves on command."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.mailbot.servers import tokens

#: Larger than any answer (aiosmtpd's own limit is 32 MiB).
SIZE_LIMIT = 100 * 2**20


class Sink:
    """`received` are the mails as they came over the wire.

    `faults` are taken one a mail: "451 …" or "550 …" is the answer to its DATA, "rcpt 550 …" to its RCPT,
    "mail 550 …" to its MAIL, and "drop" keeps the mail but hangs up before saying so.
    Mail for an address that ends like one of `refused` is never taken.
    """

    host = "127.0.0.1"

    def __init__(self, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._starttls = starttls
        self._tls = tls
        self.envelopes: list[Envelope] = []
        #: Those of them that were kept without saying so.
        self.dropped: list[Envelope] = []
        self.faults: deque[str] = deque()
        self.refused: tuple[str, ...] = ()
        #: The answer to every DATA, if it is not empty.
        self.not_now = ""
        #: Cleared, the server thinks about each mail before it takes it; `is_thinking` tells of that.
        self.may_take = asyncio.Event()
        self.may_take.set()
        self.is_thinking = asyncio.Event()
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []
        #: What clients said at AUTH XOAUTH2.
        self.tokens: list[str] = []
        self._arrived = asyncio.Condition()
        self._servers: list[SMTP] = []
        #: Set when a client has taken its leave.
        self.hung_up = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.listen(0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def listen(self, port: int) -> None:
        """On a port; once more after `stop_listening`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self.host, port, ssl=self._tls)

    def stop_listening(self) -> None:
        """And hang up on everybody."""
        self._server.close()
        self.hang_up_all()

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        for server in self._servers:
            hang_up(server)
            if server._handler_coroutine is not None:
                server._handler_coroutine.cancel()
                await asyncio.gather(server._handler_coroutine, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def received(self) -> list[bytes]:
        return [bytes(envelope.original_content or b"") for envelope in self.envelopes]

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, _class=EmailMessage, policy=policy.default) for raw in self.received]

    async def wait_for(self, count: int, seconds: float = 40) -> list[EmailMessage]:
        """Until `count` mails came in all."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(self.envelopes) >= count)
        return self.messages

    def hang_up_all(self) -> None:
        """Reset every connection."""
        for server in self._servers:
            hang_up(server)

    async def until_idle(self) -> None:
        """Until no connection is open, and what came over them is in `received`."""
        tasks = [server._handler_coroutine for server in self._servers if server._handler_coroutine]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults and self.faults[0].startswith("mail "):
            return self.faults.popleft().removeprefix("mail ")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.faults and self.faults[0].startswith("rcpt "):
            return self.faults.popleft().removeprefix("rcpt ")
        if self.refused and address.endswith(self.refused):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.is_thinking.set()
        await self.may_take.wait()
        fault = self.not_now or (self.faults.popleft() if self.faults else "")
        if fault and fault != "drop":
            return fault
        async with self._arrived:
            self.envelopes.append(envelope)
            self._arrived.notify_all()
        if fault == "drop":
            self.dropped.append(envelope)
            hang_up(server)
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        self.hung_up.set()
        return "221 Bye"

    def _protocol(self) -> SMTP:
        self.connections += 1
        settings: dict[str, Any] = {"tls_context": self._starttls, "require_starttls": bool(self._starttls)}
        # The hooks alone: it looks at all that a handler has, and would read all mails at each connection.
        hooks = {name: getattr(self, name) for name in dir(self) if name.startswith(("handle_", "auth_"))}
        server = SMTP(
            SimpleNamespace(**hooks),
            data_size_limit=SIZE_LIMIT,
            hostname="sink.example",
            authenticator=self._login,
            auth_require_tls=False,
            **settings,
        )
        self._servers.append(server)
        return server

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        """Refuses a token by a challenge that says why, and waits for an empty line, as Gmail does."""
        said = base64.b64decode(args[1]).decode()
        self.tokens.append(said)
        user, token = said.removeprefix("user=").removesuffix("\1\1").split("\1auth=Bearer ")
        if tokens.is_valid(token, user):
            return AuthResult(success=True)
        answer = await server.challenge_auth(b'{"status":"401","schemes":"Bearer"}')
        assert answer == b""
        return AuthResult(success=False, handled=False)

    def _login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, login: LoginPassword
    ) -> AuthResult:
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"secret", handled=False)


def hang_up(server: SMTP) -> None:
    """Reset its connection."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
