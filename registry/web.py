"""The pages for people: the gallery, a style's own page, and its preview by name.

    GET /                           the gallery
        /styles/NAME                a style, large, and how to ask for it
        /styles/NAME/preview.jpg    the live version's preview, under an address that stays
        /static/…                   the style sheet and the icon

Plain HTML and one style sheet: no script, nothing from elsewhere, and a policy that holds it to that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry import delivery
from registry.api import ASK_FIRST
from registry.store import Store
from registry.versions import blob_path
from styles.contract import StyleSummary
from styles.errors import UnknownStyle

ROOM = Path(__file__).parent
#: What a page may load: our pictures and our style sheet. No script, no frame, no form.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: How many other styles a style's page shows.
NEIGHBOURS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """How a photo is sent to the bot."""

    address: str

    def link(self, style: str = "") -> str:
        """A `mailto:` address (RFC 6068) that opens a mail with the style's name as subject."""
        to = quote(self.address, safe="@")
        return f"mailto:{to}?subject={quote(style, safe='')}" if style else f"mailto:{to}"


class Pages:
    """The handlers of the pages, over a store."""

    def __init__(self, store: Store, *, address: str, default_style: str) -> None:
        self._store = store
        self._default = default_style
        self._templates = Environment(
            loader=FileSystemLoader(ROOM / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"blob": blob_path, "kilobytes": _kilobytes}
        self._templates.globals |= {"letter": Letter(address=address)}

    def routes(self) -> list[web.AbstractRouteDef]:
        """What is served where."""
        return [
            web.get("/", self.gallery),
            web.get("/styles/{name}", self.style),
            web.get("/styles/{name}/preview.jpg", self.preview),
            web.static("/static", ROOM / "static"),
        ]

    async def gallery(self, request: web.Request) -> web.Response:
        """All styles, and what to do."""
        styles = await asyncio.to_thread(self._store.styles)
        first = next((style for style in styles if style.name == self._default), None)
        return self._page("gallery.html", styles=styles, first=first or next(iter(styles), None))

    async def style(self, request: web.Request) -> web.Response:
        """One style; for a name that is none, a page that helps to find the one that was meant."""
        try:
            style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        except UnknownStyle as error:
            return self._page("unknown.html", status=404, name=error.name[:80], near=error.near)
        others = _after(style.name, await asyncio.to_thread(self._store.styles))
        return self._page("style.html", style=style, live=style.live, card=style.live.card, others=others)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """The preview of what is live."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        blob = await asyncio.to_thread(self._store.blob, style.live.preview)
        if blob is None:
            raise web.HTTPNotFound(text=f"{style.name} has no preview.")
        return await delivery.send(request, blob, ASK_FIRST)

    def _page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": ASK_FIRST}
        text = self._templates.get_template(template).render(values)
        return web.Response(status=status, text=text, content_type="text/html", headers=headers)


def _after(name: str, styles: list[StyleSummary]) -> list[StyleSummary]:
    """The styles that follow one in the list, which goes round; so every page leads on to another."""
    place = next((i for i, style in enumerate(styles) if style.name == name), -1)
    return (styles[place + 1 :] + styles[: max(place, 0)])[:NEIGHBOURS]


def _kilobytes(size: int) -> str:
    return f"{max(round(size / 1000), 1):,} kB"
