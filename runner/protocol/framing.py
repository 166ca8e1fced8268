"""Read and write frames on the connection between the balancer and a runner process.

    4 bytes      length of the header, big endian
    the header   JSON, an object; `parts` lists the lengths of the parts
    the parts    raw bytes: photos to the runner, pictures back

Each length is checked before memory is allocated. A frame over a limit, or one that ends early, raises
`WireError`. The connection is useless then, since the start of the next frame is unknown.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

#: Bytes of a header. That of a batch, 16 photos at most, has some 1 kB for each: its options, and its XMP.
MAX_HEADER = 1 << 20
#: Bytes of a part. A PNG of 64 megapixels of noise has 192 MB, a photo at most 36 MiB.
MAX_PART = 256 << 20
#: Parts of a frame, and bytes of all of them. A batch has 16 parts, and its answer two for each photo.
MAX_PARTS = 1024
MAX_BYTES = 1 << 30
#: Bytes that a stream reads ahead. A usual photo arrives without a pause in the reading, which takes 20 us.
READ_AHEAD = 1 << 20

_to_json = json.JSONEncoder(separators=(",", ":")).encode  # `json.dumps` would make one for each frame


class WireError(ConnectionError):
    """Report a frame that is malformed or over a limit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold one message; the header's `parts` is added and removed here."""

    header: Mapping[str, Any]
    parts: Sequence[bytes] = ()


def encode(frame: Frame) -> Iterator[bytes]:
    """Return the frame's bytes in pieces, the parts uncopied. Raises `WireError` over a limit."""
    lengths = [len(part) for part in frame.parts]
    _check(lengths)
    header = _to_json({**frame.header, "parts": lengths}).encode()
    _check_header(len(header))
    yield len(header).to_bytes(4, "big") + header
    yield from frame.parts


async def write_frame(writer: asyncio.StreamWriter, frame: Frame) -> None:
    """Write a frame, and wait until the other side has room for the next."""
    writer.writelines(list(encode(frame)))
    await writer.drain()


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """Read the next frame, or None at the end of the stream. Raises `WireError`."""
    try:
        prefix = await reader.readexactly(4)
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            return None
        raise WireError("the stream ends within a length") from error
    try:
        return await _read_rest(reader, int.from_bytes(prefix, "big"))
    except asyncio.IncompleteReadError as error:
        raise WireError(f"the stream ends within a frame, {error.expected} bytes were expected") from error


async def _read_rest(reader: asyncio.StreamReader, length: int) -> Frame:
    _check_header(length)
    header, lengths = _parse(await reader.readexactly(length))
    return Frame(header, [await reader.readexactly(n) for n in lengths])


def receive(stream: BinaryIO) -> Frame:
    """Read the next frame from a stream that blocks. Raises `WireError`."""
    length = int.from_bytes(_exactly(stream, 4), "big")
    _check_header(length)
    header, lengths = _parse(_exactly(stream, length))
    return Frame(header, [_exactly(stream, n) for n in lengths])


def _exactly(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise WireError(f"the stream ends within a frame, {length} bytes were expected")
    return content


def frame_start(data: memoryview) -> tuple[Mapping[str, Any], int] | None:
    """Return the header and the bytes of the whole frame at the beginning of `data`.

    None means that the header is not whole yet. Raises `WireError`.
    """
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4:
        return None
    _check_header(length)
    if len(data) < 4 + length:
        return None
    header, lengths = _parse(bytes(data[4 : 4 + length]))
    return header, 4 + length + sum(lengths)


def _check_header(length: int) -> None:
    if length > MAX_HEADER:
        raise WireError(f"a header of {length} bytes, at most {MAX_HEADER}")


def _parse(raw: bytes) -> tuple[dict[str, Any], list[int]]:
    """Return the fields of a header, and the lengths of the parts. Raises `WireError`."""
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise WireError("a header that is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("a header that is no object")
    lengths = header.pop("parts", None)
    _check(lengths)
    return header, lengths


def _check(lengths: object) -> None:
    """Raise `WireError` unless these are lengths of parts within the limits."""
    if not isinstance(lengths, list) or len(lengths) > MAX_PARTS:
        raise WireError(f"a header without a list of at most {MAX_PARTS} parts")
    if not all(type(n) is int and 0 <= n <= MAX_PART for n in lengths):
        raise WireError(f"a part that is not of 0 to {MAX_PART} bytes")
    if sum(lengths) > MAX_BYTES:
        raise WireError(f"parts of {sum(lengths)} bytes, at most {MAX_BYTES}")
