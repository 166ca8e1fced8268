"""Serve styles, their cards and aliases, events, the audit trail, blobs, health and metrics over HTTP.

docs/http.md and /openapi.json describe the requests. All writes and the audit trail need a writer
(registry/http/auth.py). Errors are problems (registry/http/problems.py). The store is read in a thread.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from aiohttp import ETag, web

from registry.blobs.blob import DIGEST
from registry.client import BLOB_KEY
from registry.gallery.style_search import SORTS, StyleSearch, find
from registry.http import card_fields, conditional_requests, request_bodies
from registry.http.auth import Authenticator
from registry.http.metrics import RegistryMetrics, prometheus
from registry.http.openapi import ENTRIES, MOST_ENTRIES, MOST_STYLES, document
from registry.http.problems import number, whole_number
from registry.store.events import LONGEST_WAIT, EventFeed
from registry.store.store import Store
from registry.store.style_versions import LIVE, StyleVersion, blob_path
from styles.contract import ResolvedStyle
from styles.service.metrics import CONTENT_TYPE

#: Cache-Control of blobs, which never change: one year, the most that is honoured.
FOR_EVER = "public, max-age=31536000, immutable"
#: The same of blobs that are not everybody's.
NEVER = "private, no-store"
#: Cache-Control of a response that may be kept, but must be revalidated before use.
ASK_FIRST = "no-cache"


class Api:
    """Handle requests for a store, its feed of events and its metrics."""

    def __init__(
        self, store: Store, feed: EventFeed, metrics: RegistryMetrics, authenticator: Authenticator
    ) -> None:
        self._store = store
        self._feed = feed
        self._metrics = metrics
        self._authenticator = authenticator

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.get("/api/styles", self.styles),
            web.get("/api/styles/{name}", self.style),
            web.delete("/api/styles/{name}", self.retire),
            web.get("/api/styles/{name}/resolve", self.resolve),
            web.put("/api/styles/{name}/aliases/{alias}", self.promote),
            web.delete("/api/styles/{name}/aliases/{alias}", self.remove_alias),
            web.get("/api/styles/{name}/card", self.card),
            web.patch("/api/styles/{name}/card", self.edit_card),
            web.post("/api/styles/{name}/rollback", self.rollback),
            web.get("/api/events", self.events),
            web.get("/api/audit", self.audit),
            web.get("/blobs/{digest}", self.blob),
            web.get("/health/live", self.live),
            web.get("/health/ready", self.ready),
            web.get("/health", self.ready),
            web.get("/metrics", self.metrics),
            web.get("/openapi.json", self.openapi),
        ]

    async def styles(self, request: web.Request) -> web.Response:
        """Return the list of styles, an array: all of them, or those that were searched."""
        wanted = _wanted(request)
        found = await asyncio.to_thread(find, self._store, wanted)
        shown = found.styles if wanted.page <= found.pages else ()
        response = _json([asdict(summary) for summary in shown])
        response.headers["X-Total-Count"] = str(found.found)
        return _tagged(request, response)

    async def style(self, request: web.Request) -> web.Response:
        """Return one style."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        people = await asyncio.to_thread(self._store.ownership, style.name)
        versions = [_version(version) for version in style.versions]
        return _json(
            asdict(style.summary) | {"card": asdict(style.live.card), "versions": versions} | asdict(people)
        )

    async def resolve(self, request: web.Request) -> web.Response:
        """Return the version that a job gets."""
        name, ref = request.match_info["name"], request.query.get("ref", LIVE)
        resolved = await asyncio.to_thread(self._store.resolve, name, ref)
        tag = _tag(resolved)
        if conditional_requests.is_known(request, tag):
            return conditional_requests.not_modified(tag, ASK_FIRST)
        response = _json(asdict(resolved))
        response.etag = ETag(tag)
        return response

    async def card(self, request: web.Request) -> web.Response:
        """Return the card of a version."""
        name, ref = request.match_info["name"], request.query.get("ref", LIVE)
        return _json(asdict(await asyncio.to_thread(self._store.card, name, ref)))

    async def events(self, request: web.Request) -> web.Response:
        """Return the changes after an event: the long poll."""
        since, wait = whole_number(request, "since", 0), number(request, "wait", LONGEST_WAIT)
        changes = await self._feed.wait(since, wait)
        return _json({"events": [asdict(event) for event in changes.events], "last": changes.last})

    async def blob(self, request: web.Request) -> web.StreamResponse:
        """Send a file to who may read it. Its digest may have `sha256:` in front or not."""
        digest = "sha256:" + request.match_info["digest"].lower().removeprefix("sha256:")
        blob = await asyncio.to_thread(self._store.blob, digest) if DIGEST.fullmatch(digest) else None
        is_open = blob is not None and await asyncio.to_thread(self._store.is_open_blob, digest)
        if blob is None or not (is_open or await self._may_read(request, digest)):
            raise web.HTTPNotFound(text=f"There is no blob {digest[:80]}.")
        self._metrics.blobs += 1
        return await conditional_requests.send(request, blob, FOR_EVER if is_open else NEVER)

    async def _may_read(self, request: web.Request, digest: str) -> bool:
        """Tell whether a request may have a blob that is not everybody's. Raises for a wrong token."""
        reader = await self._authenticator.reader(request)
        key = request.headers.get(BLOB_KEY, "")
        return await asyncio.to_thread(self._store.may_read_blob, digest, key, reader)

    async def live(self, request: web.Request) -> web.Response:
        """Report that the process answers."""
        return _json({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """Report that the store answers. The shipped styles are in it before anything is served."""
        styles, _ = await asyncio.to_thread(self._store.sizes)
        return _json({"status": "ready", "styles": styles})

    async def metrics(self, request: web.Request) -> web.Response:
        """Return counters and gauges."""
        styles, versions = await asyncio.to_thread(self._store.sizes)
        body = prometheus(self._metrics, waiting=self._feed.waiting, styles=styles, versions=versions)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def openapi(self, request: web.Request) -> web.Response:
        """Return the description of the interface."""
        return _json(document())

    async def promote(self, request: web.Request) -> web.Response:
        """Point an alias at a version."""
        writer, names = await self._authenticator.writer(request), request.match_info
        body = await request_bodies.read(request, request_bodies.AliasTarget, '{"version": 3}')
        promote = partial(self._store.promote, alias=names["alias"], since=body.from_ or None, by=writer)
        return _resolved(await self._store.writes(lambda: promote(names["name"], body.version)))

    async def remove_alias(self, request: web.Request) -> web.Response:
        """Remove an alias."""
        writer, names = await self._authenticator.writer(request), request.match_info
        remove = self._store.remove_alias
        await self._store.writes(lambda: remove(names["name"], names["alias"], by=writer))
        return web.Response(status=204)

    async def edit_card(self, request: web.Request) -> web.Response:
        """Change the card of a version, by default of the live one."""
        writer, name = await self._authenticator.writer(request), request.match_info["name"]
        body = await request_bodies.read(request, request_bodies.CardChanges, '{"title": "Candy"}')
        changes = card_fields.changes(body.model_dump(exclude_unset=True, exclude={"version"}))
        edit = partial(self._store.edit_card, version=body.version, by=writer)
        return _json(asdict(await self._store.writes(lambda: edit(name, changes))), "no-store")

    async def rollback(self, request: web.Request) -> web.Response:
        """Exchange `live` and `previous`, if `live` is where the body or If-Match says."""
        writer, name = await self._authenticator.writer(request), request.match_info["name"]
        body = await request_bodies.read(request, request_bodies.RollbackBody, '{"from": 3}', needed=False)
        rollback = partial(self._store.rollback, name, by=writer)
        if not request.if_match:
            return _resolved(await self._store.writes(lambda: rollback(since=body.from_ or None)))
        live = await asyncio.to_thread(self._store.resolve, name)
        if not any(tag.value in (_tag(live), "*") for tag in request.if_match):
            raise web.HTTPPreconditionFailed(
                text=f"{name} is at version {live.version}. Nothing was changed."
            )
        return _resolved(await self._store.writes(lambda: rollback(since=live.version)))

    async def retire(self, request: web.Request) -> web.Response:
        """Retire a style."""
        writer, name = await self._authenticator.writer(request), request.match_info["name"]
        await self._store.writes(lambda: self._store.retire(name, by=writer))
        return web.Response(status=204)

    async def audit(self, request: web.Request) -> web.Response:
        """Return entries of the audit trail."""
        await self._authenticator.writer(request)
        limit = whole_number(request, "limit", ENTRIES, least=1, most=MOST_ENTRIES)
        entries = await asyncio.to_thread(self._store.audit, limit, request.query.get("style"))
        return _json([asdict(entry) for entry in entries], "no-store")


def _version(version: StyleVersion) -> dict[str, Any]:
    values = asdict(version)
    del values["name"]
    return values | {"preview": blob_path(version.preview), "weights": blob_path(version.digest)}


def _tag(version: ResolvedStyle) -> str:
    """Return the ETag's value of a resolved version."""
    return f"{version.name}.{version.version}.{version.digest}"


def _resolved(version: ResolvedStyle) -> web.Response:
    return _json(asdict(version), "no-store")


def _wanted(request: web.Request) -> StyleSearch:
    """Return what a program searches, by default all styles by name. Raises 400."""
    wanted = StyleSearch.of(request.query)
    sort = request.query.get("sort", "" if wanted.q else "name")
    if sort not in ("", "name", *SORTS):
        raise web.HTTPBadRequest(text=f"The list is sorted by name, {', '.join(SORTS)}, not {sort!r:.40}.")
    page = whole_number(request, "page", 1, least=1, most=MOST_STYLES)
    limit = whole_number(request, "limit", 0, most=MOST_STYLES)
    return replace(wanted, sort=sort, page=page, limit=limit)


def _tagged(request: web.Request, response: web.Response) -> web.Response:
    """Give a list its ETag, or answer that the client has it. It is weak: the list may be compressed."""
    tag = hashlib.sha256(response.body if isinstance(response.body, bytes) else b"").hexdigest()[:32]
    if conditional_requests.is_known(request, tag):
        return conditional_requests.not_modified(tag, ASK_FIRST, is_weak=True)
    response.etag = ETag(tag, is_weak=True)
    return response


def _json(value: Any, cache: str = ASK_FIRST) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": cache})
