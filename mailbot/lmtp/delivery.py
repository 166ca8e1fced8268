"""Answer the commands of LMTP (RFC 2033), each recipient with a reply of its own.

    250     the mail is in spool and ledger, on the disk; also where it was there before
    4xx     it is not, and the mail server keeps it: the disk is full, the bot stops, the ledger fails
    5xx     it never will be: the address is not one of the bot's, or the mail is too large

One mail to several addresses of the bot is one mail in the ledger, and is answered once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, AnyStr

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailbot.parsing.headers import without_tag
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.browser_refusal import NoWebServer

log = logging.getLogger(__name__)

#: Seconds for spool and ledger; on a full disk they wait for room. Mail servers wait ten minutes for a reply.
ACCEPT_SECONDS = 15.0
#: Mails that come in at a time. Each is held in memory three times over; the others wait before their 354.
AT_ONCE = 4

TAKEN = "250 2.0.0 Taken; it will be answered."
KNOWN = "250 2.0.0 Taken before."
NO_ROOM = "452 4.3.1 The disk is full or slow: keep the mail, and try again."
FAILED = "451 4.3.0 The ledger fails: keep the mail, and try again."
STOPPING = "421 4.3.2 The bot stops: keep the mail, and try again."
NOT_OURS = "550 5.1.1 This is no address of the bot: see [mail] address and aliases."

#: Puts a mail into the ledger; returns False if it was there. Raises the ledger's errors.
AcceptMail = Callable[[RawMessage], Awaitable[bool]]
#: Characters of an address that could end a header field.
_BREAKS = re.compile(r"[\x00-\x20\x7f<>]")


class LmtpConnection(NoWebServer, LMTP):
    """Speak LMTP on one connection; its handler is an `LmtpDelivery`."""

    #: Bytes of a line. RFC 5322 allows 998, but mail with longer ones is passed on by many servers.
    line_length_limit = 2**20
    _due = 1  #: replies to what comes next

    async def push(self, status: AnyStr) -> None:
        """Send a reply, and to a mail one for each recipient, also where aiosmtpd refuses it (RFC 2033)."""
        due, self._due = self._due, 1
        line = status if isinstance(status, bytes) else status.encode()
        if line.startswith(b"354") and self.envelope:
            self._due = len(self.envelope.rcpt_tos)
        await super().push(line if b"\r\n" in line else b"\r\n".join([line] * due))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection, to be closed when the bot stops."""
        super().connection_made(transport)
        self.event_handler.connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        self.event_handler.connections.discard(self.transport)
        super().connection_lost(error)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd finds commands by these names
        """Begin a mail, unless the bot stops."""
        if self.event_handler.is_stopping:
            await self.push(STOPPING)
        else:
            await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Receive a mail when there is room for it in memory."""
        async with self.event_handler.receiving():
            await super().smtp_DATA(arg)


class LmtpDelivery:
    """Put mails for the addresses `own` into the ledger, by `accept`."""

    def __init__(self, own: Collection[str], accept: AcceptMail) -> None:
        self._own = {without_tag(address) for address in own}
        self._accept = accept
        self._room = asyncio.Semaphore(AT_ONCE)
        self._under_way = 0
        self._idle = asyncio.Event()
        self.connections: set[asyncio.BaseTransport] = set()
        self.is_stopping = False

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[None]:
        """Hold room for one mail, from its first byte to the reply."""
        self._under_way += 1
        try:
            async with self._room:
                yield
        finally:
            self._under_way -= 1
            self._idle.set()

    async def stop(self, seconds: float) -> None:
        """Begin no mail any more, give those under way `seconds`, and close all connections."""
        self.is_stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:
                    self._idle.clear()
                    await self._idle.wait()
        for transport in tuple(self.connections):
            transport.close()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient that is an address of the bot, with or without a tag."""
        if without_tag(address) not in self._own:
            return NOT_OURS
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Put the mail into the ledger, and return a line for each recipient."""
        content = envelope.original_content or b""
        body = delivered(content, envelope.mail_from or "", envelope.rcpt_tos)
        outcome = await self._outcome(RawMessage(body=body, size=len(body)))
        return "\r\n".join([outcome] * len(envelope.rcpt_tos))

    async def handle_exception(self, error: Exception) -> str:
        """Have the mail server keep the mail after an error of the code; aiosmtpd would say 500."""
        log.error("LMTP met an unexpected error: %s", type(error).__name__)
        log.debug("in full", exc_info=error)
        return FAILED

    async def _outcome(self, raw: RawMessage) -> str:
        try:
            async with asyncio.timeout(ACCEPT_SECONDS):
                return TAKEN if await self._accept(raw) else KNOWN
        except TimeoutError:
            log.warning("a mail stays with the mail server: the disk is full or slow")
            return NO_ROOM
        except (OSError, sqlite3.Error) as error:
            log.error("a mail stays with the mail server: %s: %s", type(error).__name__, error)  # noqa: TRY400 - one line
            return FAILED


def delivered(content: bytes, sender: str, recipients: Sequence[str]) -> bytes:
    """Return the mail with its envelope as header fields, as RFC 5321 (4.4) asks of the last server.

    By `Return-Path` a bounce is known, and `Delivered-To` may name a style: `bot+mosaic@example.org`.
    """
    fields = [("Return-Path", f"<{_plain(sender)}>"), *(("Delivered-To", _plain(to)) for to in recipients)]
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in fields) + content


def _plain(address: str) -> str:
    return _BREAKS.sub("", address)


def connection(delivery: LmtpDelivery, most: int, **settings: Any) -> LmtpConnection:
    """Return a new connection that takes mails of at most `most` bytes."""
    return LmtpConnection(
        delivery,
        data_size_limit=most,
        enable_SMTPUTF8=True,
        hostname="localhost",
        ident="LMTP of the painting bot",
        **settings,
    )
