"""Microsoft Graph's sendMail, which keeps what it gets, and misbehaves on command."""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from typing import Self

from aiohttp import web

#: Bytes of a request.
LIMIT = 4 * 2**20


class FakeGraph:
    """Takes mails at `port`, over HTTP. `received` are they, `users` whose they are.

    `faults` are taken one a request: "401 …", "429 …", "400 CODE", or "drop", which keeps the mail and hangs
    up before saying so.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.users: list[str] = []
        self.tokens: list[str] = []
        self.faults: deque[str] = deque()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * LIMIT)
        app.add_routes([web.post("/v1.0/{user:me|users/[^/]+}/sendMail", self._take)])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    async def wait_for(self, count: int) -> None:
        """Until `count` mails came in all."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: len(self.received) >= count)

    async def _take(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        body = await request.read()
        assert request.headers["Content-Type"] == "text/plain"
        fault = self.faults.popleft() if self.faults else ""
        if len(body) > LIMIT:
            fault = "413 RequestTooLarge"
        if fault and fault != "drop":
            status, code, *wait = fault.split()
            error = {"error": {"code": code, "message": "No mail of bot@outlook.com."}}
            headers = {"Retry-After": wait[0]} if wait else {}
            return web.json_response(error, status=int(status), headers=headers)
        async with self._arrived:
            self.received.append(base64.b64decode(body, validate=True))
            self.users.append(request.match_info["user"])
            self._arrived.notify_all()
        if fault == "drop" and request.transport:
            request.transport.close()
        return web.Response(status=202)
