"""A small registry over real HTTP, which keeps its styles in memory and fails when it is told to.

async with FakeRegistry() as registry:
    style = registry.publish("mosaic", b"weights")
    client = RegistryClient(registry.url)
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from styles.contract import ResolvedStyle
from styles.formats import style_file


class FakeRegistry:
    """Styles by name and blobs by digest; every change is an event."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.port = port
        self._host = host
        self.url = ""
        self.broken = False  #: answers 500 to everything
        self.lying = False  #: its blobs are not what was asked for
        self.silent = asyncio.Event()  #: cleared, it answers nothing
        self.silent.set()
        self.asked: Counter[str] = Counter()  #: requests by path
        self._versions: dict[str, ResolvedStyle] = {}
        self._past: dict[str, ResolvedStyle] = {}  # by NAME@VERSION and NAME@ALIAS
        self._blobs: dict[str, bytes] = {}
        self._withdrawn: set[str] = set()
        self._events: list[dict[str, Any]] = []
        self._happened = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens; after a `stop`, at the same port."""
        app = web.Application(middlewares=[self._faults])
        app.router.add_get("/api/styles", self._styles)
        app.router.add_get("/api/styles/{name}/resolve", self._resolve)
        app.router.add_get("/api/events", self._feed)
        app.router.add_get("/blobs/{hex}", self._blob)
        app.router.add_get("/health/ready", self._ready)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://{self._host}:{self.port}"

    async def stop(self) -> None:
        """Closes the port: connections are refused."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def publish(
        self, name: str, weights: bytes, base: str = "", *, format: str = "safetensors"
    ) -> ResolvedStyle:
        """A new live version of a style; `base` is the weights' own digest if there is none."""
        hex = hashlib.sha256(weights).hexdigest()
        before = self._versions.get(name)
        style = ResolvedStyle(
            name=name,
            version=before.version + 1 if before else 1,
            digest=f"sha256:{hex}",
            base=base or f"sha256:{hex}",
            format=format,
            architecture="style-unet" if format == "safetensors" else format,
            bytes=len(weights),
        )
        self._blobs[hex] = weights
        self._versions[name] = self._past[f"{name}@{style.version}"] = style
        self._happens("published", style)
        return style

    def move(self, alias: str, style: ResolvedStyle) -> None:
        """An alias other than `live` goes to a version."""
        self._past[f"{style.name}@{alias}"] = style
        self._happens("promoted", style)

    def retire(self, name: str) -> None:
        """Nobody knows the style any more."""
        self._happens("retired", self._versions.pop(name))

    def withdraw(self, name: str) -> None:
        """The style is listed still, and none of its versions is live."""
        self._withdrawn.add(name)

    def publish_file(self, name: str, weights: Path) -> ResolvedStyle:
        """As `publish`, of a real style file, with its real base."""
        return self.publish(name, weights.read_bytes(), style_file.read(weights).base)

    def _happens(self, kind: str, style: ResolvedStyle) -> None:
        values = {"kind": kind, "style": style.name, "version": style.version}
        self._events.append({"seq": len(self._events) + 1, "at": "2026-01-01T00:00:00Z", **values})

    async def announce(self) -> None:
        """Wakes those who wait for events."""
        async with self._happened:
            self._happened.notify_all()

    @web.middleware
    async def _faults(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked[request.path] += 1
        await self.silent.wait()
        if self.broken:
            raise web.HTTPInternalServerError
        response: web.StreamResponse = await handler(request)
        return response

    async def _styles(self, request: web.Request) -> web.Response:
        empty = {"title": "", "artist": "", "year": "", "description": "", "preview": ""}
        rows = [
            {"name": s.name, **empty, "aliases": {} if s.name in self._withdrawn else {"live": s.version}}
            for s in self._versions.values()
        ]
        return web.json_response(rows)

    async def _resolve(self, request: web.Request) -> web.Response:
        name, ref = request.match_info["name"], request.query.get("ref", "live")
        style = self._versions.get(name) if ref == "live" else self._past.get(f"{name}@{ref}")
        if style is None:
            known = sorted(self._versions)
            return web.json_response({"title": "?", "near": known[:1], "known": known}, status=404)
        return web.json_response(asdict(style))

    async def _feed(self, request: web.Request) -> web.Response:
        since, wait = int(request.query["since"]), float(request.query["wait"])
        if since >= len(self._events):
            async with self._happened:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._happened.wait(), wait)
        return web.json_response({"events": self._events[since:], "last": len(self._events)})

    async def _blob(self, request: web.Request) -> web.Response:
        blob = self._blobs.get(request.match_info["hex"])
        if blob is None:
            raise web.HTTPNotFound
        return web.Response(body=b"something else" if self.lying else blob)

    async def _ready(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ready"})
