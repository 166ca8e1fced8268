"""Paintings to learn from, over HTTP, from the form to the file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator

from runner.http.openapi import document
from styles.service.asyncio_tasks import cancel
from tests.fakes.learning.queues import config_of
from tests.fakes.runner.served import Served, serving
from tests.fakes.waiting import until

CORNERS = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]


@pytest.fixture
async def learner(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(learning=config_of(tmp_path)) as served:
        yield served


@pytest.fixture
async def http(learner: Served) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(learner.url) as session:
        yield session


def form(painting: bytes = b"canvas", **fields: Any) -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field("painting", painting, filename="p.jpg")
    for name, value in fields.items():
        data.add_field(name, value, filename="photo.jpg" if name == "photo" else None)
    return data


async def states(http: aiohttp.ClientSession, path: str) -> list[dict[str, Any]]:
    """All events of a job, until it has ended."""
    async with http.get(f"{path}/events") as response:
        assert response.content_type == "text/event-stream"
        events = (await response.text()).split("\n\n")[:-1]
    assert all(event.startswith("event: status\ndata: {") for event in events)
    seen = [json.loads(event.partition("data: ")[2]) for event in events]
    components = document()["components"]
    job = {"$ref": "#/components/schemas/LearningJob", "components": components}
    for state in seen:
        Draft202012Validator(job).validate(state)
    return seen


@pytest.mark.parametrize("queries", [("?swapped",), ("", "?swapped")], ids=["ended", "forgotten"])
async def test_a_wrong_picture_counts_no_more_where_it_is_known_late_to_be_one(
    learner: Served, http: aiohttp.ClientSession, queries: tuple[str, ...]
) -> None:
    async with http.post("/learn", data=form(name="garden", owner="ada-1234")) as response:
        place = response.headers["Location"]
    await states(http, place)
    assert learner.learning.quota.of("ada-1234") == 1
    for query in queries:
        async with http.delete(f"{place}{query}"):
            pass
    assert learner.learning.quota.of("ada-1234") == 0


async def test_what_a_client_sent_and_did_not_wait_for_is_accepted(
    learner: Served, http: aiohttp.ClientSession
) -> None:
    queue = learner.learning
    async with queue._accepting:
        sending = asyncio.create_task(http.post("/learn", data=form(name="garden", key="k" * 8)))
        await until(lambda: queue._accepting._waiters)
        await cancel(sending)
        gone = asyncio.get_running_loop().time() + 0.1  # the server hears of it by its socket
        await until(lambda: asyncio.get_running_loop().time() > gone)
    await until(lambda: queue._jobs)


async def test_a_painting_becomes_a_style(http: aiohttp.ClientSession) -> None:
    fields = {"name": "my-garden", "title": "Garden", "corners": json.dumps(CORNERS), "key": "k" * 8}
    async with http.post("/learn", data=form(b"canvas", **fields)) as response:
        assert response.status == 202
        job, place = await response.json(), response.headers["Location"]
    assert (place, job["kind"], job["name"]) == (f"/learn/{job['id']}", "style", "my-garden")
    seen = await states(http, place)
    assert seen[-1]["state"] == "done"
    async with http.post("/learn", data=form(b"canvas", **fields)) as response:
        assert (await response.json())["id"] == job["id"]
    async with http.get(f"{place}/style") as response:
        assert await response.read() == b"learnt canvas"
        assert response.content_type == "application/octet-stream"
    async with http.get(f"{place}/thumbnail") as response:
        assert (response.content_type, await response.read()) == ("image/jpeg", b"can")
    async with http.get(f"{place}/preview") as response:
        assert (response.content_type, await response.read()) == ("image/jpeg", b"preview")
        tag = response.headers["ETag"]
    async with http.get(f"{place}/preview", headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    async with http.get(f"{place}/picture") as response:
        assert response.status == 404
    for name, status in (("my garden", 400), ("garden-2", 204)):
        async with http.put(f"{place}/published", params={"name": name}) as response:
            assert response.status == status
    assert (await states(http, place))[-1]["published"] == "garden-2"
    for part, status in (("thumbnail", 404), ("painting", 404), ("preview", 404), ("style", 200)):
        async with http.get(f"{place}/{part}") as response:
            assert response.status == status  # its answer may be lost, so that it is published again
    async with http.delete(place) as response:
        assert response.status == 204
    async with http.get(place) as response:
        assert response.status == 404


async def test_a_photo_becomes_one_picture(http: aiohttp.ClientSession) -> None:
    async with http.post("/learn", data=form(photo=b" face")) as response:
        place = response.headers["Location"]
    assert (await states(http, place))[-1]["kind"] == "picture"
    async with http.get(f"{place}/picture") as response:
        assert await response.read() == b"learnt canvas face"
    async with http.get(f"{place}/style") as response:
        assert response.status == 404


async def test_a_job_is_cancelled(http: aiohttp.ClientSession) -> None:
    async with http.post("/learn", data=form(b"HANG", name="x")) as response:
        place = response.headers["Location"]
    for asked in (http.get(f"{place}/style"), http.put(f"{place}/published?name=x")):
        async with asked as response:
            assert response.status == 404
    async with http.delete(place) as response:
        assert response.status == 204
    assert [state["state"] for state in await states(http, place)] == ["cancelled"]


async def test_a_job_of_another_owner_is_answered_as_an_unknown_one(
    learner: Served, http: aiohttp.ClientSession
) -> None:
    places = []
    for owner in ("ann-of-us", "bob-of-us"):
        async with http.post("/learn", data=form(name="garden", key="k" * 8, owner=owner)) as response:
            places.append(response.headers["Location"])
    (ann, bob), unknown = places, f"/learn/{'0' * 32}"
    assert ann != bob  # though their keys are the same
    await states(http, ann)
    requests = [("GET", part) for part in ("", "/events", "/painting", "/preview", "/style")]
    for method, part in [*requests, ("PUT", "/published"), ("DELETE", "")]:
        answers = []
        for path in (ann, unknown):
            query = {"owner": "bob-of-us", **({"name": "garden"} if part == "/published" else {})}
            async with http.request(method, f"{path}{part}", params=query) as response:
                answers.append((response.status, await response.json()))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    async with http.get(ann, params=[("owner", "bob-of-us"), ("owner", "ann-of-us")]) as response:
        assert (await response.json())["state"] == "done"


async def test_corners_are_found(http: aiohttp.ClientSession) -> None:
    async with http.post("/learn/corners", data=form()) as response:
        found = await response.json()
    assert found == {"corners": CORNERS, "width": 640, "height": 480, "found": True}
    async with http.post("/learn/corners", data=form(b"BAD")) as response:
        assert response.status == 422
        assert "blank" in (await response.json())["title"]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 400, "Name the style"),
        ({"name": "x", "flavour": "sweet"}, 400, "Nobody knows the option flavour"),
        ({"name": "x", "photo": b""}, 415, "could not open"),
    ],
)
async def test_a_form_with_mistakes_is_refused(
    http: aiohttp.ClientSession, fields: dict[str, str], status: int, words: str
) -> None:
    async with http.post("/learn", data=form(b"canvas", **fields)) as response:
        assert response.status == status
        assert words in (await response.json())["title"]


@pytest.mark.parametrize(
    "make",
    [lambda: b"canvas", lambda: aiohttp.FormData({"name": "x"}), lambda: form(b"", name="x")],
    ids=["no form", "no painting", "an empty one"],
)
async def test_a_body_without_a_painting_is_refused(
    http: aiohttp.ClientSession, make: Callable[[], Any]
) -> None:
    async with http.post("/learn", data=make()) as response:
        assert response.status in (400, 415)
        assert response.content_type == "application/problem+json"


async def test_a_balancer_that_does_not_learn_says_how_to_switch_it_on(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as http:
        async with http.post("/learn", data=form(name="x")) as response:
            assert response.status == 501
            problem = await response.json()
        assert "learn = true" in problem["detail"]
        async with http.get("/v1/status") as response:
            assert (await response.json())["learning"]["problem"] == problem


async def test_metrics_and_status_tell_of_learning(http: aiohttp.ClientSession) -> None:
    async with http.post("/learn", data=form(name="x")) as response:
        await states(http, response.headers["Location"])
    async with http.get("/metrics") as response:
        text = await response.text()
    assert 'painter_learnt_total{state="done"} 1.0' in text
    assert "painter_learning_queued 0.0" in text
    async with http.get("/v1/status") as response:
        learning = (await response.json())["learning"]
    assert learning == {"queued": 0, "running": [], "ended": {"done": 1}, "problem": None}
