"""Receive a publication's multipart/form-data: the weights to disk, the fields into memory.

The parts may come in any order. The weights are written in chunks and never held whole. A field is read up to
its limit. Names in the form are names of fields; the file's own name is ignored. Senders that stand
still or drip are cut off.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import BodyPartReader, MultipartReader, StreamReader, http_exceptions, web

from registry.blobs.blob import DIGEST
from registry.http import card_fields
from registry.http.card_fields import BadUpload
from styles.errors import Permanent

#: Bytes asked for at once; often fewer arrive.
CHUNK = 256 * 1024
#: Bytes written at once, since each write takes a turn in a thread.
WRITE_BYTES = 1024 * 1024
#: Seconds of silence after which a sender is given up.
SILENCE_SECONDS = 30.0
#: Bytes a second that a sender must reach on average: 64 kbit/s. It counts after some seconds.
LEAST_PACE, GRACE_SECONDS = 8_000, 30.0
#: Most seconds of an upload: 128 MiB at 0.6 Mbit a second.
LONGEST_SECONDS = 1800.0
#: Bytes that boundaries, headers and fields may add to the weights.
FORM_OVERHEAD = 64 * 1024
#: Bytes that a digest may have, with what surrounds it.
DIGEST_BYTES = 100
NO_FILE = "The form has no file, or an empty one: send the weights as the field `weights`."

T = TypeVar("T")


class UploadTooLarge(Permanent, ValueError):
    """Report an upload of more bytes than the registry accepts."""

    status = 413

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The style file is too large: this registry takes {max_bytes / 2**20:,.1f} MiB.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Describe a received upload."""

    weights: Path
    digest: str  #: `sha256:…` of the weights as they were sent
    is_here: bool  #: whether the form had the file, and not only its digest
    fields: Mapping[str, str]


def check_announced(request: web.Request, max_bytes: int) -> None:
    """Refuse an upload by its headers, before its body. Raises 415 or `UploadTooLarge`."""
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType(text="A publication is a form, multipart/form-data.")
    if (request.content_length or 0) > max_bytes + FORM_OVERHEAD:
        raise UploadTooLarge(max_bytes)


async def receive(request: web.Request, folder: Path, max_bytes: int) -> Upload:
    """Read the request's form, with the weights as a file in `folder`, which the caller removes.

    Instead of the file the form may name one that was sent before, as the field `upload`.

    Raises `BadUpload`, `UploadTooLarge`, 400 for a malformed form and 408 for a slow sender.
    """
    too_slow = (
        f"The upload stood still for {SILENCE_SECONDS:g} s, sent less than {LEAST_PACE:,} bytes a "
        f"second, or took over {LONGEST_SECONDS:g} s."
    )
    async with reading_form(LONGEST_SECONDS, too_slow):
        reader = await request.multipart()
        return await _read(reader, folder / "upload", max_bytes, _Pace(request.content))


@asynccontextmanager
async def reading_form(seconds: float, too_slow: str) -> AsyncIterator[None]:
    """Raise 408 with the sentence `too_slow` after `seconds`, and 400 for a malformed form in the block."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(headers={"Connection": "close"}, text=too_slow) from error
    except Permanent:
        raise
    except (AssertionError, ValueError, RuntimeError, http_exceptions.HttpProcessingError) as error:
        raise web.HTTPBadRequest(text=f"The form cannot be read: {str(error)[:200]}") from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest(text="The form came in part.") from error


async def _read(reader: MultipartReader, target: Path, most: int, pace: _Pace) -> Upload:
    fields: dict[str, str] = {}
    digest, is_here = "", False
    while part := await pace.held(reader.next()):
        if not isinstance(part, BodyPartReader) or not part.name:
            raise BadUpload("A part of the form has no name, or is a form itself.")
        if part.name in ("weights", "upload"):
            if digest:
                raise BadUpload("The form has two files: a publication is one.")
            is_here = part.name == "weights"
            digest = await (_weights(part, target, most, pace) if is_here else _sent_before(part, pace))
        elif part.name in fields:
            raise BadUpload(f"The field {part.name} stands there twice.")
        else:
            fields[part.name] = await _field(part.name, part, pace)
    if not digest:
        raise BadUpload(NO_FILE)
    return Upload(weights=target, digest=digest, is_here=is_here, fields=fields)


async def _field(name: str, part: BodyPartReader, pace: _Pace) -> str:
    raw = await _raw(part, card_fields.limit(name), pace)
    if raw is None:
        raise card_fields.too_long(name)
    return card_fields.text(name, raw)


async def _sent_before(part: BodyPartReader, pace: _Pace) -> str:
    """Return the digest of a file that was sent before."""
    raw = await _raw(part, DIGEST_BYTES, pace) or b""
    digest = raw.decode("ascii", "replace").strip()
    if not DIGEST.fullmatch(digest):
        raise BadUpload("The field upload is the digest of a file that was sent before: sha256:…")
    return digest


async def _raw(part: BodyPartReader, most: int, pace: _Pace) -> bytes | None:
    """Return the bytes of a part, or None for more than `most`."""
    raw = bytearray()
    while not part.at_eof():
        raw += await pace.held(part.read_chunk())
        if len(raw) > most:
            return None
    return bytes(raw)


async def _weights(part: BodyPartReader, target: Path, max_bytes: int, pace: _Pace) -> str:
    """Write the weights, and return their digest."""
    running, gathered, size = hashlib.sha256(), bytearray(), 0
    with target.open("xb") as file:
        while not part.at_eof():
            chunk = await pace.held(part.read_chunk(CHUNK))
            gathered += chunk
            size += len(chunk)
            if size > max_bytes:
                raise UploadTooLarge(max_bytes)
            if len(gathered) >= WRITE_BYTES or part.at_eof():
                await asyncio.to_thread(running.update, gathered)
                await asyncio.to_thread(file.write, gathered)
                gathered = bytearray()
    if not size:
        raise BadUpload(NO_FILE)
    return f"sha256:{running.hexdigest()}"


class _Pace:
    """Give up a sender that stands still, or is slower than `LEAST_PACE`."""

    def __init__(self, content: StreamReader) -> None:
        self._content = content
        self._started = time.monotonic()

    async def held(self, reading: Awaitable[T]) -> T:
        """Wait for a read, as long as the pace allows. Raises TimeoutError."""
        allowed = GRACE_SECONDS + self._content.total_bytes / LEAST_PACE
        left = allowed - (time.monotonic() - self._started)
        async with asyncio.timeout(max(min(SILENCE_SECONDS, left), 0)):
            return await reading
