"""Paint a visitor's own photo in a style, by the balancer, from the style's page.

    POST /api/styles/NAME/try[?ref=REF]     the photo  ->  the painted picture, image/jpeg; X-Style-Version

REF is an alias or the number of a version, by default `live`.

The photo is passed on as it arrives, and never decoded here. A visitor may have one photo at a time with the
balancer. Mail has no such limit, but a sender's name, and turns.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from registry.http.auth import address_of
from registry.store.names.style_names import NAME
from registry.store.queries import VERSION
from registry.store.style_versions import LIVE
from registry.store.version_aliases import ALIAS
from styles.errors import BalancerUnavailable, Busy, DeadlineExceeded, ImageTooLarge, NotAnImage, UnknownStyle
from styles.service.problems import error_in
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: What a visitor can do while the balancer is away; the log has the error.
AGAIN = "Try again in a minute. A mail is painted as soon as the painters are back."
#: Most bytes of a photo. A phone's have 3 to 12 MB; a larger one can be mailed.
LARGEST_PHOTO = 20_000_000
#: The only media type that is passed back. A browser must get nothing else from this address.
PAINTED = "image/jpeg"
#: Seconds from the first byte of the photo to the picture. The balancer's own deadline is 120.
PAINT_SECONDS = 150.0
#: Seconds to connect to the balancer, which is near.
CONNECT_SECONDS = 5.0
#: Photos of all visitors that are with the balancer at once.
AT_ONCE = 8
#: Seconds after which a visitor should try again: a photo takes about one.
RETRY_AFTER = 2.0


class Tryout:
    """Handle visitors' photos by the balancer at a URL."""

    def __init__(self, balancer_url: str, *, proxied: bool = False) -> None:
        """Take the balancer's URL. `proxied`: a reverse proxy reports the visitors' addresses."""
        self._url, self._proxied = balancer_url.rstrip("/") + "/v1/stylize", proxied
        #: Addresses of visitors whose photo is being painted.
        self._visitors: set[str] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [web.post("/api/styles/{name}/try", self.paint)]

    async def paint(self, request: web.Request) -> web.Response:
        """Return the photo, painted in a version. The balancer's own problems pass through."""
        if (request.content_length or 0) > LARGEST_PHOTO:
            raise ImageTooLarge(f"at most {LARGEST_PHOTO:,} bytes")
        if not request.can_read_body:
            raise NotAnImage("the body of the request is empty")
        with self._turn(address_of(request, proxied=self._proxied)) as visitor:
            query = {"style": _style(request), "sender": f"page {visitor}"}
            try:
                return await self._ask(query, request.content)
            except TimeoutError as error:
                raise DeadlineExceeded(f"no answer within {PAINT_SECONDS:g} s") from error
            except aiohttp.ClientError as error:
                if isinstance(error.__cause__, ImageTooLarge):  # raised by `_within_limit`
                    raise error.__cause__ from None
                log.warning("the balancer cannot be reached: %s: %s", type(error).__name__, plain(str(error)))
                raise BalancerUnavailable(AGAIN) from error

    async def _ask(self, query: dict[str, str], photo: aiohttp.StreamReader) -> web.Response:
        timeout = aiohttp.ClientTimeout(total=PAINT_SECONDS, sock_connect=CONNECT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, params=query, data=_within_limit(photo), allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise error_in(await answer.read(), answer.status)
            if answer.content_type != PAINTED:
                log.warning("the balancer sent an answer of type %s", plain(answer.content_type))
                raise BalancerUnavailable(AGAIN)
            kept = {"Cache-Control": "no-store", "X-Style-Version": answer.headers.get("X-Style-Version", "")}
            return web.Response(body=await answer.read(), content_type=PAINTED, headers=kept)

    @contextmanager
    def _turn(self, visitor: str) -> Iterator[str]:
        """Hold the visitor's turn. Raises `Busy` if they have one already, or all are taken."""
        if visitor in self._visitors:
            raise Busy(RETRY_AFTER, "another photo from your address is being painted")
        if len(self._visitors) >= AT_ONCE:
            raise Busy(RETRY_AFTER, f"{AT_ONCE} visitors' photos are being painted")
        self._visitors.add(visitor)
        try:
            yield visitor
        finally:
            self._visitors.discard(visitor)


def _style(request: web.Request) -> str:
    """Return the style, or its version, that is asked for. Raises `UnknownStyle` for malformed names."""
    name, ref = request.match_info["name"], request.query.get("ref", LIVE)
    asked = name if ref == LIVE else f"{name}@{ref}"
    if not NAME.fullmatch(name) or not (ALIAS.fullmatch(ref) or VERSION.fullmatch(ref)):
        raise UnknownStyle(asked)
    return asked


async def _within_limit(body: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Read a request's body. Raises `ImageTooLarge` where it grows too large, announced or not."""
    size = 0
    async for chunk in body.iter_any():
        size += len(chunk)
        if size > LARGEST_PHOTO:
            raise ImageTooLarge(f"at most {LARGEST_PHOTO:,} bytes")
        yield chunk
