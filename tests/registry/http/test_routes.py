from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from registry.app import running
from registry.blobs.blob import digest_of
from registry.blobs.folder import FolderBlobs
from registry.blobs.in_database import DatabaseBlobs
from registry.client import RegistryClient
from registry.config import RegistryConfigFile
from registry.database.dialect import StateUnavailable
from registry.store.store import Store
from styles.formats import style_file
from tests.fakes.registry.databases import both, damage
from tests.fakes.registry.service import NAMES, Service


async def get(service: Service, path: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """Status, JSON or bytes, and headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with service.client.get(path, headers=named) as response:
        json = response.content_type.endswith("json")
        body = await response.json(content_type=None) if json else await response.read()
        return response.status, body, {key.lower(): value for key, value in response.headers.items()}


@both
async def test_the_list_of_styles(service: Service) -> None:
    status, styles, _ = await get(service, "/api/styles")
    assert status == 200
    assert [style["name"] for style in styles] == list(NAMES)
    first = styles[0]
    assert first["title"] == "Great-Wave"
    assert first["artist"] == "Nobody"
    assert first["aliases"] == {"live": 1}
    status, preview, headers = await get(service, first["preview"])
    assert preview == (service.builtin / "great-wave" / "preview.jpg").read_bytes()
    assert headers["content-type"] == "image/jpeg"


@both
async def test_a_list_says_how_many_there_are_and_304_until_it_changes(service: Service) -> None:
    path = "/api/styles?limit=1&page=2"
    status, styles, headers = await get(service, path)
    assert (status, [style["name"] for style in styles]) == (200, [NAMES[1]])
    assert headers["x-total-count"] == str(len(NAMES))
    tag = headers["etag"]
    status, body, headers = await get(service, path, If_None_Match=f'"other", {tag}')
    assert (status, body, headers["etag"]) == (304, b"", tag)
    assert (await get(service, "/api/styles?limit=1", If_None_Match=tag))[0] == 200  # another list
    with service.second_store() as store:
        store.retire(NAMES[0])
    status, styles, headers = await get(service, path, If_None_Match=tag)
    assert (status, [style["name"] for style in styles]) == (200, [NAMES[2]])
    assert headers["x-total-count"] == str(len(NAMES) - 1)
    assert headers["etag"] != tag


@both
async def test_one_style(service: Service) -> None:
    status, style, _ = await get(service, "/api/styles/udnie")
    assert status == 200
    assert style["card"]["licence"] == "CC0-1.0"
    assert style["aliases"] == {"live": 1}
    (version,) = style["versions"]
    assert version["version"] == 1
    assert version["digest"] == digest_of(service.builtin / "udnie" / "weights.safetensors")
    assert (await get(service, version["weights"]))[0] == 200


@both
async def test_resolve(service: Service) -> None:
    weights = service.builtin / "starry-night" / "weights.safetensors"
    expected = {
        "name": "starry-night",
        "version": 1,
        "digest": digest_of(weights),
        "base": style_file.read(weights).base,
        "format": "safetensors",
        "architecture": "style-unet",
        "bytes": weights.stat().st_size,
    }
    for query in ("", "?ref=live", "?ref=1"):
        assert (await get(service, f"/api/styles/starry-night/resolve{query}"))[:2] == (200, expected)


@both
async def test_resolve_says_304_until_the_alias_moves(service: Service) -> None:
    path = "/api/styles/udnie/resolve"
    tag = (await get(service, path))[2]["etag"]
    status, body, headers = await get(service, path, If_None_Match=tag)
    assert (status, body, headers["etag"]) == (304, b"", tag)
    assert (await get(service, path, If_None_Match=f'"other", W/{tag}'))[0] == 304
    with service.second_store() as store:
        card = store.style("udnie").live.card
        store.publish(card, service.builtin / "great-wave" / "weights.safetensors")
    status, body, _ = await get(service, path, If_None_Match=tag)
    assert (status, body["version"]) == (200, 2)
    assert (await get(service, f"{path}?ref=previous"))[1]["version"] == 1


@both
async def test_an_unknown_style_is_a_problem_that_helps(service: Service) -> None:
    for path in (
        "/api/styles/stary-nigth",
        "/api/styles/stary-nigth/resolve",
        "/styles/stary-nigth/preview.jpg",
    ):
        status, problem, headers = await get(service, path)
        assert status == problem["status"] == 404
        assert headers["content-type"].startswith("application/problem+json")
        assert problem["title"] == "I know no style called “stary-nigth”."
        assert problem["type"] == "urn:mailbot:error:UnknownStyle"
        assert problem["detail"]
        assert problem["near"] == ["starry-night"]
        assert problem["known"] == list(NAMES)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/styles/udnie/resolve?ref=7", 404),
        ("GET", "/blobs/123", 404),
        ("GET", "/blobs/" + "0" * 64, 404),
        ("GET", "/blobs/..%2Fregistry.db", 404),
        ("GET", "/static/..%2Fweb.py", 404),
        ("DELETE", "/api/styles", 405),
        ("POST", "/api/events", 405),
        ("GET", "/api/events?since=x", 400),
        ("GET", "/api/events?since=-1", 400),
        ("GET", "/api/events?since=nan", 400),
        ("GET", "/api/events?since=1e300", 400),
        ("GET", "/api/events?wait=soon", 400),
    ],
)
@both
async def test_every_refusal_is_a_problem(service: Service, method: str, path: str, status: int) -> None:
    url = URL(service.url.rstrip("/") + path, encoded=True)
    async with service.client.session.request(method, url) as response:
        problem = await response.json(content_type="application/problem+json")
        assert (response.status, problem["status"]) == (status, status)
        assert problem["title"]
        assert problem["detail"]
        assert (status == 405) == ("Allow" in response.headers)
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_our_own_fault_is_a_500_that_tells_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Store) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(Store, "styles", broken)
    status, problem, headers = await get(service, "/api/styles")
    assert (status, problem["status"]) == (500, 500)
    assert headers["content-type"].startswith("application/problem+json")
    assert "secret" not in str(problem)
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database is locked"),
        StateUnavailable("It is away.", "no route to db.example"),
    ],
)
async def test_a_database_that_does_not_answer_is_a_503(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def locked(_: Store) -> None:
        raise error

    monkeypatch.setattr(Store, "styles", locked)
    monkeypatch.setattr(Store, "sizes", locked)
    for path in ("/api/styles", "/health/ready"):
        status, problem, headers = await get(service, path)
        assert (status, problem["status"], headers["retry-after"]) == (503, 503, "5")
        assert "db.example" not in str(problem)
    assert str(error) in caplog.text
    assert ("Traceback" in caplog.text) == isinstance(error, sqlite3.Error)
    assert (await get(service, "/health/live"))[0] == 200


@both
async def test_a_blob_is_for_ever(service: Service) -> None:
    weights = (service.builtin / "udnie" / "weights.safetensors").read_bytes()
    digest = digest_of(service.builtin / "udnie" / "weights.safetensors")
    for path in (f"/blobs/{digest}", f"/blobs/{digest[7:]}", f"/blobs/{digest[7:].upper()}"):
        status, body, headers = await get(service, path)
        assert (status, body) == (200, weights)
        assert headers["etag"] == f'"{digest}"'
        assert "immutable" in headers["cache-control"]
        assert headers["content-type"] == "application/octet-stream"
        assert headers["accept-ranges"] == "bytes"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
    for known in (f'"{digest}"', f'W/"{digest}"', "*", f'"x", "{digest}"'):
        status, body, headers = await get(service, path, If_None_Match=known)
        assert (status, body, headers["etag"]) == (304, b"", f'"{digest}"')
    assert (await get(service, path, If_None_Match='"sha256:other"'))[0] == 200


@both
async def test_a_blob_in_parts(service: Service) -> None:
    weights = (service.builtin / "udnie" / "weights.safetensors").read_bytes()
    digest = digest_of(service.builtin / "udnie" / "weights.safetensors")
    path, size = f"/blobs/{digest}", len(weights)
    status, body, headers = await get(service, path, Range="bytes=10-19")
    assert (status, body) == (206, weights[10:20])
    assert headers["content-range"] == f"bytes 10-19/{size}"
    assert headers["content-length"] == "10"
    assert (await get(service, path, Range="bytes=-5"))[1] == weights[-5:]
    assert (await get(service, path, Range="bytes=10-19", If_Range=f'"{digest}"'))[0] == 206
    assert (await get(service, path, Range="bytes=10-19", If_Range='"other"'))[:2] == (200, weights)
    status, problem, headers = await get(service, path, Range=f"bytes={size}-")
    assert (status, problem["status"]) == (416, 416)
    assert headers["content-range"] == f"bytes */{size}"


@both
async def test_a_large_blob_comes_in_several_pieces(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderBlobs, "chunk", 1000)
    monkeypatch.setattr(DatabaseBlobs, "chunk", 1000)
    weights = (service.builtin / "udnie" / "weights.safetensors").read_bytes()
    path = f"/blobs/{digest_of(service.builtin / 'udnie' / 'weights.safetensors')}"
    assert (await get(service, path))[1] == weights
    assert (await get(service, path, Range="bytes=500-2499"))[1] == weights[500:2500]


@both
async def test_a_blob_that_was_damaged_is_never_sent_as_whole(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, weights = (service.builtin / name / "weights.safetensors" for name in ("great-wave", "udnie"))
    path = f"/blobs/{digest_of(weights)}"
    assert (await get(service, path))[0] == 200  # whole when it was first read
    for file in (other, weights):
        damage(service.config.registry.location, digest_of(file), file.read_bytes()[:1500])
    assert (await get(service, path))[0] == 500
    monkeypatch.setattr(FolderBlobs, "chunk", 1000)
    monkeypatch.setattr(DatabaseBlobs, "chunk", 1000)  # now the first piece is out before it is found
    with pytest.raises(aiohttp.ClientPayloadError):
        await get(service, path)
    assert (await get(service, f"/blobs/{digest_of(other)}"))[0] == 500  # nothing of it is sent
    damage(service.config.registry.location, digest_of(weights), None)
    assert (await get(service, path))[0] == 500


async def test_head_has_the_headers_and_nothing_else(service: Service) -> None:
    weights = service.builtin / "udnie" / "weights.safetensors"
    async with service.client.head(f"/blobs/{digest_of(weights)}") as response:
        assert response.status == 200
        assert response.headers["Content-Length"] == str(weights.stat().st_size)
        assert await response.read() == b""
    assert (await get(service, "/health/live"))[0] == 200  # the connection is still in order


@both
async def test_events_are_answered_at_once_if_there_are_any(service: Service) -> None:
    status, answer, _ = await get(service, "/api/events")
    assert status == 200
    assert answer["last"] == 3
    assert [event["style"] for event in answer["events"]] == list(NAMES)
    assert (await get(service, "/api/events?since=2"))[1]["events"] == answer["events"][2:]


async def test_a_number_from_another_life_is_answered_at_once(service: Service) -> None:
    assert (await get(service, "/api/events?since=1000"))[1] == {"events": [], "last": 3}


@both
async def test_the_wait_is_bounded(service: Service) -> None:
    assert (await get(service, "/api/events?since=3&wait=0.01"))[1] == {"events": [], "last": 3}


@both
async def test_the_long_poll_wakes_on_a_publication(service: Service) -> None:
    waiting = asyncio.create_task(get(service, "/api/events?since=3"))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    with service.second_store() as store:
        card = store.style("udnie").live.card
        store.publish(card, service.builtin / "udnie" / "weights.safetensors")
    _, answer, _ = await asyncio.wait_for(waiting, 10)
    (event,) = answer["events"]
    assert (event["style"], event["version"], event["kind"], answer["last"]) == ("udnie", 2, "published", 4)


@both
async def test_the_long_poll_ends_with_the_registry(config: RegistryConfigFile, builtin: Path) -> None:
    async with contextlib.AsyncExitStack() as ending:
        url = await ending.enter_async_context(running(config, builtin))
        async with RegistryClient(url) as client:
            waiting = asyncio.create_task(client.events(3))
            done, _ = await asyncio.wait([waiting], timeout=0.1)
            assert not done
            await asyncio.wait_for(ending.aclose(), 10)
            assert (await waiting).events == ()


@both
async def test_health(service: Service) -> None:
    assert (await get(service, "/health/live"))[:2] == (200, {"status": "live"})
    assert (await get(service, "/health/ready"))[:2] == (200, {"status": "ready", "styles": 3})


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), ZeroDivisionError()])
async def test_a_path_is_one_line_of_the_log(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(store: Store, name: str) -> None:
        raise error

    monkeypatch.setattr(Store, "style", fail)
    caplog.set_level(logging.WARNING)
    assert (await get(service, "/api/styles/a%0Ab%1B"))[0] >= 500
    assert caplog.records[0].getMessage().startswith("GET /api/styles/a�b�")
