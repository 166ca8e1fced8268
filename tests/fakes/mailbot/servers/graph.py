"""Microsoft Graph's sendMail, which keeps what it gets, and misbehaves on command."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import deque
from typing import Self

from aiohttp import web

#: Bytes of a request.
LIMIT = 4 * 2**20


class FakeGraph:
    """Takes mails at `port`, over HTTP. `received` are they, `users` whose they are.

    While `answers` is not set it keeps mails and says nothing. `faults` are taken one a request: "401 …",
    "429 …", "400 CODE", or "drop", which keeps the mail and hangs up before saying so.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.users: list[str] = []
        self.tokens: list[str] = []
        self.faults: deque[str] = deque()
        self.answers = asyncio.Event()
        self.answers.set()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * LIMIT)
        app.add_routes([web.post("/v1.0/{user:me|users/[^/]+}/sendMail", self._take)])
        self._runner = web.AppRunner(app, shutdown_timeout=1)
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

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        body = await request.read()
        assert request.headers["Content-Type"] == "text/plain"
        fault = self.faults.popleft() if self.faults else ""
        if len(body) > LIMIT:
            fault = "413 RequestTooLarge"
        if fault and fault != "drop":
            status, code, *wait = fault.split()
            headers = {"Retry-After": wait[0]} if wait else {}
            return await _refuse(request, int(status), code, headers)
        async with self._arrived:
            self.received.append(base64.b64decode(body, validate=True))
            self.users.append(request.match_info["user"])
            self._arrived.notify_all()
        await self.answers.wait()
        if fault == "drop" and request.transport:
            request.transport.close()
        return web.Response(status=202)


async def _refuse(
    request: web.Request, status: int, code: str, headers: dict[str, str]
) -> web.StreamResponse:
    """Answers in two pieces, as a proxy on the way may cut it."""
    error = json.dumps({"error": {"code": code, "message": "No mail of bot@outlook.com."}}).encode()
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = "application/json"
    await response.prepare(request)
    await response.write(error[:12])
    await asyncio.sleep(0.05)  # else both pieces come at once
    await response.write(error[12:])
    await response.write_eof()
    return response
