"""Check a card before its style is sent, so that a form can say what is wrong while it is filled in.

    POST /api/check    {"name": …, "title": …, …}, each as in a publication
      -> {"flaws": {FIELD: a sentence}, "versions": N, "card": that of the live version, or null,
          "refused": why the person who is signed in may not publish under the name, or ""}

`versions` is 0 for a new name. Nobody needs a token, and nothing is kept.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import web

from registry.http import card_fields, request_bodies
from registry.http.auth import Authenticator
from registry.http.card_fields import BadUpload
from registry.store.access.roles import NotAllowed, Writer
from registry.store.names.style_names import NAME, check_name
from registry.store.store import Store
from registry.store.style_versions import LIVE
from styles.errors import BadOption, UnknownStyle


class FormCheck:
    """Check cards against a store."""

    def __init__(self, store: Store, authenticator: Authenticator) -> None:
        self._store = store
        self._authenticator = authenticator

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [web.post("/api/check", self.check)]

    async def check(self, request: web.Request) -> web.Response:
        """Answer what is wrong with a card, and whether there is a style of its name."""
        body = await request_bodies.read(
            request, request_bodies.CardToCheck, '{"name": "candy", "title": "Candy"}'
        )
        session = await self._authenticator.session(request)
        writer = session.writer if session else None
        return web.json_response(await asyncio.to_thread(self._answer, body, writer))

    def _answer(self, body: request_bodies.CardToCheck, writer: Writer | None) -> dict[str, Any]:
        flaws = {}
        for field, value in body.model_dump(exclude_unset=True, exclude={"name"}).items():
            try:
                card_fields.changes({field: value})
            except BadUpload as error:
                flaws[field] = error.message
        try:
            if body.name:
                check_name(body.name)
                self._store.require_distinct(body.name)
        except BadOption as error:
            flaws["name"] = error.message
        refused = self._refused(body.name, writer)
        return {"flaws": flaws, "versions": 0, "card": None, "refused": refused} | self._known(body.name)

    def _refused(self, name: str, writer: Writer | None) -> str:
        try:
            if writer and NAME.fullmatch(name):
                self._store.require(name, writer, "stage")
        except NotAllowed as error:
            return error.message
        return ""

    def _known(self, name: str) -> dict[str, Any]:
        try:
            style = self._store.kept(name) if NAME.fullmatch(name) else None
        except UnknownStyle:
            style = None
        if style is None:
            return {}
        card = asdict(style.live.card) if LIVE in style.aliases else None
        return {"versions": style.versions[0].version, "card": card}
