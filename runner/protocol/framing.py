"""Frames on the unix socket between the balancer and a runner process.

    4 bytes      length of the header, big endian
    the header   JSON, an object; `parts` lists the lengths of what follows
    the parts    bytes as they are: photos one way, pictures the other

Every length is checked before memory is set aside for it. A frame that breaks a limit or ends early is
a `WireError`, after which a connection is of no use: nothing tells where the next frame begins.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Bytes of a header; one of a thousand photos has some 300 kB.
MAX_HEADER = 1 << 20
#: Bytes of a part. A PNG of 64 megapixels of noise has 192 MB, a photo at most 36 MiB.
MAX_PART = 256 << 20
#: Parts of a frame, and bytes of all of them.
MAX_PARTS = 1024
MAX_BYTES = 1 << 30


class WireError(ConnectionError):
    """Bytes that are no frame, or one over a limit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; the header's `parts` is added and taken away here."""

    header: Mapping[str, Any]
    parts: Sequence[bytes] = ()


def encode(frame: Frame) -> Iterator[bytes]:
    """The frame's bytes in pieces, the parts uncopied. Raises `WireError` for a frame over a limit."""
    lengths = [len(part) for part in frame.parts]
    _check(lengths)
    header = json.dumps({**frame.header, "parts": lengths}, separators=(",", ":")).encode()
    if len(header) > MAX_HEADER:
        raise WireError(f"a header of {len(header)} bytes, at most {MAX_HEADER}")
    yield len(header).to_bytes(4, "big") + header
    yield from frame.parts


async def write_frame(writer: asyncio.StreamWriter, frame: Frame) -> None:
    """Writes a frame and waits until the other side has room for the next."""
    writer.writelines(list(encode(frame)))
    await writer.drain()


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None where the other side has closed between two frames. Raises `WireError`."""
    try:
        prefix = await reader.readexactly(4)
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            return None
        raise WireError("the stream ends within a length") from error
    try:
        return await _read_rest(reader, int.from_bytes(prefix, "big"))
    except asyncio.IncompleteReadError as error:
        raise WireError(f"the stream ends within a frame, {error.expected} bytes were to come") from error


async def _read_rest(reader: asyncio.StreamReader, length: int) -> Frame:
    if length > MAX_HEADER:
        raise WireError(f"a header of {length} bytes, at most {MAX_HEADER}")
    header = _parse(await reader.readexactly(length))
    lengths = header.pop("parts", None)
    _check(lengths)
    return Frame(header, [await reader.readexactly(n) for n in lengths])


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise WireError("a header that is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("a header that is no object")
    return header


def _check(lengths: object) -> None:
    """Raises `WireError` unless these are lengths of parts within the limits."""
    if not isinstance(lengths, list) or len(lengths) > MAX_PARTS:
        raise WireError("a header without a list of at most 1024 parts")
    if not all(type(n) is int and 0 <= n <= MAX_PART for n in lengths):
        raise WireError(f"a part that is not of 0 to {MAX_PART} bytes")
    if sum(lengths) > MAX_BYTES:
        raise WireError(f"parts of {sum(lengths)} bytes, at most {MAX_BYTES}")
