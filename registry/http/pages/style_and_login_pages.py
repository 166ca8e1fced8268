"""Serve the pages for people: each style, the upload form and the login.

The pages are plain HTML with one style sheet and a few small script modules. A policy forbids anything from
elsewhere. Without script everything can be read; trying a style and publishing one need script. Scripts use
the HTTP interface, as any program does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.gallery.bot_chats import BotChat
from registry.gallery.qr_code import qr_code
from registry.http import card_fields, conditional_requests
from registry.http.auth import Authenticator
from registry.http.routes import ASK_FIRST
from registry.store.access.sessions import Session
from registry.store.store import Store
from registry.store.style_versions import LIVE, blob_path
from styles.contract import StyleSummary
from styles.errors import UnknownStyle

PACKAGE = Path(__file__).parent.parent.parent
#: Content-Security-Policy of the pages. It allows pictures of this address and those that its script made
#: (`blob:`), its own scripts, its HTTP interface and its forms. No script may write HTML (`trusted-types`),
#: so text of a card never becomes HTML.
POLICY = (
    "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
#: Other styles that a style's page shows.
NEIGHBOURS = 4
#: The photo of the previews; a page shows it under a preview of its shape.
PREVIEW_PHOTO = "/photos/landscape.jpg"


def mailto(address: str, style: str = "") -> str:
    """Return a `mailto:` address (RFC 6068) for a mail with the style's name as subject."""
    to = quote(address, safe="@")
    return f"mailto:{to}?subject={quote(style, safe='')}" if style else f"mailto:{to}"


class Pages:
    """Render the pages over a store and its writers."""

    def __init__(
        self,
        store: Store,
        *,
        authenticator: Authenticator,
        address: str,
        default_style: str,
        chats: Callable[[str], Iterable[BotChat]] = lambda _style: (),
    ) -> None:
        """Take the bot's address, and what gives its chats by the name of a style."""
        self._store = store
        self._authenticator = authenticator
        self._templates = Environment(
            loader=FileSystemLoader(PACKAGE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "blob": blob_path,
            "kilobytes": lambda size: f"{max(round(size / 1000), 1):,} kB",
            "mailto": mailto,
            "qr_code": qr_code,
        }
        self._templates.globals |= {
            "address": address,
            "before": PREVIEW_PHOTO,
            "bot_chats": chats,
            "default_style": default_style,
            "limits": card_fields.LIMITS,
            "pixel_ranges": card_fields.PIXEL_RANGES[1:],
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [
            web.get("/styles/{name}", self.style),
            web.get("/styles/{name}/preview.jpg", self.preview),
            web.get("/upload", self.upload),
            web.get("/login", self.login),
            web.static("/static", PACKAGE / "static"),
            web.static("/photos", PACKAGE / "validation" / "trial_photos"),
        ]

    async def style(self, request: web.Request) -> web.Response:
        """Show one style; for an unknown name, a page with the nearest names.

        After a login a retired style is shown too, and can be brought back.
        """
        session = await self._authenticator.session(request)
        find = partial(self._store.kept_for, by=session.writer) if session else self._store.style
        try:
            style = await asyncio.to_thread(find, request.match_info["name"])
        except UnknownStyle as error:
            said = f"I know no style called “{error.name[:80]}”."
            heading = "Nothing of that name hangs here."
            page = self.page("lost.html", cache=ASK_FIRST, heading=heading, said=said, near=error.near)
            page.set_status(404)
            return page
        publishers = await asyncio.to_thread(self._store.publishers, style.name)
        people = await asyncio.to_thread(self._store.ownership, style.name)
        values: dict[str, Any] = {"style": style, "publishers": publishers, "people": people}
        writer = session.writer if session else None
        values["may_change"] = writer and await asyncio.to_thread(self._store.may, style.name, writer)
        values["may_choose"] = writer and (writer.reaches("registry") or writer.is_called(people.owner))
        if LIVE not in style.aliases:
            return self.page("retired.html", session, **values)
        others = _next_styles(style.name, await asyncio.to_thread(self._store.styles))
        if values["may_change"]:
            values["usage"] = await asyncio.to_thread(self._store.usage, style.name)
        values |= {"live": style.live, "card": style.live.card, "others": others}
        values["here"] = self._authenticator.origin(request)
        return self.page("style.html", session, **values)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """Send the preview of the live version."""
        style = await asyncio.to_thread(self._store.style, request.match_info["name"])
        blob = await asyncio.to_thread(self._store.blob, style.live.preview)
        if blob is None:
            raise web.HTTPNotFound(text=f"{style.name} has no preview.")
        return await conditional_requests.send(request, blob, ASK_FIRST)

    async def upload(self, request: web.Request) -> web.Response:
        """Show the form to publish with, or the login form."""
        return self.page("upload.html", await self._authenticator.session(request))

    async def login(self, request: web.Request) -> web.Response:
        """Show the login form, and why the last login failed."""
        values = {"next": request.query.get("next", "/upload"), "refused": request.query.get("refused", "")}
        return self.page("login.html", await self._authenticator.session(request), **values)

    def page(
        self, template: str, session: Session | None = None, *, cache: str = "no-store", **values: Any
    ) -> web.Response:
        """Render a page. No cache may keep one that depends on the login."""
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": cache}
        text = self._templates.get_template(template).render(values, session=session)
        return web.Response(text=text, content_type="text/html", headers=headers)


def _next_styles(name: str, styles: list[StyleSummary]) -> list[StyleSummary]:
    """Return the styles after one in the list, which starts again at its end."""
    place = next((i for i, style in enumerate(styles) if style.name == name), -1)
    return (styles[place + 1 :] + styles[: max(place, 0)])[:NEIGHBOURS]
