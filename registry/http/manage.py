"""Serve the writes besides publishing, and the audit trail.

    PUT    /api/styles/NAME/aliases/ALIAS   {"version": N}   -> 200, the version as /resolve returns it
    POST   /api/styles/NAME/rollback        exchange `live` and `previous` -> 200, the same
    DELETE /api/styles/NAME                 retire a style -> 204
    GET    /api/audit[?limit=N][&style=]    the audit trail, newest first

All need a writer (registry/http/auth.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from aiohttp import web

from registry.http.auth import Authenticator
from registry.http.problems import count
from registry.store.events import EventFeed
from registry.store.store import Store
from styles.contract import ResolvedStyle

#: Entries of the audit trail in one answer: by default, and at most.
ENTRIES, MOST_ENTRIES = 100, 1000

T = TypeVar("T")


class ManageApi:
    """Handle writes to a store, and wake its feed of events."""

    def __init__(self, store: Store, feed: EventFeed, authenticator: Authenticator) -> None:
        self._store = store
        self._feed = feed
        self._authenticator = authenticator

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.put("/api/styles/{name}/aliases/{alias}", self.promote),
            web.post("/api/styles/{name}/rollback", self.rollback),
            web.delete("/api/styles/{name}", self.retire),
            web.get("/api/audit", self.audit),
        ]

    async def promote(self, request: web.Request) -> web.Response:
        """Point an alias at a version."""
        person = await self._authenticator.writer(request)
        name, alias = request.match_info["name"], request.match_info["alias"]
        version = await _version(request)
        return _resolved(
            await self._change(lambda: self._store.promote(name, version, alias=alias, by=person))
        )

    async def rollback(self, request: web.Request) -> web.Response:
        """Exchange `live` and `previous`."""
        person, name = await self._authenticator.writer(request), request.match_info["name"]
        return _resolved(await self._change(lambda: self._store.rollback(name, by=person)))

    async def retire(self, request: web.Request) -> web.Response:
        """Retire a style."""
        person, name = await self._authenticator.writer(request), request.match_info["name"]
        await self._change(lambda: self._store.retire(name, by=person))
        return web.Response(status=204)

    async def audit(self, request: web.Request) -> web.Response:
        """Return entries of the audit trail."""
        await self._authenticator.writer(request)
        limit = count(request, "limit", ENTRIES, least=1, most=MOST_ENTRIES)
        entries = await asyncio.to_thread(self._store.audit, limit, request.query.get("style"))
        body = [asdict(entry) for entry in entries]
        return web.json_response(body, headers={"Cache-Control": "no-store"})

    async def _change(self, change: Callable[[], T]) -> T:
        """Change the store, and wake the callers that wait for events."""
        try:
            return await self._store.writes(change)
        finally:
            self._feed.wake()


def _resolved(version: ResolvedStyle) -> web.Response:
    return web.json_response(asdict(version), headers={"Cache-Control": "no-store"})


async def _version(request: web.Request) -> int:
    """Return the version that the body names."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text='The body is JSON, application/json: {"version": 3}.')
    try:
        body: Any = await request.json()
    except (ValueError, LookupError, RecursionError) as error:  # invalid JSON, unknown charset, too deep
        raise web.HTTPBadRequest(text=f"The body is no JSON: {str(error)[:100]}") from error
    version = body.get("version") if isinstance(body, dict) and len(body) == 1 else None
    if isinstance(version, float) and version.is_integer():
        version = int(version)  # to JSON 3.0 is 3
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise web.HTTPUnprocessableEntity(text='The body names a version and nothing else: {"version": 3}.')
    return version
