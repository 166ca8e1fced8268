"""Serve the pages for those who keep styles: their tokens, the audit trail, and two versions side by side.

Tokens and the audit trail are shown after a login only. Everybody may compare versions.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from registry.http.auth import Authenticator
from registry.http.pages.style_and_login_pages import Pages
from registry.http.problems import whole_number
from registry.store.access.roles import SCOPES
from registry.store.access.sessions import Session
from registry.store.proofs import PHOTOS
from registry.store.store import Store
from registry.store.style_versions import LIVE, PREVIOUS, STAGED, Style

#: Entries of the audit trail on one page.
ENTRIES = 200


class AdminPages:
    """Render these pages over a store, as `Pages` renders the others."""

    def __init__(self, store: Store, authenticator: Authenticator, pages: Pages) -> None:
        self._store = store
        self._authenticator = authenticator
        self._pages = pages

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [
            web.get("/tokens", self.tokens),
            web.get("/audit", self.audit),
            web.get("/styles/{name}/compare", self.compare),
        ]

    async def tokens(self, request: web.Request) -> web.Response:
        """Show the tokens that the person may see, and a form to make one."""
        session = await self._session(request)
        everybody = session.writer.reaches("registry")
        tokens = await asyncio.to_thread(self._store.tokens.list, None if everybody else session.person)
        scopes = [scope for scope in SCOPES if session.writer.reaches(scope)]
        return self._pages.page("tokens.html", session, tokens=tokens, everybody=everybody, scopes=scopes)

    async def audit(self, request: web.Request) -> web.Response:
        """Show who did what, of all styles or of one."""
        session = await self._session(request)
        style = request.query.get("style", "")[:64]
        entries = await asyncio.to_thread(self._store.audit, ENTRIES, style or None)
        return self._pages.page("audit.html", session, entries=entries, style=style, most=ENTRIES)

    async def _session(self, request: web.Request) -> Session:
        """Return the session of the person. Raises a redirect to the login form if nobody is signed in."""
        if session := await self._authenticator.session(request):
            return session
        raise web.HTTPSeeOther(f"/login?{urlencode({'next': request.path_qs})}")

    async def compare(self, request: web.Request) -> web.Response:
        """Show two versions of a style side by side, on the visitor's own photo too."""
        session = await self._authenticator.session(request)
        find = partial(self._store.kept_for, by=session.writer) if session else self._store.style
        style = await asyncio.to_thread(find, request.match_info["name"])
        old, new = _two(style)
        old, new = whole_number(request, "old", old, least=1), whole_number(request, "new", new, least=1)
        versions = {version.version: version for version in style.versions}
        if old not in versions or new not in versions:
            raise web.HTTPNotFound(text=f"{style.name} has the versions 1 to {style.versions[0].version}.")
        may = False
        if session:
            may = await asyncio.to_thread(self._store.may, style.name, session.writer)
        proofs = [await asyncio.to_thread(self._store.proof, style.name, number) for number in (old, new)]
        values: dict[str, Any] = {"style": style, "old": versions[old], "new": versions[new]}
        values |= {"may_change": may, "proofs": proofs, "photos": PHOTOS}
        return self._pages.page("compare.html", session, **values)


def _two(style: Style) -> tuple[int, int]:
    """Return the two versions that are compared by default: the live one, and the newest other one."""
    live = style.aliases.get(LIVE, style.versions[-1].version)
    staged = style.aliases.get(STAGED) or style.versions[0].version
    return (
        (live, staged) if staged != live else (style.aliases.get(PREVIOUS, style.versions[-1].version), live)
    )
