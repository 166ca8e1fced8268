from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from styles.service.http.cross_site import CrossSite

NAMED, OTHER = "https://photos.example", "https://evil.example"


async def answer(request: web.Request) -> web.Response:
    return web.Response(text=await request.text())


@pytest.fixture
async def client(request: pytest.FixtureRequest) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    app = web.Application()
    app.add_routes([web.get("/", answer), web.post("/", answer)])
    CrossSite(getattr(request, "param", [NAMED])).guard(app)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": OTHER}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": OTHER}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": OTHER}, 200),  # as a proxy has changed the host
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": OTHER, "Authorization": "Bearer x"}, 200),  # no browser adds a token
        ({"Origin": NAMED}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": NAMED}, 200),
    ],
)
async def test_posts(client: TestClient, headers: dict[str, str], status: int) -> None:  # type: ignore[type-arg]
    async with client.post("/", data="photo", headers=headers) as found:
        assert found.status == status
        allowed = found.headers.get("Access-Control-Allow-Origin")
        assert allowed == (NAMED if headers.get("Origin") == NAMED else None)
        assert found.headers["Vary"] == "Origin"


async def test_the_own_address_is_not_another_site(client: TestClient) -> None:  # type: ignore[type-arg]
    own = str(client.make_url("/")).rstrip("/")
    async with client.post("/", data="photo", headers={"Origin": own}) as found:
        assert found.status == 200


async def test_reading_is_for_everybody(client: TestClient) -> None:  # type: ignore[type-arg]
    async with client.get("/", headers={"Origin": OTHER, "Sec-Fetch-Site": "cross-site"}) as found:
        assert found.status == 200
        assert "Access-Control-Allow-Origin" not in found.headers


async def test_options_are_answered(client: TestClient) -> None:  # type: ignore[type-arg]
    async with client.options("/") as found:
        assert (found.status, found.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
        assert "Access-Control-Allow-Methods" not in found.headers
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    async with client.options("/", headers={"Origin": NAMED, **asked}) as found:
        assert found.headers["Access-Control-Allow-Origin"] == NAMED
        assert "POST" in found.headers["Access-Control-Allow-Methods"]
        assert found.headers["Access-Control-Allow-Headers"] == "content-type"
    async with client.options("/", headers={"Origin": OTHER, **asked}) as found:
        assert "Access-Control-Allow-Origin" not in found.headers
    async with client.options("/nowhere") as found:
        assert found.status == 404


@pytest.mark.parametrize("client", [["*"]], indirect=True)
async def test_any_origin(client: TestClient) -> None:  # type: ignore[type-arg]
    async with client.post("/", data="photo", headers={"Origin": OTHER}) as found:
        assert (found.status, found.headers["Access-Control-Allow-Origin"]) == (200, OTHER)


@pytest.mark.parametrize("client", [[]], indirect=True)
async def test_no_origin(client: TestClient) -> None:  # type: ignore[type-arg]
    async with client.post("/", data="photo", headers={"Origin": OTHER}) as found:
        assert found.status == 403
        assert "Vary" not in found.headers
