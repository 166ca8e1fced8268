"""Write and read a painted photo over HTTP: one picture, or two with a preview.

One picture is the body as it is. Two are `multipart/mixed` (RFC 2046): the picture, then the smaller JPEG.
Each has its type and a file name, as programs for mail can read them.
"""

from __future__ import annotations

import aiohttp
from aiohttp import BodyPartReader, MultipartReader, MultipartWriter

from runner.protocol.framing import MAX_PART
from styles.contract import Format, StyleResult
from styles.errors import BalancerUnavailable

ENDINGS: dict[Format, str] = {"jpeg": "jpg", "png": "png"}


def write(result: StyleResult) -> tuple[bytes | MultipartWriter, str]:
    """Return the body and its Content-Type."""
    picture_type = f"image/{result.format}"
    if not result.preview:
        return result.image, picture_type
    both = MultipartWriter("mixed")
    _append(both, result.image, picture_type, f"picture.{ENDINGS[result.format]}")
    _append(both, result.preview, "image/jpeg", "preview.jpg")
    return both, both.content_type


def _append(both: MultipartWriter, picture: bytes, kind: str, name: str) -> None:
    part = both.append(picture, {"Content-Type": kind})
    part.set_content_disposition("attachment", filename=name)


async def read(response: aiohttp.ClientResponse, format: Format) -> tuple[bytes, bytes]:
    """Return the picture, and the preview or nothing. Raises `BalancerUnavailable` for an invalid body."""
    if not response.content_type.startswith("multipart/"):
        return await response.read(), b""
    try:
        reader = MultipartReader(response.headers, response.content, client_max_size=MAX_PART)
        picture = await _part(reader, f"image/{format}")
        preview = await _part(reader, "image/jpeg")
        if await reader.next() is not None:
            raise ValueError("more than two pictures")
    except (TimeoutError, aiohttp.ClientError):
        raise
    except Exception as error:  # the reader also raises AssertionError, KeyError and others
        raise BalancerUnavailable(f"a garbled answer: {type(error).__name__}: {error}") from error
    return picture, preview


async def _part(reader: MultipartReader, kind: str) -> bytes:
    part = await reader.next()
    if not isinstance(part, BodyPartReader):
        raise ValueError("fewer than two pictures")  # noqa: TRY004 - what is wrong is the answer
    if (found := part.headers.get("Content-Type")) != kind:
        raise ValueError(f"a part of type {found} where {kind} was to come")
    return bytes(await part.read())
