"""Call an IMAP server so that each call has a timeout and notices a lost connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable
from typing import Any, TypeVar

import aioimaplib

from mailbot.config import Imap
from mailbot.transport.imap_protocol import ImapClient
from mailbot.transport.tls import advice
from styles.service.asyncio_tasks import cancel

T = TypeVar("T")


class ImapError(ConnectionError):
    """Report that the server fell silent or hung up. The connection cannot be used again."""


class CommandRefused(ImapError):
    """Report NO or BAD to one command. The connection can still be used."""


class ImapCalls:
    """Wrap an aioimaplib client so that its calls end, or raise an `ImapError` that says why not."""

    def __init__(self, settings: Imap, timeout: float) -> None:
        self._settings = settings
        self._timeout = timeout
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        tls = ssl.create_default_context(cafile=settings.ca_file) if settings.tls == "tls" else None
        self._client = ImapClient(settings.host, settings.port, None, timeout, self._connection_lost, tls)

    async def drop(self) -> None:
        """Hang up at once, and end the library's tasks. Cancelled meanwhile, it has hung up all the same."""
        protocol = self._client.protocol
        if self._client._idle_waiter is not None:
            self._client._idle_waiter.cancel()
        try:
            await cancel(self._client._client_task, *self._client.tasks, *protocol.tasks)
        finally:
            if protocol.transport is not None:
                protocol.transport.abort()
        if protocol.transport is not None:
            await asyncio.wait({self._lost}, timeout=1)  # the loop reports the loss in its next turns

    async def _ok(self, name: str, call: Awaitable[Any], *, timed: bool = True) -> list[Any]:
        """Return the lines of an answer that is OK."""
        answer = await self._answer(name, call, timed=timed)
        if answer.result != "OK":
            reason = bytes(answer.lines[-1]).decode(errors="replace") if answer.lines else ""
            raise CommandRefused(f"{name} was answered {answer.result} {reason}")
        return list(answer.lines)

    async def _answer(self, name: str, call: Awaitable[T], *, timed: bool = True) -> T:
        task = asyncio.ensure_future(call)
        both: list[asyncio.Future[Any]] = [task, self._lost]
        limit = self._timeout if timed else None
        try:
            await asyncio.wait(both, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        except (OSError, TimeoutError, aioimaplib.AioImapException) as error:
            words = advice(error, "mail.imap") or str(error) or type(error).__name__
            raise ImapError(f"{name} failed: {words}") from error
        finally:
            task.cancel()
        raise ImapError(f"{name}: {'the connection was lost' if self._lost.done() else 'no answer'}")

    async def _first_of(self, seconds: float, *events: asyncio.Event) -> None:
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait([*waits, self._lost], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel(*waits)
        if self._lost.done():
            raise ImapError("the connection was lost while waiting for mail")

    def _connection_lost(self, _error: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)
