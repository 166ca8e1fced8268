"""Serve the page on which a painting becomes a style. Its script calls registry/http/learning/routes.py."""

from __future__ import annotations

import asyncio

from aiohttp import web

from registry.http.auth import Authenticator
from registry.http.pages.style_and_login_pages import Pages
from registry.store.store import Store


class LearningPage:
    """Render the page, as `Pages` renders the others."""

    def __init__(self, authenticator: Authenticator, store: Store, pages: Pages) -> None:
        self._authenticator = authenticator
        self._store = store
        self._pages = pages

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [web.get("/learn", self.learn)]

    async def learn(self, request: web.Request) -> web.Response:
        """Show the form, and what was learnt from the person's paintings; or the login form."""
        session = await self._authenticator.session(request)
        own = await asyncio.to_thread(self._store.own_styles, session.writer) if session else []
        return self._pages.page("learn.html", session, own=own)
