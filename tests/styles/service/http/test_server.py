"""The clients are sockets: slow, malformed, or sending on after a refusal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web

from styles.service.http import server
from styles.service.http.server import HardenedRunner

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answer(request: web.Request) -> web.Response:
    return web.Response(text=await request.text())


async def refuse(request: web.Request) -> web.Response:
    return web.Response(status=403, text="no")


@pytest.fixture
async def streams() -> AsyncIterator[Streams]:
    app = web.Application()
    app.add_routes([web.get("/", answer), web.post("/", answer), web.post("/refused", refuse)])
    runner = HardenedRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    yield reader, writer
    writer.close()
    await runner.cleanup()


async def response(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    size = next(
        int(line.split()[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")
    )
    return head + await reader.readexactly(size)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: a", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
async def test_a_header_that_stands_still_is_ended(
    streams: Streams, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = streams
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (await response(reader)).startswith(b"HTTP/1.1 200")
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.05)
    if begun:
        writer.write(begun)
        assert await reader.read() == b""
    else:
        await asyncio.sleep(0.2)  # an idle connection is kept for much longer
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await response(reader)).startswith(b"HTTP/1.1 200")


async def test_a_connection_without_a_header_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.05)
    runner = HardenedRunner(web.Application(), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    assert await reader.read() == b""
    writer.close()
    await runner.cleanup()


async def test_a_body_may_be_slower_than_a_header(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.05)
    reader, writer = streams
    writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nph")
    await asyncio.sleep(0.2)
    writer.write(b"ot")
    assert (await response(reader)).endswith(b"phot")


async def test_the_body_of_a_refused_request_is_not_read_on(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REFUSED_SECONDS", 0.2)
    reader, writer = streams
    size = 1 << 30
    writer.write(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
    head = await response(reader)
    assert head.startswith(b"HTTP/1.1 403")
    assert b"connection: close" in head.lower()
    sent = 0
    with suppress(ConnectionError):
        while True:
            writer.write(bytes(1 << 20))
            sent += 1 << 20
            await writer.drain()
    assert sent < size / 4  # what fits into the buffers of the kernel


async def test_a_short_body_keeps_the_connection(streams: Streams) -> None:
    reader, writer = streams
    for _ in range(2):
        writer.write(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nphoto")
        assert (await response(reader)).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    "request_",
    [b"\x16\x03\x01\x02\0\x01\0", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n"],
)
async def test_a_malformed_request_is_one_line_of_the_log(
    streams: Streams, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = streams
    with caplog.at_level(logging.DEBUG):
        writer.write(request_)
        answer = await reader.read()
    assert b" 400 Bad Request" in answer
    assert b"application/problem+json" in answer
    lines = [record for record in caplog.records if record.name != "asyncio"]
    assert len(lines) == 1
    assert lines[0].exc_info is None
    assert "malformed request from 127.0.0.1" in lines[0].getMessage()
    assert lines[0].getMessage().isprintable()
