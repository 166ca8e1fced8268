"""The balancer over a real socket."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from runner.http.photo_upload import MAX_PHOTO
from styles.contract import StyleOptions
from styles.service.logs import HEADER, new_trace, trace_of, traceparent
from tests.fakes.runner.fleet import PREVIEW, inverted
from tests.fakes.runner.served import Served, fill, serving
from tests.fakes.waiting import until

SHARES = {"mosaic": 0.6, "udnie": 0.4}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def problem(response: aiohttp.ClientResponse, status: int, kind: str = "") -> dict[str, Any]:
    """The problem details of an answer, checked for what every one has."""
    assert response.status == status
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = await response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["type"] == (f"urn:mailbot:error:{kind}" if kind else "about:blank")
    return body


async def test_a_photo_is_painted(served: Served, http: aiohttp.ClientSession) -> None:
    photo = bytes(range(256)) * 4000
    async with http.post(f"{served.url}/v1/stylize?style=mosaic", data=photo) as response:
        assert response.status == 200
        assert response.content_type == "image/jpeg"
        assert response.headers["X-Style-Version"] == "1"
        assert response.headers["X-Runner"] == "r0"
        assert re.fullmatch(r"queue;dur=[\d.]+, engine;dur=250\.000", response.headers["Server-Timing"])
        assert await response.read() == inverted(photo)


async def test_the_trace_of_a_caller_reaches_the_runner_and_comes_back(
    served: Served, http: aiohttp.ClientSession
) -> None:
    trace = new_trace()
    url = f"{served.url}/v1/stylize?style=mosaic"
    async with http.post(url, data=b"photo", headers={HEADER: traceparent(trace)}) as response:
        assert trace_of(response.headers[HEADER]) == trace
    ((_, (task,)),) = served.fleet.batches
    assert task.trace == trace


@pytest.mark.parametrize("header", ["", "nonsense", "00-0-0-0"])
async def test_a_photo_without_a_trace_gets_one(
    served: Served, http: aiohttp.ClientSession, header: str
) -> None:
    url = f"{served.url}/v1/stylize?style=mosaic"
    async with http.post(url, data=b"photo", headers={HEADER: header}) as response:
        given = trace_of(response.headers[HEADER])
    ((_, (task,)),) = served.fleet.batches
    assert given == task.trace != ""


async def test_options_reach_the_runner(served: Served, http: aiohttp.ClientSession) -> None:
    query = "style=udnie&strength=0.25&keep_colors=true&size=640&format=png&max_bytes=90000&sender=ann&job=7"
    async with http.post(f"{served.url}/v1/stylize?{query}", data=b"photo") as response:
        assert response.content_type == "image/png"
    ((_, (task,)),) = served.fleet.batches
    assert task.options == StyleOptions(
        strength=0.25, keep_colors=True, size=640, format="png", max_bytes=90000
    )


async def test_a_blend_reaches_the_runner(served: Served, http: aiohttp.ClientSession) -> None:
    shares = {served.registry.publish(name, name.encode(), "base").digest: s for name, s in SHARES.items()}
    query = "style=mosaic:0.6,udnie:0.4&strength=0.5&keep_colors=true&size=640&max_bytes=90000"
    async with http.post(f"{served.url}/v1/stylize?{query}", data=b"photo") as response:
        assert response.status == 200
        assert response.headers["X-Style-Version"] == "2"
    ((_, (task,)),) = served.fleet.batches
    assert {part.digest: part.share for part in task.parts} == pytest.approx(shares)
    assert task.options == StyleOptions(strength=0.5, keep_colors=True, size=640, max_bytes=90000)


async def test_a_blend_that_cannot_be(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{served.url}/v1/stylize?style=mosaic,udnie", data=b"photo") as response:
        told = await problem(response, 400, "NotBlendable")
        assert "network of its own" in told["title"]
        assert told["name"] == "mosaic"
    async with http.post(f"{served.url}/v1/stylize?style=mosaic,udni", data=b"photo") as response:
        assert (await problem(response, 404, "UnknownStyle"))["name"] == "udni"


async def test_a_sheet(served: Served, http: aiohttp.ClientSession) -> None:
    query = "strength=0.5&keep_colors=true&size=300&format=png&max_bytes=90000&sender=ann&job=7"
    async with http.post(f"{served.url}/v1/sheet?{query}", data=b"photo") as response:
        assert (response.status, response.content_type) == (200, "image/png")
        assert response.headers["X-Style-Version"] == "0"
        assert await response.read() == inverted(b"photo")
    ((_, (task,)),) = served.fleet.batches
    assert task.sheet
    assert [part.label.name for part in task.parts] == ["mosaic", "udnie"]
    assert task.options == StyleOptions(
        strength=0.5, keep_colors=True, size=300, format="png", max_bytes=90000
    )


async def test_a_sheet_names_no_style(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{served.url}/v1/sheet?style=mosaic", data=b"photo") as response:
        await problem(response, 400, "BadOption")
    async with http.post(f"{served.url}/v1/sheet") as response:
        await problem(response, 415, "NotAnImage")


@pytest.mark.parametrize("route", ["stylize?style=mosaic&", "sheet?"])
async def test_a_preview_is_a_second_part(served: Served, http: aiohttp.ClientSession, route: str) -> None:
    async with http.post(f"{served.url}/v1/{route}preview=640", data=b"photo") as response:
        assert response.content_type == "multipart/mixed"
        reader = aiohttp.MultipartReader.from_response(response)
        parts = [(part.headers["Content-Type"], await part.read()) async for part in reader]  # type: ignore[union-attr]
    assert parts == [("image/jpeg", inverted(b"photo")), ("image/jpeg", PREVIEW)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "style=",
        "style=mosaic&strength=7",
        "style=mosaic&strength=nan",
        "style=mosaic&strength=much",
        "style=mosaic&size=1",
        "style=mosaic&size=1e3",
        "style=mosaic&keep_colors=maybe",
        "style=mosaic&format=tiff",
        "style=mosaic&max_bytes=3",
        "style=mosaic&preview=63",
        "style=mosaic&preview=big",
        "style=mosaic:much",
        "style=mosaic,",
        "style=mosaic&strenght=0.5",
        "style=mosaic&job=" + "x" * 501,
    ],
)
async def test_bad_options(served: Served, http: aiohttp.ClientSession, query: str) -> None:
    async with http.post(f"{served.url}/v1/stylize?{query}", data=b"photo") as response:
        await problem(response, 400, "BadOption")
    assert not served.fleet.batches


async def test_no_photo(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{served.url}/v1/stylize?style=mosaic") as response:
        await problem(response, 415, "NotAnImage")


async def test_an_unknown_style(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{served.url}/v1/stylize?style=mosaik", data=b"photo") as response:
        body = await problem(response, 404, "UnknownStyle")
    assert body["near"] == ["mosaic"]
    assert body["known"] == ["mosaic", "udnie"]


@pytest.mark.parametrize(
    ("photo", "status", "kind"),
    [(b"BAD", 415, "NotAnImage"), (b"DIE", 422, "Unpaintable"), (b"LOST", 503, "RegistryUnavailable")],
)
async def test_errors_of_a_photo(
    served: Served, http: aiohttp.ClientSession, photo: bytes, status: int, kind: str
) -> None:
    async with http.post(f"{served.url}/v1/stylize?style=mosaic", data=photo) as response:
        await problem(response, status, kind)


async def test_the_deadline(http: aiohttp.ClientSession) -> None:
    async with serving(batch_seconds=0.05, deadline_seconds=0.1) as served:
        served.fleet.gate.clear()
        async with http.post(f"{served.url}/v1/stylize?style=mosaic", data=b"photo") as response:
            await problem(response, 504, "DeadlineExceeded")


async def announced(size: int) -> AsyncIterator[bytes]:
    for _ in range(size >> 20):
        yield bytes(1 << 20)


@pytest.mark.parametrize("body", [lambda: bytes(MAX_PHOTO + 1), lambda: announced(MAX_PHOTO + (8 << 20))])
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_too_many_bytes_announced_or_not(
    served: Served, http: aiohttp.ClientSession, body: Callable[[], Any]
) -> None:
    async with http.post(f"{served.url}/v1/stylize?style=mosaic", data=body()) as response:
        await problem(response, 413, "ImageTooLarge")
    assert not served.fleet.batches


async def test_a_full_queue_says_when_to_come_again(served: Served, http: aiohttp.ClientSession) -> None:
    requests = await fill(served, http)
    async with http.post(f"{served.url}/v1/stylize?style=mosaic&sender=ann", data=b"photo") as response:
        body = await problem(response, 429, "Busy")
        assert int(response.headers["Retry-After"]) >= body["retry_after"] >= 1
    served.fleet.gate.set()
    for request in requests:
        assert (await request).status == 200
        (await request).release()


@pytest.mark.parametrize("headers", [{"Content-Length": "700000"}, {}], ids=["announced", "in pieces"])
async def test_photos_on_their_way_in_are_limited_too(
    http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    go_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield bytes(600_000)
        await go_on.wait()
        yield bytes(100_000)

    async with serving(max_queued_bytes=1 << 20) as served:
        url = f"{served.url}/v1/stylize?style=mosaic"
        first = asyncio.create_task(http.post(url, data=slow(), headers=headers))
        await until(lambda: served.balancer.admission.arriving >= 600_000)
        async with http.post(url, data=bytes(700_000)) as response:
            await problem(response, 429, "Busy")
        go_on.set()
        async with await first as response:
            assert response.status == 200
        assert served.balancer.admission.arriving == 0
        async with http.post(url, data=bytes(700_000)) as response:
            assert response.status == 200


async def test_who_hangs_up_takes_the_queued_photo_along(served: Served, http: aiohttp.ClientSession) -> None:
    requests = await fill(served, http)
    requests[2].cancel()
    await until(lambda: len(served.balancer.queue) == 1)
    served.fleet.gate.set()
    for request in requests[:2]:
        (await request).release()
    assert served.fleet.painted == [[b"photo 0"], [b"photo 1"]]


async def test_other_routes(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{served.url}/nothing") as response:
        await problem(response, 404)
    async with http.get(f"{served.url}/v1/stylize") as response:
        await problem(response, 405)
        assert response.headers["Allow"] == "POST"


async def test_health(served: Served, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{served.url}/health/live") as response:
        assert response.status == 200
    await until(lambda: served.registry.asked["/api/events"])
    served.fleet.set("r0", "starting")
    async with http.get(f"{served.url}/health/ready") as response:
        assert response.status == 503
        assert "no runner is up" in (await response.json())["reasons"]
    served.fleet.set("r0", "ready")
    async with asyncio.timeout(60):
        while True:
            async with http.get(f"{served.url}/health/ready") as response:
                if response.status == 200:
                    assert await response.json() == {"ready": True, "reasons": []}
                    break
    served.balancer.draining = True
    async with http.get(f"{served.url}/health/ready") as response:
        assert (await response.json())["reasons"] == ["it is shutting down"]


async def test_no_registry_is_not_ready(http: aiohttp.ClientSession) -> None:
    async with serving() as served:
        served.registry.broken = True
        async with http.get(f"{served.url}/health/ready") as response:
            assert "the registry was not reached yet" in (reasons := (await response.json())["reasons"])
        async with http.get(f"{served.url}/v1/status") as response:
            status = await response.json()
        assert (status["ready"], status["reasons"]) == (False, reasons)


async def test_status_and_metrics(served: Served, http: aiohttp.ClientSession) -> None:
    requests = await fill(served, http)
    async with http.get(f"{served.url}/v1/status") as response:
        status = await response.json()
    assert (status["queued"], status["in_flight"], status["draining"]) == (2, 1, False)
    assert [runner["name"] for runner in status["runners"]] == ["r0"]
    served.fleet.gate.set()
    for request in requests:
        (await request).release()
    async with http.get(f"{served.url}/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert 'painter_painted_total{device="cpu",runner="r0"} 3.0\n' in await response.text()


async def test_a_fault_of_ours_is_a_problem_too(
    served: Served, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.fleet, "runners", lambda: 1 / 0)
    async with http.get(f"{served.url}/v1/status") as response:
        body = await problem(response, 500)
    assert "ZeroDivision" not in str(body)
