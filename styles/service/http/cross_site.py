"""Refuse what the pages of other sites have a visitor's browser send, except from the origins that are named.

A page anywhere may have its visitor's browser post a photo to an address within the visitor's network. The
browser reports it by Sec-Fetch-Site, or by Origin where that is missing. Programs send neither. What only
reads is answered, and the browser keeps the answer from the page.

For the origins that are named the responses have CORS's headers, and OPTIONS is answered as browsers ask.
"""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from styles.service.http.origins import ANY

#: Methods that change nothing.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: Seconds for which a browser may remember what is allowed.
REMEMBERED_SECONDS = "600"


def is_cross_site(request: web.BaseRequest) -> bool:
    """Return whether a browser sent this for a page of another site."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:  # sent by newer browsers, and says it itself
        return site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != request.host


class CrossSite:
    """Check the requests of an application against the origins that may use it."""

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origins)

    def guard(self, app: web.Application) -> None:
        """Check all requests of the application; before its start, after its other middlewares are added."""
        app.middlewares.append(self._middleware)
        app.on_response_prepare.append(self._allow)

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == hdrs.METH_OPTIONS:
            return self._options(request)
        # No browser adds a token by itself, and none lets a page add one where CORS does not allow it.
        is_harmless = request.method in READING or hdrs.AUTHORIZATION in request.headers
        if not is_harmless and is_cross_site(request) and not self._is_allowed(request):
            raise web.HTTPForbidden(
                text="This came from a page of another site, which cors_origins does not name."
            )
        return await handler(request)

    def _options(self, request: web.Request) -> web.Response:
        """Say which methods a path has. Raises 404."""
        error = request.match_info.http_exception
        if error and not isinstance(error, web.HTTPMethodNotAllowed):
            raise error
        known = error.allowed_methods if isinstance(error, web.HTTPMethodNotAllowed) else ()
        methods = ", ".join(sorted({*known, hdrs.METH_OPTIONS}))
        response = web.Response(status=204, headers={"Allow": methods})
        if self._is_allowed(request):
            asked = request.headers.get("Access-Control-Request-Headers", "")
            response.headers["Access-Control-Allow-Methods"] = methods
            response.headers["Access-Control-Max-Age"] = REMEMBERED_SECONDS
            if asked:
                response.headers["Access-Control-Allow-Headers"] = asked[:1000]
        return response

    def _is_allowed(self, request: web.Request) -> bool:
        origin = request.headers.get("Origin")
        return origin is not None and bool(self._origins & {origin, ANY})

    async def _allow(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the script of an origin that is named read the response with its headers."""
        if not self._origins:
            return
        known = response.headers.get("Vary")
        response.headers["Vary"] = f"{known}, Origin" if known else "Origin"
        if self._is_allowed(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = ANY
