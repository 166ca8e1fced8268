"""The registry's HTTP interface for programs.

    GET /api/styles                        every style: name, title, artist, aliases, preview
        /api/styles/NAME                   its card, versions and aliases
        /api/styles/NAME/resolve[?ref=]    what an alias or a version number means now; ETag
        /blobs/SHA256                      a file by its digest, for ever the same; ETag, Range
        /api/events?since=N[&wait=S]       what changed after event N; waits for it, at most 25 s
        /health, /health/live, /health/ready

Errors are problems (registry/problems.py). Everything that reads the store does so in a thread.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import asdict
from typing import Any

from aiohttp import ETag, web

from registry import delivery
from registry.blobs import DIGEST
from registry.events import LONGEST_WAIT, EventFeed
from registry.store import Store
from registry.versions import LIVE, Style, StyleVersion, blob_path
from styles.contract import ResolvedStyle

#: A blob never changes; a browser need not even ask whether it did. One year, the longest that is honoured.
FOR_EVER = "public, max-age=31536000, immutable"
#: What may be kept, but not used without asking whether it still holds.
ASK_FIRST = "no-cache"


class Api:
    """The handlers, over a store and its feed of events."""

    def __init__(self, store: Store, feed: EventFeed) -> None:
        self._store = store
        self._feed = feed

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
        if delivery.is_known(request, tag):
            return delivery.not_modified(tag, ASK_FIRST)
        response = _json(asdict(resolved))
        response.etag = ETag(tag)
        return response

    async def events(self, request: web.Request) -> web.Response:
        """The long poll."""
        since, wait = _number(request, "since", 0), _number(request, "wait", LONGEST_WAIT)
        changes = await self._feed.wait(int(since), wait)
        return _json({"events": [asdict(event) for event in changes.events], "last": changes.last})

    async def blob(self, request: web.Request) -> web.StreamResponse:
        """A file; its digest may be given with or without `sha256:`."""
        digest = "sha256:" + request.match_info["digest"].lower().removeprefix("sha256:")
        blob = await asyncio.to_thread(self._store.blob, digest) if DIGEST.fullmatch(digest) else None
        if blob is None:
            raise web.HTTPNotFound(text=f"There is no blob {digest[:80]}.")
        return await delivery.send(request, blob, FOR_EVER)

    async def live(self, request: web.Request) -> web.Response:
        """The process answers."""
        return _json({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """The store answers too; the shipped styles are in it before anything is served."""
        styles = await asyncio.to_thread(self._store.styles)
        return _json({"status": "ready", "styles": len(styles)})


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


def _number(request: web.Request, key: str, default: float) -> float:
    """A number of the query, 0 or more and one that SQLite can hold."""
    text = request.query.get(key)
    try:
        number = default if text is None else float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 2**53:
        raise web.HTTPBadRequest(text=f"{key} must be a number, 0 or more, not {text!r:.40}.")
    return number
