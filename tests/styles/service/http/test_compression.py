from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from styles.service.http.compression import LEAST, compressed

TEXT = "the gallery " * 1000
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / "style.css").write_text(TEXT)

    async def answer(request: web.Request) -> web.StreamResponse:
        size, kind = int(request.query["size"]), request.query["kind"]
        return web.Response(
            body=TEXT.encode()[:size], content_type=kind, status=int(request.query.get("s", 200))
        )

    app = web.Application(middlewares=[compressed])
    app.add_routes([web.get("/", answer), web.static("/static", tmp_path)])
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def ask(url: str, **headers: str) -> tuple[str | None, bytes, str | None]:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(url, headers=headers, skip_auto_headers=["Accept-Encoding"]) as answer,
    ):
        return answer.headers.get("Content-Encoding"), await answer.read(), answer.headers.get("Vary")


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/svg+xml"])
async def test_a_long_text_is_compressed_for_who_takes_it(url: str, kind: str) -> None:
    path = f"{url}?size=9000&kind={kind.replace('+', '%2B')}"
    coding, body, vary = await ask(path, **GZIP)
    assert (coding, vary) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(body).decode() == TEXT[:9000]
    assert len(body) < 900
    coding, body, vary = await ask(path)
    assert (coding, len(body), vary) == (None, 9000, "Accept-Encoding")


@pytest.mark.parametrize(
    "query",
    [f"size={LEAST - 1}&kind=text/html", "size=9000&kind=image/jpeg", "size=9000&kind=text/html&s=404"],
)
async def test_what_is_not_worth_it(url: str, query: str) -> None:
    assert (await ask(f"{url}?{query}", **GZIP))[0] is None


async def test_a_style_sheet_is_compressed_but_not_a_part_of_it(url: str) -> None:
    coding, body, _ = await ask(f"{url}static/style.css", **GZIP)
    assert coding == "gzip"
    assert gzip.decompress(body).decode() == TEXT
    coding, body, _ = await ask(f"{url}static/style.css", Range="bytes=0-9", **GZIP)
    assert (coding, body) == (None, TEXT[:10].encode())


async def test_a_file_that_the_client_has_keeps_the_connection_in_order(url: str) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        async with session.get(f"{url}static/style.css") as answer:
            assert (answer.headers["Content-Encoding"], await answer.text()) == ("gzip", TEXT)
            known = {
                "If-None-Match": answer.headers["ETag"],
                "If-Modified-Since": answer.headers["Last-Modified"],
            }
        for headers in (known, {"If-Modified-Since": known["If-Modified-Since"]}):
            async with session.get(f"{url}static/style.css", headers=headers) as answer:
                assert answer.status == 304
                assert "Content-Encoding" not in answer.headers
        async with session.head(f"{url}static/style.css") as answer:
            assert answer.status == 200
        async with session.get(f"{url}static/style.css") as answer:
            assert await answer.text() == TEXT
