"""Serve the registry's HTTP interface for reading; registry/http/manage.py has the writes.

    GET /api/styles                        every style: name, title, artist, aliases, preview
        /api/styles/NAME                   its card, versions and aliases
        /api/styles/NAME/resolve[?ref=]    the version that an alias or a number means; ETag
        /blobs/SHA256                      an immutable file by its digest; ETag, Range
        /api/events?since=N[&wait=S]       the changes after event N; waits for them, at most 25 s
        /health, /health/live, /health/ready
        /metrics                           for Prometheus
        /openapi.json                      the description of all this

Errors are problems (registry/http/problems.py). All reads of the store run in a thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import ETag, web

from registry.http import conditional
from registry.http.metrics import RegistryMetrics, prometheus
from registry.http.openapi import document
from registry.http.problems import count, number
from registry.store.blobs import DIGEST
from registry.store.events import LONGEST_WAIT, EventFeed
from registry.store.models import LIVE, StyleVersion, blob_path
from registry.store.store import Store
from styles.service.metrics import CONTENT_TYPE

#: Cache-Control of blobs, which never change: one year, the most that is honoured.
FOR_EVER = "public, max-age=31536000, immutable"
#: Cache-Control of a response that may be kept, but must be revalidated before use.
ASK_FIRST = "no-cache"


class ReadApi:
    """Handle reads of a store, its feed of events and its metrics."""

    def __init__(self, store: Store, feed: EventFeed, metrics: RegistryMetrics) -> None:
        self._store = store
        self._feed = feed
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.get("/api/styles", self.styles),
            web.get("/api/styles/{name}", self.style),
            web.get("/api/styles/{name}/resolve", self.resolve),
            web.get("/api/events", self.events),
            web.get("/blobs/{digest}", self.blob),
            web.get("/health/live", self.live),
            web.get("/health/ready", self.ready),
            web.get("/health", self.ready),
            web.get("/metrics", self.metrics),
            web.get("/openapi.json", self.openapi),
        ]

    async def styles(self, request: web.Request) -> web.Response:
        """Return the list of styles, an array."""
        summaries = await asyncio.to_thread(self._store.styles)
        return _json([asdict(summary) for summary in summaries])

    async def style(self, request: web.Request) -> web.Response:
        """Return one style."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        versions = [_version(version) for version in style.versions]
        return _json(asdict(style.summary) | {"card": asdict(style.live.card), "versions": versions})

    async def resolve(self, request: web.Request) -> web.Response:
        """Return the version that a job gets."""
        name, ref = request.match_info["name"], request.query.get("ref", LIVE)
        resolved = await asyncio.to_thread(self._store.resolve, name, ref)
        tag = f"{resolved.name}.{resolved.version}.{resolved.digest}"
        if conditional.is_known(request, tag):
            return conditional.not_modified(tag, ASK_FIRST)
        response = _json(asdict(resolved))
        response.etag = ETag(tag)
        return response

    async def events(self, request: web.Request) -> web.Response:
        """Return the changes after an event: the long poll."""
        since, wait = count(request, "since", 0), number(request, "wait", LONGEST_WAIT)
        changes = await self._feed.wait(since, wait)
        return _json({"events": [asdict(event) for event in changes.events], "last": changes.last})

    async def blob(self, request: web.Request) -> web.StreamResponse:
        """Send a file. Its digest may have `sha256:` in front or not."""
        digest = "sha256:" + request.match_info["digest"].lower().removeprefix("sha256:")
        blob = await asyncio.to_thread(self._store.blob, digest) if DIGEST.fullmatch(digest) else None
        if blob is None:
            raise web.HTTPNotFound(text=f"There is no blob {digest[:80]}.")
        self._metrics.blobs += 1
        return await conditional.send(request, blob, FOR_EVER)

    async def live(self, request: web.Request) -> web.Response:
        """Report that the process answers."""
        return _json({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """Report that the store answers. The shipped styles are in it before anything is served."""
        styles = await asyncio.to_thread(self._store.styles)
        return _json({"status": "ready", "styles": len(styles)})

    async def metrics(self, request: web.Request) -> web.Response:
        """Return counters and gauges."""
        styles, versions = await asyncio.to_thread(self._sizes)
        body = prometheus(self._metrics, waiting=self._feed.waiting, styles=styles, versions=versions)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def openapi(self, request: web.Request) -> web.Response:
        """Return the description of the interface."""
        return _json(document())

    def _sizes(self) -> tuple[int, int]:
        """Count the styles, and their versions."""
        styles = self._store.styles()
        return len(styles), sum(len(self._store.kept(style.name).versions) for style in styles)


def _version(version: StyleVersion) -> dict[str, Any]:
    values = asdict(version)
    del values["style"]
    return values | {"preview": blob_path(version.preview), "weights": blob_path(version.digest)}


def _json(value: Any) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": ASK_FIRST})
