"""The form on its way in, read by a server that does nothing else with it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from registry.http import multipart
from registry.http.problems import problems
from tests.fakes.waiting import until

MOST = 4 << 20
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    """Answers what it received."""

    async def receive(request: web.Request) -> web.Response:
        multipart.check_announced(request, MOST)
        try:
            upload = await multipart.receive(request, tmp_path, MOST)
            hashed = hashlib.sha256(upload.weights.read_bytes()).hexdigest()
            body = {
                "bytes": upload.weights.stat().st_size,
                "digest": upload.digest,
                "fields": upload.fields,
                "hashed": hashed,
            }
            return web.json_response(body)
        finally:
            (tmp_path / "upload").unlink(missing_ok=True)

    app = web.Application(middlewares=[problems], client_max_size=1024)
    app.router.add_post("/", receive)
    async with TestClient(TestServer(app)) as client:
        yield client


def left(folder: Path) -> list[Path]:
    """What uploads have left behind."""
    return list(folder.iterdir())


def form(weights: bytes | None = b"weights", /, **fields: str) -> FormData:
    """The fields, then the file."""
    data = FormData(default_to_multipart=True)
    for name, value in fields.items():
        data.add_field(name, value)
    if weights is not None:
        data.add_field("weights", io.BytesIO(weights), filename="w.onnx")
    return data


def part(name: str, content: bytes = b"x", more: str = "") -> bytes:
    """One part of a form whose boundary is `b`."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


async def sent(
    server: TestClient[Any, Any], body: Any, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Status and answer."""
    async with server.post("/", data=body, headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def test_file_and_fields(server: TestClient[Any, Any]) -> None:
    weights = bytes(range(256)) * 4096
    status, answer = await sent(server, form(weights, title="A  wave", pixel_range="0..255"))
    assert status == 200
    assert answer["fields"] == {"title": "A wave", "pixel_range": "0..255"}
    assert answer["bytes"] == len(weights)
    assert answer["digest"] == f"sha256:{answer['hashed']}" == f"sha256:{hashlib.sha256(weights).hexdigest()}"


async def test_fields_may_come_after_the_file(server: TestClient[Any, Any]) -> None:
    data = form(b"weights")
    data.add_field("title", "Later")
    assert (await sent(server, data))[1]["fields"] == {"title": "Later"}


@pytest.mark.parametrize("weights", [b"\r\n", b"--b", b"\r\n--", b"\r\n--b\r\n" * 9000, b"\r\n" * 200_000])
async def test_what_looks_like_a_boundary_is_none(server: TestClient[Any, Any], weights: bytes) -> None:
    status, answer = await sent(server, form(weights))
    assert (status, answer["bytes"]) == (200, len(weights))
    assert answer["hashed"] == hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", "a\\b", "\u202egnp.exe", "x" * 5000]
)
async def test_the_files_own_name_does_nothing(
    server: TestClient[Any, Any], tmp_path: Path, name: str
) -> None:
    data = FormData()
    data.add_field("weights", b"weights", filename=name)
    assert (await sent(server, data))[0] == 200
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (form(None, title="No file"), "no file"),
        (form(b""), "no file"),
        (form(tytle="x"), "'tytle'"),
        (form(title="x" * 201), "title may have 200"),
        (form(description="x" * 2001), "2,000"),
        (form(artist="\x1b[31m"), "artist holds"),
        (form(title="\u202eevaw"), "title holds"),
        (form(pixel_range="0..256"), "0..1, 0..255"),
    ],
)
async def test_what_is_wrong_with_a_form_is_told(
    server: TestClient[Any, Any], tmp_path: Path, body: FormData, told: str
) -> None:
    status, problem = await sent(server, body)
    assert (status, problem["status"]) == (422, 422)
    assert told in problem["detail"]
    assert problem["title"]
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (part("weights") + part("weights") + b"--b--\r\n", 422, "two files"),
        (part("title") + part("title") + b"--b--\r\n", 422, "twice"),
        (part("../name") + b"--b--\r\n", 422, "'../name'"),
        (part("title", b"\xff\xfe") + b"--b--\r\n", 422, "UTF-8"),
        (b"--b\r\n\r\nnameless\r\n--b--\r\n", 422, "no name"),
        (b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n", 422, "a form itself"),
        (b"", 400, "cannot be read"),
        (b"nonsense", 400, "cannot be read"),
        (part("weights"), 400, "cannot be read"),
        (part("weights")[:-2], 400, "cannot be read"),
        (part("weights") + b"--b", 422, "no name"),
        (part("weights") + b"junk\r\n", 400, "cannot be read"),
        (b"--b\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n\r\n--b--\r\n", 400, "cannot be read"),
        (b"--b\r\n" + b"X: y\r\n" * 1000 + b"\r\n\r\n--b--\r\n", 400, "cannot be read"),
        (part("_charset_", b"klingon" * 9) + part("weights") + b"--b--\r\n", 400, "cannot be read"),
    ],
)
async def test_forms_that_are_none(
    server: TestClient[Any, Any], tmp_path: Path, body: bytes, status: int, told: str
) -> None:
    answered, problem = await sent(server, body, FORM)
    assert answered == problem["status"] == status
    assert told in problem["detail"]
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("application/json", 415),
        ("multipart/mixed; boundary=b", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=" + "b" * 100, 400),
    ],
)
async def test_other_types_are_refused(server: TestClient[Any, Any], type: str, status: int) -> None:
    body = part("weights") + b"--b--\r\n"
    assert (await sent(server, body, {"Content-Type": type}))[0] == status


async def test_a_file_that_says_it_is_too_large_is_not_read(server: TestClient[Any, Any]) -> None:
    status, problem = await sent(server, form(b"x" * (MOST + multipart.FORM_OVERHEAD)))
    assert (status, problem["title"]) == (413, "The style file is too large: this registry takes 4.0 MiB.")


async def test_a_file_that_becomes_too_large_is_not_read_on(
    server: TestClient[Any, Any], tmp_path: Path
) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        yield part("weights").rstrip()
        while given < 100 * MOST:
            given += 1 << 20
            yield b"x" * (1 << 20)

    try:
        status, problem = await sent(server, endless(), FORM)
        assert (status, problem["status"]) == (413, 413)
    except aiohttp.ClientConnectionError:  # it was hung up on before it looked for an answer
        pass
    assert given < 100 * MOST
    assert left(tmp_path) == []


async def test_the_largest_file_is_taken(server: TestClient[Any, Any]) -> None:
    assert (await sent(server, form(b"x" * MOST, title="x" * 200)))[1]["bytes"] == MOST
    assert (await sent(server, form(b"x" * (MOST + 1))))[0] == 413


async def test_a_title_of_a_million_characters_is_never_in_memory(server: TestClient[Any, Any]) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield part("title").rstrip()
        for _ in range(64):
            yield b"x" * (1 << 20)

    tracemalloc.start()
    try:
        assert (await sent(server, chunks(), FORM))[0] == 422
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    except aiohttp.ClientConnectionError:
        pass
    finally:
        tracemalloc.stop()


async def test_a_compressed_request_is_measured_unpacked(server: TestClient[Any, Any]) -> None:
    body = gzip.compress(part("weights", b"\0" * (MOST * 4)) + b"--b--\r\n")
    assert len(body) < 100_000
    assert (await sent(server, body, FORM | {"Content-Encoding": "gzip"}))[0] == 413


async def test_who_is_silent_is_hung_up_on(
    server: TestClient[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "SILENCE_SECONDS", 0.05)
    released = asyncio.Event()

    async def falling_silent() -> AsyncIterator[bytes]:
        yield part("weights").rstrip()
        await released.wait()

    status, problem = await sent(server, falling_silent(), FORM)
    released.set()
    assert (status, problem["status"]) == (408, 408)
    assert left(tmp_path) == []


async def test_who_is_too_slow_is_hung_up_on(
    server: TestClient[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "LONGEST_SECONDS", 0.2)

    async def trickling() -> AsyncIterator[bytes]:
        yield part("weights").rstrip()
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    status, _ = await sent(server, trickling(), FORM)
    assert status == 408
    assert left(tmp_path) == []


async def test_who_drips_is_hung_up_on(
    server: TestClient[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never silent for long, and would hold a turn for half an hour."""
    monkeypatch.setattr(multipart, "GRACE_SECONDS", 0.3)

    async def dripping() -> AsyncIterator[bytes]:
        yield part("weights").rstrip()
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    status, problem = await sent(server, dripping(), FORM)
    assert status == 408
    assert "less than 8,000 bytes a second" in problem["detail"]
    assert left(tmp_path) == []


async def test_who_hangs_up_leaves_nothing(server: TestClient[Any, Any], tmp_path: Path) -> None:
    host, port = server.server.host, server.server.port
    _, writer = await asyncio.open_connection(host, port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n")
    writer.write(f"Content-Type: {FORM['Content-Type']}\r\n\r\n".encode() + part("weights", b"x" * 100_000))
    await writer.drain()
    await until(lambda: left(tmp_path))
    writer.transport.abort()
    await until(lambda: not left(tmp_path))
