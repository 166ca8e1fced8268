"""Serve the page on which a painting becomes a style. Its script calls registry/http/learning/routes.py."""

from __future__ import annotations

from aiohttp import web

from registry.http.auth import Authenticator
from registry.http.pages.style_and_login_pages import Pages


class LearningPage:
    """Render the page, as `Pages` renders the others."""

    def __init__(self, authenticator: Authenticator, pages: Pages) -> None:
        self._authenticator = authenticator
        self._pages = pages

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [web.get("/learn", self.learn)]

    async def learn(self, request: web.Request) -> web.Response:
        """Show the form, or the login form."""
        return self._pages.page("learn.html", await self._authenticator.session(request))
