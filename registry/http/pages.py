"""The pages for people: the gallery, a style's own page, and where a style is published.

    GET /                           the gallery
        /styles/NAME                a style, large, its versions, and how to ask for it
        /styles/NAME/preview.jpg    the live version's preview, under an address that stays
        /upload                     where who is signed in publishes a style
        /login[?next=PATH]          where a person signs in; registry/http/auth.py takes the form
        /static/…                   the style sheet, the scripts and the icon
        /photos/…                   the photos that previews are painted from

Plain HTML, one style sheet and a few small modules of script, nothing from elsewhere, and a policy that holds
the pages to that. Without script everything can be read; trying a style and publishing one need it. What a
page does beyond reading, its script asks of the HTTP interface, as any program would.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.http import card_fields, conditional
from registry.http.auth import Authenticator
from registry.http.read import ASK_FIRST
from registry.store.models import blob_path
from registry.store.sessions import Session
from registry.store.store import Store
from styles.contract import StyleSummary
from styles.errors import UnknownStyle

PACKAGE = Path(__file__).parent.parent
#: What a page may do: show our pictures and those that its script made (`blob:`), run our scripts, call our
#: HTTP interface, send forms to us. No script may write HTML (`trusted-types`), whatever a card says.
POLICY = (
    "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
#: How many other styles a style's page shows.
NEIGHBOURS = 4
#: How much of a style's audit trail is read for the names of who published, lines.
LONGEST_TRAIL = 1000
#: The photo that previews are painted from; a page shows it under a preview of its shape.
BEFORE = "/photos/landscape.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailtoLink:
    """How a photo is sent to the bot."""

    address: str

    def link(self, style: str = "") -> str:
        """A `mailto:` address (RFC 6068) that opens a mail with the style's name as subject."""
        to = quote(self.address, safe="@")
        return f"mailto:{to}?subject={quote(style, safe='')}" if style else f"mailto:{to}"


class Pages:
    """The handlers of the pages, over a store and those who may write."""

    def __init__(
        self, store: Store, *, authenticator: Authenticator, address: str, default_style: str
    ) -> None:
        self._store = store
        self._authenticator = authenticator
        self._default = default_style
        self._templates = Environment(
            loader=FileSystemLoader(PACKAGE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"blob": blob_path, "kilobytes": _kilobytes}
        self._templates.globals |= {
            "letter": MailtoLink(address=address),
            "before": BEFORE,
            "default_style": default_style,
            "limits": card_fields.LIMITS,
            "pixel_ranges": card_fields.PIXEL_RANGES[1:],
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """What is served where."""
        return [
            web.get("/", self.gallery),
            web.get("/styles/{name}", self.style),
            web.get("/styles/{name}/preview.jpg", self.preview),
            web.get("/upload", self.upload),
            web.get("/login", self.login),
            web.static("/static", PACKAGE / "static"),
            web.static("/photos", PACKAGE / "validation" / "trial_photos"),
        ]

    async def gallery(self, request: web.Request) -> web.Response:
        """All styles, and what to do."""
        styles = await asyncio.to_thread(self._store.styles)
        first = next((style for style in styles if style.name == self._default), None)
        return self._page("gallery.html", styles=styles, first=first or next(iter(styles), None))

    async def style(self, request: web.Request) -> web.Response:
        """One style; for a name that is none, a page that helps to find the one that was meant.

        Who is signed in sees a retired style too, and can bring it back.
        """
        session = await self._authenticator.session(request)
        find = self._store.kept if session else self._store.style
        try:
            style = await asyncio.to_thread(find, request.match_info["name"])
        except UnknownStyle as error:
            return self._page("unknown.html", status=404, name=error.name[:80], near=error.near)
        values = {"style": style, "publishers": await asyncio.to_thread(self._publishers, style.name)}
        if style.retired:
            return self._own_page("retired.html", session, **values)
        others = _after(style.name, await asyncio.to_thread(self._store.styles))
        values |= {"live": style.live, "card": style.live.card, "others": others}
        return self._own_page("style.html", session, **values)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """The preview of what is live."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        blob = await asyncio.to_thread(self._store.blob, style.live.preview)
        if blob is None:
            raise web.HTTPNotFound(text=f"{style.name} has no preview.")
        return await conditional.send(request, blob, ASK_FIRST)

    async def upload(self, request: web.Request) -> web.Response:
        """The form to publish with, for who is signed in; for others the way in."""
        return self._own_page("upload.html", await self._authenticator.session(request))

    async def login(self, request: web.Request) -> web.Response:
        """The way in, and what was wrong with the last try."""
        values = {"next": request.query.get("next", "/upload"), "refused": request.query.get("refused", "")}
        return self._own_page("login.html", await self._authenticator.session(request), **values)

    def _publishers(self, name: str) -> dict[int, str]:
        """Who published a style's versions, as far back as is shown; "" for the shipped ones."""
        trail = self._store.audit(LONGEST_TRAIL, name)
        return {entry.version: entry.by for entry in trail if entry.action == "published"}

    def _own_page(self, template: str, session: Session | None, **values: Any) -> web.Response:
        """A page that is another one for who is signed in, so no cache may keep it."""
        response = self._page(template, session=session, **values)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": ASK_FIRST}
        text = self._templates.get_template(template).render({"session": None} | values)
        return web.Response(status=status, text=text, content_type="text/html", headers=headers)


def _after(name: str, styles: list[StyleSummary]) -> list[StyleSummary]:
    """The styles that follow one in the list, which goes round; so every page leads on to another."""
    place = next((i for i, style in enumerate(styles) if style.name == name), -1)
    return (styles[place + 1 :] + styles[: max(place, 0)])[:NEIGHBOURS]


def _kilobytes(size: int) -> str:
    return f"{max(round(size / 1000), 1):,} kB"
