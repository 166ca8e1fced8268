"""Compress text responses by gzip: pages, lists, scripts and style sheets.

A list of 300 styles has 190 kB, and 20 kB with gzip. Pictures and style files are compressed already. A
session's secret may be compressed together with a text that the address sets. Its cookie goes with no request
from another site, so no other site can measure the size (BREACH).
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

#: Media types that are worth it.
TEXTS = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"),
        *("application/javascript", "application/json", "application/problem+json"),
    }
)
#: Headers by which a client says that it may have the file.
CONDITIONS = ("If-None-Match", "If-Modified-Since")
#: Bytes from which it is worth it: less fits into one packet.
LEAST = 1400


@web.middleware
async def compressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Have a response compressed where its kind and the client allow it."""
    response = await handler(request)
    if response.prepared or "Range" in request.headers or response.status != 200:
        return response
    is_file = isinstance(response, web.FileResponse)
    if is_file and not _is_worth_it(request):
        return response
    if not is_file:
        size = (
            len(response.body)
            if isinstance(response, web.Response) and isinstance(response.body, bytes)
            else 0
        )
        if response.content_type not in TEXTS or size < LEAST:
            return response
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", "").lower():
        response.enable_compression(web.ContentCoding.gzip)
    return response


def _is_worth_it(request: web.Request) -> bool:
    """Tell by the name of a file whether to compress it.

    aiohttp finds its type later, and also whether the client has it already. An answer that says so (304)
    must not be compressed. So a file that the client may have is sent as it is.
    """
    is_text = request.path.endswith((".css", ".js", ".svg"))
    return is_text and request.method == "GET" and not any(name in request.headers for name in CONDITIONS)
