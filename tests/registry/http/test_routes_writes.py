from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from registry.database.dialect import StateDatabase
from registry.database.sqlite import BUSY_SECONDS
from registry.http import publish as publish_handler
from registry.http.auth import COOKIE
from styles.errors import BadCheckpoint
from tests.fakes.registry.databases import both
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.uploads import published
from tests.fakes.waiting import until

BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def call(service: Service, method: str, path: str, **more: Any) -> tuple[int, Any]:
    """Status and answer, as a writer."""
    async with service.client.request(method, path, headers=BEARER, **more) as response:
        return response.status, await response.json(content_type=None) if response.status != 204 else None


@pytest.fixture
def two_versions(service: Service) -> Service:
    """`udnie` has two versions."""
    with service.second_store() as store:
        card = store.style("udnie").live.card
        store.publish(card, service.builtin / "great-wave" / "weights.safetensors")
    return service


async def aliases(service: Service) -> dict[str, int]:
    answer: dict[str, int] = (await call(service, "GET", "/api/styles/udnie"))[1]["aliases"]
    return answer


async def test_live_moves_to_a_version_and_previous_follows(two_versions: Service) -> None:
    status, answer = await call(two_versions, "PUT", "/api/styles/udnie/aliases/live", json={"version": 1})
    assert (status, answer["version"], answer["name"]) == (200, 1, "udnie")
    assert await aliases(two_versions) == {"live": 1, "previous": 2}


async def test_an_alias_of_ones_own(two_versions: Service) -> None:
    status, _ = await call(two_versions, "PUT", "/api/styles/udnie/aliases/night", json={"version": 1})
    assert status == 200
    assert (await call(two_versions, "GET", "/api/styles/udnie/resolve?ref=night"))[1]["version"] == 1


@both
async def test_a_rollback_and_back_again(two_versions: Service) -> None:
    for version in (1, 2):
        status, answer = await call(two_versions, "POST", "/api/styles/udnie/rollback")
        assert (status, answer["version"]) == (200, version)


@both
async def test_a_retired_style_is_gone_by_its_name(two_versions: Service) -> None:
    resolved = (await call(two_versions, "GET", "/api/styles/udnie/resolve"))[1]
    assert await call(two_versions, "DELETE", "/api/styles/udnie") == (204, None)
    assert (await call(two_versions, "GET", "/api/styles/udnie"))[0] == 404
    assert (await call(two_versions, "DELETE", "/api/styles/udnie"))[0] == 404
    async with two_versions.client.get(f"/blobs/{resolved['digest']}") as blob:
        assert blob.status == 200  # for the jobs that have begun on it


async def test_the_default_style_is_not_retired(two_versions: Service) -> None:
    status, problem = await call(two_versions, "DELETE", "/api/styles/great-wave")
    assert (status, problem["type"]) == (409, "urn:mailbot:error:DefaultStyle")
    assert (await call(two_versions, "GET", "/api/styles/great-wave"))[0] == 200


@both
async def test_the_trail(two_versions: Service) -> None:
    await call(two_versions, "POST", "/api/styles/udnie/rollback")
    await call(two_versions, "DELETE", "/api/styles/starry-night")
    status, entries = await call(two_versions, "GET", "/api/audit?limit=2")
    assert status == 200
    assert [(entry["action"], entry["style"], entry["version"]) for entry in entries] == [
        ("retired", "starry-night", 1),
        ("rolled back", "udnie", 1),
    ]
    assert {entry["by"] for entry in entries} == {"operator"}
    assert [e["action"] for e in (await call(two_versions, "GET", "/api/audit?style=starry-night"))[1]] == [
        "retired",
        "published",
    ]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1001", "", "9" * 5000, "١"])
async def test_limits_that_are_none(service: Service, limit: str) -> None:
    assert (await call(service, "GET", "/api/audit", params={"limit": limit}))[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "version"),
    [
        ("PUT", "/api/styles/udnie/aliases/live", 1),
        ("POST", "/api/styles/udnie/rollback", None),
        ("DELETE", "/api/styles/udnie", None),
    ],
)
@both
async def test_every_change_wakes_those_who_wait(
    no_polls: None, two_versions: Service, method: str, path: str, version: int | None
) -> None:
    waiting = asyncio.create_task(two_versions.client.get("/api/events?since=4"))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    await call(two_versions, method, path, json={"version": version} if version else None)
    answer = await (await asyncio.wait_for(waiting, 10)).json()
    assert [event["style"] for event in answer["events"]] == ["udnie"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": 9}', 404),
        ("PUT", "/api/styles/nobody/aliases/live", b'{"version": 1}', 404),
        ("PUT", "/api/styles/udnie/aliases/previous", b'{"version": 1}', 400),
        ("PUT", "/api/styles/udnie/aliases/7", b'{"version": 1}', 400),
        ("PUT", "/api/styles/udnie/aliases/..%2Flive", b'{"version": 1}', 400),
        ("PUT", "/api/styles/udnie/aliases/live", b"", 400),
        ("PUT", "/api/styles/udnie/aliases/live", b"{", 400),
        ("PUT", "/api/styles/udnie/aliases/live", b"[" * 60_000, 400),
        ("PUT", "/api/styles/udnie/aliases/live", b"\xff", 400),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": ' + b"9" * 5000 + b"}", 400),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": 99999999999999999999}', 404),
        ("PUT", "/api/styles/udnie/aliases/live", b"x" * 100_000, 413),
        ("PUT", "/api/styles/udnie/aliases/live", b"[]", 422),
        ("PUT", "/api/styles/udnie/aliases/live", b"{}", 422),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": 0}', 422),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": true}', 422),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": "1"}', 422),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": 1.5}', 422),
        ("PUT", "/api/styles/udnie/aliases/live", b'{"version": 1, "x": 1}', 422),
        ("POST", "/api/styles/udnie/rollback", b"", 409),
        ("POST", "/api/styles/nobody/rollback", b"", 404),
        ("DELETE", "/api/styles/nobody", b"", 404),
        ("GET", "/api/styles/udnie/rollback", b"", 405),
        ("PATCH", "/api/styles/udnie", b"", 405),
    ],
)
async def test_every_refusal_is_a_problem(
    service: Service, method: str, path: str, body: bytes, status: int
) -> None:
    headers = BEARER | {"Content-Type": "application/json"}
    async with service.client.request(method, path, data=body, headers=headers) as response:
        problem = await response.json(content_type="application/problem+json")
        assert (response.status, problem["status"]) == (status, status)
        assert problem["title"]
        assert problem["detail"]
        assert (status == 405) == ("Allow" in response.headers)


@pytest.mark.parametrize(
    "type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=klingon"]
)
async def test_other_bodies_than_json(service: Service, type: str) -> None:
    headers = BEARER | {"Content-Type": type}
    path = "/api/styles/udnie/aliases/live"
    async with service.client.put(path, data=b'{"version": 1}', headers=headers) as response:
        assert response.status == (400 if "json" in type else 415)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/styles/udnie/versions"),
        ("PUT", "/api/styles/udnie/aliases/live"),
        ("POST", "/api/styles/udnie/rollback"),
        ("DELETE", "/api/styles/udnie"),
        ("GET", "/api/audit"),
    ],
)
async def test_strangers_change_nothing(two_versions: Service, method: str, path: str) -> None:
    before = await aliases(two_versions)
    async with two_versions.client.request(method, path, json={"version": 1}) as response:
        assert response.status == 401
    assert await aliases(two_versions) == before


@pytest.mark.parametrize("kind", ["promote", "roll back", "retire", "log in", "log out", "publish", "refuse"])
@both
async def test_who_reads_does_not_wait_while_many_writes_wait_for_another_process(
    service: Service, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def write() -> int:
        if kind in ("publish", "refuse"):
            return (await published(service))[0]
        calls: dict[str, tuple[str, str, dict[str, Any]]] = {
            "promote": ("PUT", "/api/styles/udnie/aliases/night", {"json": {"version": 1}}),
            "roll back": ("POST", "/api/styles/udnie/rollback", {}),
            "retire": ("DELETE", "/api/styles/udnie", {}),
            "log in": ("POST", "/login", {"data": {"token": TOKEN}}),
            "log out": ("POST", "/logout", {"cookies": {COOKIE: "some"}}),
        }
        method, path, more = calls[kind]
        more |= {"allow_redirects": False, "headers": {} if "log" in kind else BEARER}
        async with service.client.request(method, path, **more) as response:
            return response.status

    other = service.config.registry.location.open().database
    waiting, kind_of_database = threading.Event(), type(other)
    writing = kind_of_database.writing

    def noted(state: StateDatabase) -> Any:
        waiting.set()
        return writing(state)

    service.validator.error = BadCheckpoint("No.") if kind == "refuse" else None
    monkeypatch.setattr(publish_handler, "OF_A_PERSON", 6)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    with other.writing():
        monkeypatch.setattr(kind_of_database, "writing", noted)
        writes = [asyncio.create_task(write()) for _ in range(6)]
        await until(waiting.is_set)
        async with asyncio.timeout(BUSY_SECONDS / 2), service.client.get("/api/styles") as response:
            assert response.status == 200
        assert not any(write.done() for write in writes)
    other.close()
    assert max(await asyncio.gather(*writes)) < 500
