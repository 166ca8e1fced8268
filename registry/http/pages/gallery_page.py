"""Serve the gallery: a page of the styles that were found, and the ways to find others."""

from __future__ import annotations

import asyncio

from aiohttp import web

from registry.gallery.style_search import SORTS, Listing, StyleSearch, find
from registry.http.pages.style_and_login_pages import Pages
from registry.http.routes import ASK_FIRST
from registry.store.store import Store
from styles.contract import StyleSummary
from styles.errors import UnknownStyle


class GalleryPage:
    """Render the gallery over a store, as `Pages` renders the other pages."""

    def __init__(self, store: Store, pages: Pages, default_style: str) -> None:
        self._store = store
        self._pages = pages
        self._default = default_style

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [web.get("/", self.gallery)]

    async def gallery(self, request: web.Request) -> web.Response:
        """Show styles; on the first page, before any search, what to do as well."""
        listing, first = await asyncio.to_thread(self._find, StyleSearch.of(request.query))
        return self._pages.page("gallery.html", cache=ASK_FIRST, listing=listing, first=first, sorts=SORTS)

    def _find(self, wanted: StyleSearch) -> tuple[Listing, StyleSummary | None]:
        """Return the listing, and the style that is shown large, if the visitor has asked for nothing yet."""
        listing = find(self._store, wanted)
        if wanted != StyleSearch() or not listing.styles:
            return listing, None
        try:
            return listing, self._store.style(self._default).summary
        except UnknownStyle:
            return listing, listing.styles[0]
