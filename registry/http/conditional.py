"""Answers that need not be sent again: ETags for all, and blobs whole or in part (RFC 9110, 13 and 14).

aiohttp's FileResponse is not used for blobs: it names a file by its time and size. A blob is named by its
digest, so that the same blob has the same ETag in every registry that holds it.
"""

from __future__ import annotations

import asyncio
import re

from aiohttp import ETag, web

from registry.store.models import Blob

#: Read and sent at once, bytes.
CHUNK = 256 * 1024
#: One range in bytes; several at once are answered with the whole, which is allowed.
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.ASCII | re.IGNORECASE)


def is_known(request: web.Request, tag: str) -> bool:
    """Whether the caller says by If-None-Match that it has what `tag` names."""
    return any(known.value in (tag, "*") for known in request.if_none_match or ())


def not_modified(tag: str, cache: str) -> web.Response:
    """304: go on using what you have."""
    response = web.Response(status=304, headers={"Cache-Control": cache})
    response.etag = ETag(tag)
    return response


async def send(request: web.Request, blob: Blob, cache: str) -> web.StreamResponse:
    """Sends a blob, or the part that Range asks for, or 304, or raises 416."""
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
    first = await asyncio.to_thread(_read, blob, part)  # before the headers: it may fail
    await response.prepare(request)
    if request.method != "HEAD":
        await response.write(first)
        for start in range(part.start + len(first), part.stop, CHUNK):
            await response.write(await asyncio.to_thread(_read, blob, range(start, part.stop)))
    await response.write_eof()
    return response


def _read(blob: Blob, part: range) -> bytes:
    """The first `CHUNK` bytes of a part. Who hangs up leaves no file open: it is open only in here."""
    with blob.path.open("rb") as file:
        file.seek(part.start)
        wanted = min(CHUNK, len(part))
        if len(chunk := file.read(wanted)) < wanted:
            raise OSError(f"{blob.path} is shorter than the {blob.bytes} bytes that it had")
        return chunk


def _part(request: web.Request, blob: Blob) -> range | None:
    """The bytes that are asked for, None for all of them."""
    wanted = request.headers.get("Range", "")
    if not wanted or request.headers.get("If-Range", f'"{blob.digest}"') != f'"{blob.digest}"':
        return None
    try:
        return part_of(wanted, blob.bytes)
    except ValueError as error:
        headers = {"Content-Range": f"bytes */{blob.bytes}"}
        raise web.HTTPRequestRangeNotSatisfiable(headers=headers, text=str(error)) from error


def part_of(wanted: str, size: int) -> range | None:
    """A Range header's bytes of `size`; None for a unit or a list that is not served in parts.

    Raises ValueError for a range that makes no sense or lies beyond the end.
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
