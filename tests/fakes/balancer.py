"""A small balancer and registry over HTTP: it paints by returning the photo it was given, with a mark."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Self

from aiohttp import web

STYLES = ("mosaic", "starry-night", "the-scream")


class FakeBalancer:
    """`faults` are taken one a photo: (status, title, error class) is its answer."""

    def __init__(self, styles: tuple[str, ...] = STYLES) -> None:
        self.styles = styles
        self.faults: deque[tuple[int, str, str]] = deque()
        self.jobs: list[dict[str, str]] = []
        #: Cleared, every photo waits.
        self.may_paint = asyncio.Event()
        self.may_paint.set()
        self.asked = asyncio.Event()
        self.lists = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes([web.post("/v1/stylize", self._stylize), web.get("/api/styles", self._styles)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self.port = int(self._runner.addresses[0][1])
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    async def _stylize(self, request: web.Request) -> web.Response:
        photo = await request.read()
        self.jobs.append(dict(request.query))
        self.asked.set()
        await self.may_paint.wait()
        if self.faults:
            return _problem(*self.faults.popleft())
        if request.query["style"] not in self.styles:
            return _problem(404, "I know no such style.", "UnknownStyle")
        headers = {
            "X-Style-Version": "3",
            "X-Runner": "fake",
            "Server-Timing": "queue;dur=1.0, engine;dur=250.0",
        }
        return web.Response(body=painted(photo), content_type="image/jpeg", headers=headers)

    async def _styles(self, _request: web.Request) -> web.Response:
        self.lists += 1
        rows: list[dict[str, Any]] = [
            {"name": name, "title": name.title(), "artist": "", "year": "", "description": "",
             "preview": "", "aliases": {"live": 3}} for name in self.styles
        ]  # fmt: skip
        return web.json_response(rows)


def painted(photo: bytes) -> bytes:
    """What becomes of a photo."""
    return photo + b"painted"


def _problem(status: int, title: str, kind: str) -> web.Response:
    body = {"type": f"urn:mailbot:error:{kind}", "title": title, "status": status, "detail": "as told"}
    return web.json_response(body, status=status, content_type="application/problem+json")
