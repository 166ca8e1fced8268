"""The registry's HTTP interface for programs that read; for those that write, see registry/http/manage.py.

    GET /api/styles                        every style: name, title, artist, aliases, preview
        /api/styles/NAME                   its card, versions and aliases
        /api/styles/NAME/resolve[?ref=]    what an alias or a version number means now; ETag
        /blobs/SHA256                      a file by its digest, for ever the same; ETag, Range
        /api/events?since=N[&wait=S]       what changed after event N; waits for it, at most 25 s
        /health, /health/live, /health/ready
        /metrics                           for Prometheus
        /openapi.json                      all of this, for programs

Errors are problems (registry/http/problems.py). Everything that reads the store does so in a thread.
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
from registry.store.models import LIVE, Style, StyleVersion, blob_path
from registry.store.store import Store
from styles.contract import ResolvedStyle
from styles.service.metrics import CONTENT_TYPE

#: A blob never changes; a browser need not even ask whether it did. One year, the longest that is honoured.
FOR_EVER = "public, max-age=31536000, immutable"
#: What may be kept, but not used without asking whether it still holds.
ASK_FIRST = "no-cache"


class ReadApi:
    """The handlers, over a store, its feed of events and what is counted."""

    def __init__(self, store: Store, feed: EventFeed, metrics: RegistryMetrics) -> None:
        self._store = store
        self._feed = feed
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
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
        """The list of styles, an array."""
        summaries = await asyncio.to_thread(self._store.styles)
        return _json([asdict(summary) for summary in summaries])

    async def style(self, request: web.Request) -> web.Response:
        """One style."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        return _json(_described(style))

    async def resolve(self, request: web.Request) -> web.Response:
        """The version that a job gets."""
        name, ref = request.match_info["name"], request.query.get("ref", LIVE)
        resolved = await asyncio.to_thread(self._store.resolve, name, ref)
        tag = _tag(resolved)
        if conditional.is_known(request, tag):
            return conditional.not_modified(tag, ASK_FIRST)
        response = _json(asdict(resolved))
        response.etag = ETag(tag)
        return response

    async def events(self, request: web.Request) -> web.Response:
        """The long poll."""
        since, wait = count(request, "since", 0), number(request, "wait", LONGEST_WAIT)
        changes = await self._feed.wait(since, wait)
        return _json({"events": [asdict(event) for event in changes.events], "last": changes.last})

    async def blob(self, request: web.Request) -> web.StreamResponse:
        """A file; its digest may be given with or without `sha256:`."""
        digest = "sha256:" + request.match_info["digest"].lower().removeprefix("sha256:")
        blob = await asyncio.to_thread(self._store.blob, digest) if DIGEST.fullmatch(digest) else None
        if blob is None:
            raise web.HTTPNotFound(text=f"There is no blob {digest[:80]}.")
        self._metrics.blobs += 1
        return await conditional.send(request, blob, FOR_EVER)

    async def live(self, request: web.Request) -> web.Response:
        """The process answers."""
        return _json({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """The store answers too; the shipped styles are in it before anything is served."""
        styles = await asyncio.to_thread(self._store.styles)
        return _json({"status": "ready", "styles": len(styles)})

    async def metrics(self, request: web.Request) -> web.Response:
        """Counters and gauges."""
        styles, versions = await asyncio.to_thread(self._sizes)
        body = prometheus(self._metrics, waiting=self._feed.waiting, styles=styles, versions=versions)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def openapi(self, request: web.Request) -> web.Response:
        """The description of the whole interface."""
        return _json(document())

    def _sizes(self) -> tuple[int, int]:
        """How many styles there are, and versions of them."""
        styles = self._store.styles()
        return len(styles), sum(len(self._store.kept(style.name).versions) for style in styles)


def _described(style: Style) -> dict[str, Any]:
    versions = [_version(version) for version in style.versions]
    return asdict(style.summary) | {"card": asdict(style.live.card), "versions": versions}


def _version(version: StyleVersion) -> dict[str, Any]:
    values = asdict(version)
    del values["style"]
    return values | {"preview": blob_path(version.preview), "weights": blob_path(version.digest)}


def _tag(resolved: ResolvedStyle) -> str:
    return f"{resolved.name}.{resolved.version}.{resolved.digest}"


def _json(value: Any) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": ASK_FIRST})
