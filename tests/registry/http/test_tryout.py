from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from registry.http.problems import problems
from registry.http.tryout import AGAIN, AT_ONCE, LARGEST_PHOTO, Tryout
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.waiting import until

PHOTO = b"\xff\xd8\xff a photo as it came"
Client: TypeAlias = "TestClient[Any, Any]"  # a string: its parameters differ between aiohttp's versions


@pytest.fixture
async def balancer() -> AsyncIterator[FakeBalancer]:
    async with FakeBalancer() as balancer:
        yield balancer


def page(url: str, *, proxied: bool = False) -> Client:
    app = web.Application(middlewares=[problems])
    app.add_routes(Tryout(url, proxied=proxied).routes())
    return TestClient(TestServer(app, handler_cancellation=True))


@pytest.fixture
async def client(balancer: FakeBalancer) -> AsyncIterator[Client]:
    async with page(balancer.url) as client:
        yield client


async def told(response: ClientResponse, status: int) -> dict[str, Any]:
    assert response.status == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, Any] = await response.json()
    return problem


async def test_a_photo_comes_back_painted(client: Client, balancer: FakeBalancer) -> None:
    async with client.post("/api/styles/mosaic/try", data=PHOTO) as response:
        assert response.status == 200
        assert response.content_type == "image/jpeg"
        assert response.headers["X-Style-Version"] == "3"
        assert response.headers["Cache-Control"] == "no-store"
        assert await response.read() == painted(PHOTO)
    assert balancer.jobs == [{"style": "mosaic", "sender": "page 127.0.0.1"}]


async def test_the_balancers_problem_passes_through(client: Client, balancer: FakeBalancer) -> None:
    balancer.faults.append((415, "I could not open that file as a photo.", "NotAnImage"))
    async with client.post("/api/styles/mosaic/try", data=PHOTO) as response:
        problem = await told(response, 415)
    assert problem["title"] == "I could not open that file as a photo."
    async with client.post("/api/styles/nothing/try", data=PHOTO) as response:
        assert (await told(response, 404))["title"] == "I know no style called “nothing”."


async def test_a_name_is_only_ever_a_name(client: Client, balancer: FakeBalancer) -> None:
    async with client.post("/api/styles/mosaic%26size=9000%23/try", data=PHOTO) as response:
        await told(response, 404)
    assert balancer.jobs == []


async def test_no_balancer_is_said_in_a_sentence() -> None:
    async with (
        page(f"http://127.0.0.1:{free_port()}") as client,
        client.post("/api/styles/mosaic/try", data=PHOTO) as response,
    ):
        assert "cannot be reached" in (await told(response, 503))["title"]


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        (200, "text/html", b"<script>alert(1)</script>"),
        (200, "image/svg+xml", b"<svg onload='alert(1)'/>"),
        (500, "text/html", b"<h1>what</h1>"),
        (500, "application/problem+json", b"{"),
        (500, "application/problem+json", b"[1]"),
        (302, "text/html", b"elsewhere"),
    ],
)
async def test_what_is_no_answer_of_a_balancer_goes_no_further(
    status: int, media_type: str, body: bytes
) -> None:
    async def strange(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, body=body, content_type=media_type, headers={"Location": "/"})

    app = web.Application()
    app.router.add_post("/v1/stylize", strange)
    async with (
        TestServer(app) as server,
        page(str(server.make_url(""))) as client,
        client.post("/api/styles/mosaic/try", data=PHOTO) as response,
    ):
        problem = await told(response, 503)
        assert "<" not in problem["title"] + problem["detail"]


async def test_an_empty_body_is_no_photo(client: Client, balancer: FakeBalancer) -> None:
    async with client.post("/api/styles/mosaic/try") as response:
        await told(response, 415)
    assert balancer.jobs == []


async def test_a_photo_that_is_said_to_be_too_large_is_not_read(
    client: Client, balancer: FakeBalancer
) -> None:
    async with client.post("/api/styles/mosaic/try", data=io.BytesIO(b"x" * (LARGEST_PHOTO + 1))) as response:
        assert "too large" in (await told(response, 413))["title"]
    assert balancer.jobs == []


async def test_a_photo_that_grows_too_large_is_cut_off(client: Client, balancer: FakeBalancer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_PHOTO // 2**20 + 2):
            yield b"x" * 2**20

    async with client.post("/api/styles/mosaic/try", data=endless()) as response:
        assert "too large" in (await told(response, 413))["title"]
    assert balancer.jobs == []


async def test_a_photo_of_the_largest_size_is_painted(client: Client, balancer: FakeBalancer) -> None:
    async with client.post("/api/styles/mosaic/try", data=io.BytesIO(b"x" * LARGEST_PHOTO)) as response:
        assert response.status == 200
        assert len(await response.read()) == LARGEST_PHOTO + len(b"painted")


async def test_a_visitor_has_one_photo_at_a_time(client: Client, balancer: FakeBalancer) -> None:
    balancer.may_paint.clear()
    first = asyncio.create_task(client.post("/api/styles/mosaic/try", data=PHOTO))
    await balancer.asked.wait()
    async with client.post("/api/styles/mosaic/try", data=PHOTO) as response:
        assert (await told(response, 429))["retry_after"] > 0
        assert int(response.headers["Retry-After"]) > 0
    balancer.may_paint.set()
    assert (await first).status == 200
    async with client.post("/api/styles/mosaic/try", data=PHOTO) as response:
        assert response.status == 200


@pytest.mark.parametrize(("proxied", "expected"), [(True, 200), (False, 429)])
async def test_visitors_are_told_apart_by_what_a_proxy_has_seen(
    balancer: FakeBalancer, proxied: bool, expected: int
) -> None:
    async def sent(client: Client, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        async with client.post("/api/styles/mosaic/try", data=PHOTO, headers=headers) as response:
            return response.status

    balancer.may_paint.clear()
    async with page(balancer.url, proxied=proxied) as client:
        first = asyncio.create_task(sent(client, "1.2.3.4"))
        await balancer.asked.wait()
        assert await sent(client, "8.8.8.8, 1.2.3.4") == 429
        other = asyncio.create_task(sent(client, "5.6.7.8"))
        await until(lambda: other.done() or len(balancer.jobs) == 2)
        balancer.may_paint.set()
        assert (await first, await other) == (200, expected)


async def test_who_hangs_up_gives_the_place_free(client: Client, balancer: FakeBalancer) -> None:
    balancer.may_paint.clear()
    first = asyncio.create_task(client.post("/api/styles/mosaic/try", data=PHOTO))
    await balancer.asked.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    balancer.may_paint.set()
    async with asyncio.timeout(60):
        while True:
            async with client.post("/api/styles/mosaic/try", data=PHOTO) as response:
                if response.status == 200:
                    break


def test_visitors_together_have_a_limit() -> None:
    tryout = Tryout("http://127.0.0.1:1")
    with pytest.raises(Exception, match="visitors' photos"):
        _nested(tryout, AT_ONCE + 1)
    _nested(tryout, AT_ONCE)


def _nested(tryout: Tryout, visitors: int) -> None:
    if visitors:
        with tryout._turn(f"10.0.0.{visitors}"):
            _nested(tryout, visitors - 1)


@pytest.mark.parametrize(
    ("ref", "style"), [("live", "mosaic"), ("2", "mosaic@2"), ("staged", "mosaic@staged")]
)
async def test_a_version_is_asked_for_by_its_alias_or_number(
    client: Client, balancer: FakeBalancer, ref: str, style: str
) -> None:
    balancer.styles = (*balancer.styles, style)
    async with client.post(f"/api/styles/mosaic/try?ref={ref}", data=PHOTO) as response:
        assert response.status == 200
    assert balancer.jobs[0]["style"] == style


@pytest.mark.parametrize("ref", ["", "a:b", "1,udnie", "A", "x" * 40, "-1"])
async def test_what_is_no_version_is_404(client: Client, balancer: FakeBalancer, ref: str) -> None:
    async with client.post("/api/styles/mosaic/try", params={"ref": ref}, data=PHOTO) as response:
        await told(response, 404)
    assert balancer.jobs == []


async def test_a_balancer_that_is_away_is_a_sentence_and_no_exception(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        page(f"http://127.0.0.1:{free_port()}") as client,
        client.post("/api/styles/mosaic/try", data=PHOTO) as response,
    ):
        problem = await told(response, 503)
    assert problem["title"] == "The painters cannot be reached right now."
    assert problem["detail"] == AGAIN
    assert "ClientConnectorError" in caplog.text
