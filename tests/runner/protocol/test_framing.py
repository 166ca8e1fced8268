"""Frames, whole and broken."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest

from runner.protocol import framing
from runner.protocol.framing import Frame, WireError, encode, frame_start, read_frame, write_frame


async def read(stream: bytes) -> Frame | None:
    reader = asyncio.StreamReader()
    reader.feed_data(stream)
    reader.feed_eof()
    return await read_frame(reader)


def raw(header: bytes, rest: bytes = b"") -> bytes:
    return len(header).to_bytes(4, "big") + header + rest


async def test_there_and_back() -> None:
    frame = Frame({"op": "batch", "n": 1, "text": "ü"}, [b"", b"\0\xff" * 1000, b"x"])
    assert await read(b"".join(encode(frame))) == frame


async def test_over_a_real_socket_one_after_another(tmp_path: Path) -> None:
    frames = [Frame({"n": n}, [bytes([n]) * n * 100_000]) for n in range(5)]
    got: list[Frame | None] = []
    over = asyncio.Event()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (frame := await read_frame(reader)) is not None:
            got.append(frame)
        writer.close()
        over.set()

    async with await asyncio.start_unix_server(receive, tmp_path / "s"):
        _, writer = await asyncio.open_unix_connection(tmp_path / "s")
        for frame in frames:
            await write_frame(writer, frame)
        writer.close()
        await over.wait()
    assert got == frames


async def test_the_end_between_two_frames_is_none() -> None:
    assert await read(b"") is None


async def test_every_truncation_is_an_error() -> None:
    whole = b"".join(encode(Frame({"op": "x"}, [b"abc", b"de"])))
    for end in range(1, len(whole)):
        with pytest.raises(WireError):
            await read(whole[:end])


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"7",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"parts": 3}',
        b'{"parts": [-1]}',
        b'{"parts": [1.0]}',
        b'{"parts": [true]}',
        b'{"parts": ["1"]}',
        json.dumps({"parts": [framing.MAX_PART + 1]}).encode(),
        json.dumps({"parts": [framing.MAX_PART] * 9}).encode(),
        json.dumps({"parts": [0] * (framing.MAX_PARTS + 1)}).encode(),
    ],
)
async def test_bad_headers_are_refused_before_anything_is_read(header: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(raw(header))  # and no end: who waits for a part would wait for ever
    with pytest.raises(WireError):
        await asyncio.wait_for(read_frame(reader), 10)


async def test_a_huge_header_is_refused_before_it_is_read() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data((framing.MAX_HEADER + 1).to_bytes(4, "big"))
    with pytest.raises(WireError, match="header"):
        await asyncio.wait_for(read_frame(reader), 10)


async def test_noise_is_a_frame_or_an_error_and_nothing_else() -> None:
    noise = random.Random(7)
    whole = b"".join(encode(Frame({"op": "batch", "tasks": []}, [b"photo" * 9])))
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(noise.randint(1, 4)):
            damaged[noise.randrange(len(damaged))] = noise.randrange(256)
        try:
            await read(bytes(damaged))
        except WireError:
            continue


def test_the_start_of_a_frame_says_how_long_it_is() -> None:
    whole = b"".join(encode(Frame({"op": "x"}, [b"abc", b"de"])))
    begins = len(whole) - 5
    for end in range(len(whole) + 1):
        start = frame_start(memoryview(whole)[:end])
        assert start == (({"op": "x"}, len(whole)) if end >= begins else None)


def test_too_much_is_not_sent() -> None:
    with pytest.raises(WireError):
        list(encode(Frame({"text": "x" * framing.MAX_HEADER})))
    with pytest.raises(WireError):
        list(encode(Frame({}, [b""] * (framing.MAX_PARTS + 1))))
