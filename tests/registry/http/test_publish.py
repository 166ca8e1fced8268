from __future__ import annotations

import asyncio
import errno
import json
import logging
import shutil
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from registry.app import create_app, running
from registry.blobs.blob import digest_of
from registry.config import RegistryConfigFile
from registry.http import publish as publish_handler
from registry.store.store import Store
from styles.errors import BadCheckpoint, Busy, ValuesNeeded
from tests.fakes.registry.service import NAMES, TOKEN, Service
from tests.fakes.registry.uploads import BEARER, VERSIONS, form, published
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.waiting import until


def left(service: Service) -> list[Path]:
    """What uploads have left behind."""
    return list((service.config.registry.data / "incoming").iterdir())


async def test_what_passes_is_live_at_once(service: Service) -> None:
    fields = {
        "title": "Mosaic",
        "artist": "Ada",
        "year": "2026",
        "licence": "CC0-1.0",
        "description": "Tiles.",
    }
    async with service.client.post(VERSIONS, data=form(**fields), headers=BEARER) as response:
        answer = await response.json()
        assert response.status == 201
        assert response.headers["Location"] == "/api/styles/mosaic/resolve?ref=1"
    resolved = await (await service.client.get("/api/styles/mosaic/resolve")).json()
    assert answer["name"] == resolved["name"] == "mosaic"
    assert answer["version"] == resolved["version"] == 1
    assert answer["digest"] == resolved["digest"]
    assert answer["notes"] == ["The stand-in looked at nothing."]
    assert answer["seconds"] == 0.25
    async with service.client.get(answer["preview"]) as preview:
        assert (preview.status, preview.content_type) == (200, "image/jpeg")
    card = (await (await service.client.get("/api/styles/mosaic")).json())["card"]
    assert {key: card[key] for key in fields} == fields
    assert (card["pixel_range"], card["architecture"]) == ("0..1", "onnx")
    assert left(service) == []


async def test_a_second_version_and_the_title_from_the_name(service: Service) -> None:
    assert (await published(service, "/api/styles/great-wave/versions"))[1]["version"] == 2
    style = await (await service.client.get("/api/styles/great-wave")).json()
    assert style["aliases"] == {"live": 2, "previous": 1}
    assert style["title"] == "Great Wave"


async def test_the_pixel_range_is_told_to_the_trial(service: Service) -> None:
    await published(service, pixel_range="0..255")
    await published(service)
    assert service.validator.asked == ["0..255", None]
    assert (await (await service.client.get("/api/styles/mosaic")).json())["versions"][1]["card"][
        "pixel_range"
    ] == "0..255"


async def test_values_are_told_to_the_trial_and_asked_for_where_they_are_missing(service: Service) -> None:
    await published(service, values="3:0.5,  12:0.5")
    assert service.validator.values == ["3:0.5, 12:0.5"]
    inputs = [{"name": "style_weights", "numbers": 26, "choices": 26}]
    service.validator.error = ValuesNeeded("It takes style_weights, 26 numbers.", inputs=inputs)
    status, problem = await published(service)
    assert (status, problem["inputs"]) == (422, inputs)
    assert problem["type"] == "urn:mailbot:error:ValuesNeeded"
    assert problem["title"] == problem["detail"] == "It takes style_weights, 26 numbers."


async def test_the_trail_says_who(service: Service) -> None:
    with service.second_store() as store:
        secret = store.tokens.add("Ada")
        await published(service, headers={"Authorization": f"Bearer {secret}"})
        entry = store.audit(1)[0]
    assert (entry.by, entry.action, entry.style, entry.version) == ("Ada", "published", "mosaic", 1)


async def test_the_long_poll_wakes_at_once(no_polls: None, service: Service) -> None:
    waiting = asyncio.create_task(service.client.get("/api/events?since=3"))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    await published(service)
    answer = await (await asyncio.wait_for(waiting, 10)).json()
    assert [event["style"] for event in answer["events"]] == ["mosaic"]


async def test_what_is_refused_leaves_nothing(service: Service) -> None:
    before = sorted(service.config.registry.data.rglob("*"))
    service.validator.error = BadCheckpoint("The output is black: set pixel range.", "mean 0.002")
    status, problem = await published(service)
    assert (status, problem["status"]) == (422, 422)
    assert problem["title"] == "The output is black: set pixel range."
    assert problem["detail"] == "The output is black: set pixel range. (mean 0.002)"
    assert problem["type"] == "urn:mailbot:error:BadCheckpoint"
    assert sorted(service.config.registry.data.rglob("*")) == before
    assert (await service.client.get("/api/styles/mosaic")).status == 404
    with service.second_store() as store:
        entry = store.audit(1)[0]
    assert (entry.action, entry.style, entry.detail) == ("refused", "mosaic", problem["title"])


async def test_a_judge_who_is_busy_is_429(service: Service) -> None:
    service.validator.error = Busy(5.0)
    async with service.client.post(VERSIONS, data=form(), headers=BEARER) as response:
        assert response.content_type == "application/problem+json"
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    assert left(service) == []


async def test_too_many_at_once_are_told_to_come_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.validator.go_on.clear()
    uploads = [asyncio.create_task(published(service)) for _ in range(publish_handler.OF_A_PERSON)]
    await until(lambda: len(service.validator.asked) == publish_handler.OF_A_PERSON)
    async with service.client.post(VERSIONS, data=form(), headers=BEARER) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    with service.second_store() as store:
        ada = {"Authorization": f"Bearer {store.tokens.add('Ada')}"}
    monkeypatch.setattr(publish_handler, "AT_ONCE", publish_handler.OF_A_PERSON)
    others = asyncio.create_task(published(service, "/api/styles/candy/versions", ada))
    await until(lambda: len(service.validator.asked) == publish_handler.OF_A_PERSON + 1)
    assert (await published(service, "/api/styles/candy/versions", ada))[0] == 429
    service.validator.go_on.set()
    assert sorted([answer["version"] for _, answer in await asyncio.gather(*uploads)]) == [1, 2, 3, 4]
    assert (await others)[0] == 201
    assert (await published(service))[0] == 201
    assert left(service) == []


@pytest.mark.parametrize(
    "name",
    ["..%2F..%2Fetc", "%2Fetc", "..", "Mosaic", "-x", "x" * 65, "mo%00saic", "%E2%80%AEx", "mosa%C3%AFc"],
)
async def test_names_that_cannot_be_one(service: Service, name: str) -> None:
    status, problem = await published(service, f"/api/styles/{name}/versions")
    assert status == problem["status"]
    assert status in (400, 404)  # `..` is gone before anybody asks
    assert left(service) == []


async def test_a_full_disk_is_said(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store, "publish", full)
    assert (await published(service))[0] == 507
    assert left(service) == []


async def raw(
    service: Service, head: str, body: bytes = b""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request by hand, on a connection of its own."""
    url = URL(service.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"POST {VERSIONS} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body)
    await writer.drain()
    return reader, writer


MULTIPART = "Content-Type: multipart/form-data; boundary=b"
WHOLE = b'--b\r\nContent-Disposition: form-data; name="weights"\r\n\r\nweights\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("headers", "length", "status"),
    [
        (MULTIPART, 2**20, b"401"),
        (f"{MULTIPART}\r\nAuthorization: Bearer wrong", 2**20, b"401"),
        (f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}", 2**40, b"413"),
        (f"Content-Type: text/plain\r\nAuthorization: Bearer {TOKEN}", 2**20, b"415"),
    ],
)
@pytest.mark.parametrize("expect", ["", "\r\nExpect: 100-continue"])
async def test_who_may_not_is_told_before_the_body(
    service: Service, headers: str, length: int, status: bytes, expect: str
) -> None:
    reader, writer = await raw(service, f"{headers}\r\nContent-Length: {length}{expect}")
    line = await asyncio.wait_for(reader.readline(), 10)  # and not a byte of the body was sent
    assert line.split()[1] == status
    rest = await asyncio.wait_for(reader.readuntil(b"}"), 10)
    assert b"application/problem+json" in rest
    assert json.loads(rest[rest.index(b"{") :])["status"] == int(status)
    counted = (await (await service.client.get("/metrics")).text()).splitlines()
    assert (
        'registry_requests_total{method="POST",route="/api/styles/{name}/versions",status="4xx"} 1.0'
        in counted
    )
    writer.close()
    await writer.wait_closed()
    assert left(service) == []


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        (f"{MULTIPART}\r\nContent-Length: {2**40}", b"", "The style file is too large"),
        ("Content-Type: text/plain\r\nContent-Length: 1", b"x", "A publication is a form"),
        (f"{MULTIPART}\r\nContent-Length: 5", b"--x--", "The form cannot be read"),
        (f"{MULTIPART}\r\nContent-Length: 5", b"--b--", "The form has no file"),
    ],
)
@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
async def test_what_is_refused_before_the_trial_is_in_the_trail_too(
    service: Service, headers: str, body: bytes, reason: str, expect: str
) -> None:
    _, writer = await raw(service, f"{expect}Authorization: Bearer {TOKEN}\r\n{headers}", body)
    with service.second_store() as store:
        await until(lambda: store.audit(1)[0].action == "refused")
        entry, before = store.audit(2)
    assert (entry.style, entry.by) == ("mosaic", "operator")
    assert entry.detail.startswith(reason)
    assert before.action == "published"  # it is there once
    writer.close()
    await writer.wait_closed()
    metrics = await (await service.client.get("/metrics")).text()
    assert 'registry_uploads_total{result="refused"} 1.0\n' in metrics


async def test_what_is_about_no_style_or_by_nobody_or_only_too_soon_is_not_in_the_trail(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.second_store() as store:
        before = store.audit()
        assert (await published(service, "/api/styles/Mosaic/versions"))[0] == 400
        assert (await published(service, headers={"Authorization": "Bearer wrong"}))[0] == 401
        service.validator.go_on.clear()
        uploads = [asyncio.create_task(published(service)) for _ in range(publish_handler.OF_A_PERSON)]
        await until(lambda: len(service.validator.asked) == publish_handler.OF_A_PERSON)
        assert (await published(service))[0] == 429
        assert store.audit() == before
        service.validator.go_on.set()
        await asyncio.gather(*uploads)


async def test_what_an_upload_says_is_one_line_of_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service.validator.error = BadCheckpoint("No\nmosaic by root.", "\x1b[2J")
    assert (await published(service))[0] == 422
    told = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert told == ["refused mosaic by operator: No�mosaic by root. (�[2J)"]


async def test_who_may_is_told_to_go_on(service: Service) -> None:
    head = f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(WHOLE)}"
    reader, writer = await raw(service, f"{head}\r\nExpect: 100-continue")
    assert await asyncio.wait_for(reader.readline(), 10) == b"HTTP/1.1 100 Continue\r\n"
    await reader.readline()
    writer.write(WHOLE)
    assert await asyncio.wait_for(reader.readline(), 10) == b"HTTP/1.1 201 Created\r\n"
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_hangs_up_in_the_upload_leaves_nothing(service: Service) -> None:
    head = f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000000"
    _, writer = await raw(service, head, WHOLE[:60] + b"x" * 200_000)
    await until(lambda: left(service))
    writer.transport.abort()
    await until(lambda: not left(service))
    assert service.validator.asked == []
    assert (await published(service))[1]["version"] == 1


async def test_a_client_that_hangs_up_in_the_trial_leaves_nothing(service: Service) -> None:
    service.validator.go_on.clear()
    head = f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(WHOLE)}"
    _, writer = await raw(service, head, WHOLE)
    await asyncio.wait_for(service.validator.begun.wait(), 10)
    writer.transport.abort()
    await until(lambda: not left(service))
    service.validator.go_on.set()
    assert (await published(service))[1]["version"] == 1


async def test_a_client_that_hangs_up_while_its_folder_goes_gives_the_place_free(
    config: RegistryConfigFile, builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, remove = threading.Event(), threading.Event(), shutil.rmtree

    def slow(folder: Path, **more: Any) -> None:
        begun.set()
        assert go_on.wait(10)
        remove(folder, **more)

    monkeypatch.setattr(publish_handler, "OF_A_PERSON", 1)
    validator = FakeValidator()
    async with TestClient(
        TestServer(create_app(config, builtin, token=TOKEN, validator=validator))
    ) as client:
        service = Service(client=client, config=config, builtin=builtin, validator=validator, answered=[])
        monkeypatch.setattr(shutil, "rmtree", slow)
        head = f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(WHOLE)}"
        _, writer = await raw(service, head, WHOLE)
        await until(begun.is_set)
        writer.transport.abort()
        while 'status="cut off"' not in await (await client.get("/metrics")).text():
            pass
        go_on.set()
        await until(lambda: not left(service))
        assert (await published(service))[1]["version"] == 2


async def test_a_publication_that_has_begun_is_finished(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, publish = threading.Event(), threading.Event(), Store.publish

    def slow(store: Store, *arguments: Any, **more: Any) -> Any:
        begun.set()
        assert go_on.wait(10)
        return publish(store, *arguments, **more)

    monkeypatch.setattr(Store, "publish", slow)
    head = f"{MULTIPART}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(WHOLE)}"
    _, writer = await raw(service, head, WHOLE)
    await until(begun.is_set)
    writer.transport.abort()
    await asyncio.sleep(0.05)  # enough for the handler to be cancelled; it must not run ahead of the thread
    assert left(service)
    go_on.set()
    await until(lambda: not left(service))
    assert (await service.client.get("/api/styles/mosaic")).status == 200


async def test_a_style_of_ours_by_the_real_trial(
    config: RegistryConfigFile, builtin: Path, tmp_path: Path
) -> None:
    """One upload through everything that stands behind the call, and one that is refused there."""
    weights = Path(__file__).parents[3] / "styles" / "builtin" / "great-wave" / "weights.safetensors"
    async with (
        running(config, builtin, token=TOKEN) as url,
        aiohttp.ClientSession(url, headers=BEARER) as session,
    ):
        async with session.post(VERSIONS, data=form(weights.read_bytes())) as response:
            answer = await response.json(content_type=None)
            assert response.status == 201, answer
        async with session.get(answer["preview"]) as preview:
            assert preview.content_type == "image/jpeg"
        async with session.post(VERSIONS, data=form(b"nonsense")) as response:
            refused = await response.json(content_type=None)
            assert response.status == 422, refused
    assert digest_of(weights) == answer["digest"]
    with Store(config.registry.location) as store:
        assert [style.name for style in store.styles()] == sorted([*NAMES, "mosaic"])
        assert len(store.style("mosaic").versions) == 1


async def test_the_double_of_a_style_is_refused_before_its_file(service: Service) -> None:
    path = "/api/styles/starrynight/versions"
    headers = BEARER | {"Expect": "100-continue"}
    async with service.client.post(path, data=form(), headers=headers) as response:
        assert response.status == 400
        assert "is too much like “starry-night”" in (await response.json())["title"]
    assert left(service) == []
