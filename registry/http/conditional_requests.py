"""Send conditional and partial responses: ETags, and blobs whole or in part (RFC 9110, 13 and 14).

aiohttp's FileResponse makes the ETag from a file's time and size. Here it is the blob's digest, so that a
blob has the same ETag in every registry.
"""

from __future__ import annotations

import asyncio
import re

from aiohttp import ETag, web

from registry.blobs.blob import Blob

#: One range of bytes. A request for several gets the whole blob, which the standard allows.
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.ASCII | re.IGNORECASE)


def is_known(request: web.Request, tag: str) -> bool:
    """Return whether the client has `tag` already, by If-None-Match."""
    return any(known.value in (tag, "*") for known in request.if_none_match or ())


def not_modified(tag: str, cache: str, *, is_weak: bool = False) -> web.Response:
    """Build a 304 response."""
    response = web.Response(status=304, headers={"Cache-Control": cache})
    response.etag = ETag(tag, is_weak=is_weak)
    return response


async def send(request: web.Request, blob: Blob, cache: str) -> web.StreamResponse:
    """Send a blob, or the part that Range asks for, or 304. Raises 416."""
    tag = blob.digest
    if is_known(request, tag):
        return not_modified(tag, cache)
    part = _part(request, blob)
    response = web.StreamResponse(status=206 if part else 200, headers={"Cache-Control": cache})
    response.etag = ETag(tag)
    response.headers["Accept-Ranges"] = "bytes"
    response.content_type = blob.media_type
    if part:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.bytes}"
    part = part or range(blob.bytes)
    response.content_length = len(part)
    chunk = blob.store.chunk
    first = await asyncio.to_thread(blob.read, part[:chunk])  # before the headers: it may fail
    await response.prepare(request)
    if request.method != "HEAD":
        await response.write(first)
        for start in range(chunk, len(part), chunk):
            await response.write(await asyncio.to_thread(blob.read, part[start : start + chunk]))
    await response.write_eof()
    return response


def _part(request: web.Request, blob: Blob) -> range | None:
    """Return the requested bytes, or None for all."""
    wanted = request.headers.get("Range", "")
    if not wanted or request.headers.get("If-Range", f'"{blob.digest}"') != f'"{blob.digest}"':
        return None
    try:
        return part_of(wanted, blob.bytes)
    except ValueError as error:
        headers = {"Content-Range": f"bytes */{blob.bytes}"}
        raise web.HTTPRequestRangeNotSatisfiable(headers=headers, text=str(error)) from error


def part_of(wanted: str, size: int) -> range | None:
    """Parse a Range header for a blob of `size` bytes; None for a unit or a list that is not supported.

    Raises ValueError for a malformed range, or one beyond the end.
    """
    if not wanted.lower().lstrip().startswith("bytes") or "," in wanted:
        return None
    found = _RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        raise ValueError("The Range header is not of the form bytes=FIRST-LAST.")
    first, last = found.groups()
    if first:
        part = range(int(first), min(int(last) + 1 if last else size, size))
    else:
        part = range(max(size - int(last), 0), size)
    if not part:
        raise ValueError(f"The range is not within the {size} bytes that there are.")
    return part
