"""Show people errors as pages, and programs as problems (registry/http/problems.py).

A browser that opens an address accepts `text/html`; programs and the pages' own scripts do not say so.
"""

from __future__ import annotations

import json

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from registry.http.pages.style_and_login_pages import Pages
from styles.service.problems import MEDIA_TYPE

#: Addresses that are for programs, whoever opens them.
FOR_PROGRAMS = ("/api/", "/metrics", "/health", "/openapi.json")
#: Headings of the pages by status.
HEADINGS = {
    403: "This is not yours to do.",
    404: "Nothing hangs here.",
    429: "One moment, please.",
    503: "The gallery is closed for a moment.",
}


def error_pages(pages: Pages) -> Middleware:
    """Return the middleware. It stands outside of the one that makes the problems."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        is_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith(
            FOR_PROGRAMS
        )
        if not is_page or not isinstance(response, web.Response) or response.content_type != MEDIA_TYPE:
            return response
        problem = json.loads(response.text or "{}")
        title, detail = str(problem.get("title", "")), str(problem.get("detail", ""))
        # The title of an unknown path is the status; that of this project's errors is the whole sentence.
        said = detail if detail.startswith(title) or problem.get("type") == "about:blank" else title
        if said.startswith(f"{request.method} {request.path}:"):  # as aiohttp says it of an unknown path
            said = "There is no page at this address. It may have moved, or been mistyped."
        heading = HEADINGS.get(response.status, "That did not work.")
        page = pages.page("lost.html", heading=heading, said=said, near=problem.get("near", ()))
        page.set_status(response.status)
        for header in ("Retry-After", "Allow", "WWW-Authenticate"):
            if header in response.headers:
                page.headers[header] = response.headers[header]
        return page

    return middleware
