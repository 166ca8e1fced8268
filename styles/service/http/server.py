"""Serve an aiohttp application to clients that may be slow, broken or hostile.

aiohttp waits for the rest of a header for an hour, and reads the body of a refused request for ten seconds.
It logs a malformed request with a traceback. Here a header that stands still is ended, the body of a refused
request is not read on, and a malformed request is one line.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from styles.service.problems import MEDIA_TYPE
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Seconds from a connection, or the first byte of a header, to the header's end.
HEADER_SECONDS = 20.0
#: Seconds for which an idle connection is kept: longer than nginx keeps its own to a server, 60.
IDLE_SECONDS = 75.0
#: Seconds for a client to read a refusal while it still sends. Closed at once, it could lose the answer.
REFUSED_SECONDS = 2.0
#: The same where the body is read until then: some programs read the answer only after they have sent all.
DRAIN_SECONDS = 10.0


class HardenedHandler(RequestHandler):
    """Handle the requests of one connection."""

    def __init__(self, manager: web.Server, *, drains: bool = False, **options: Any) -> None:
        """Take the server. `drains`: read the body of a refused request for some seconds."""
        super().__init__(
            manager,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=DRAIN_SECONDS if drains else REFUSED_SECONDS,
            access_log=None,  # type: ignore[arg-type]  # as web.AppRunner takes it
            **options,
        )
        self._header_end: asyncio.TimerHandle | None = None
        self._drains = drains
        self._refusing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to wait for the first header."""
        super().connection_made(transport)
        self._expect_header()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wait for nothing more."""
        self._forget_header()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes. If they leave the handler waiting, they are a part of a header."""
        if self._refusing:
            return
        super().data_received(data)
        if self._waiter is None or self._waiter.done():
            self._forget_header()
        elif self._header_end is None and data:
            self._expect_header()

    def resume_reading(self, *options: Any, **named: Any) -> None:
        """Go on reading, unless a request was refused."""
        if not self._refusing:
            super().resume_reading(*options, **named)

    async def finish_response(self, request: web.BaseRequest, resp: web.StreamResponse, *rest: Any) -> Any:
        """Send a response. After a refusal nothing more is read."""
        is_refusal = resp.status >= 400 and not request.content.is_eof() and not self._drains
        if is_refusal and not resp.prepared:
            resp.force_close()
        done = await super().finish_response(request, resp, *rest)
        if is_refusal:
            self.pause_reading()
            self._refusing = True
        return done

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a malformed request by a problem, and log one line; other errors as aiohttp does."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        reason = plain(" ".join(exc.message.split()))[:120]
        log.info("malformed request from %s: %s", request.remote, reason)
        problem = {"type": "about:blank", "title": "Bad Request", "status": status, "detail": reason}
        response = web.json_response(problem, status=status, content_type=MEDIA_TYPE)
        response.force_close()
        return response

    def _expect_header(self) -> None:
        self._header_end = self._loop.call_later(HEADER_SECONDS, self.force_close)

    def _forget_header(self) -> None:
        if self._header_end:
            self._header_end.cancel()
            self._header_end = None


class HardenedRunner(web.AppRunner):
    """Run an application whose sites make their connections as `HardenedHandler`."""

    def __init__(self, app: web.Application, *, drains: bool = False, **options: Any) -> None:
        """Take the application. `drains`: read the body of a refused request for some seconds."""
        super().__init__(app, access_log=None, **options)
        self._drains = drains

    @property
    def server(self) -> Any:
        """What a site calls for each connection."""
        server = super().server
        if server is None:
            return None
        drains = self._drains
        return lambda: HardenedHandler(server, drains=drains, loop=asyncio.get_running_loop())
