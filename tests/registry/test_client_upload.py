"""Publishing through `RegistryClient.push`, against the registry and against what is none."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from registry.blobs.blob import digest_of
from registry.client import RegistryClient
from registry.client_learning import TRIAL
from registry.client_upload import UPLOAD, Publication, UploadRefused
from registry.values import VALIDATION_SECONDS
from styles.errors import BadCheckpoint, RegistryUnavailable
from tests.fakes.registry.service import TOKEN, Service

#: Bytes of the file that is sent.
SIZE = 1 << 20

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(handler: Handler) -> TestServer:
    """A server at which every publication is answered by `handler`."""
    app = web.Application(client_max_size=1 << 30)
    app.router.add_post("/{path:.*}", handler)
    return TestServer(app)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mosaic.onnx"
    path.write_bytes(bytes(range(256)) * (SIZE // 256))
    return path


async def test_what_is_sent_is_what_is_published(service: Service, file: Path, tmp_path: Path) -> None:
    told: list[int] = []
    fields = {"title": "Mosaïc “1”", "artist": "Ada; x=\r\n", "pixel_range": "0..255"}
    async with RegistryClient(service.url) as client:
        published = await client.push(
            Publication(name="mosaic", weights=file, fields=fields), TOKEN, told.append
        )
        await client.download(published.digest, tmp_path / "back")
        resolved = await client.resolve("mosaic")
    assert (published.name, published.version, published.digest) == ("mosaic", 1, resolved.digest)
    assert published.notes == ("The stand-in looked at nothing.",)
    assert digest_of(tmp_path / "back") == digest_of(file)
    assert told == sorted(told)
    assert told[-1] == SIZE
    assert len(told) > 3  # it is not read at once
    style = await (await service.client.get("/api/styles/mosaic")).json()
    assert (style["title"], style["artist"]) == ("Mosaïc “1”", "Ada; x=")
    assert service.validator.asked == ["0..255"]


async def test_a_file_is_sent_only_where_the_registry_lacks_it(service: Service, file: Path) -> None:
    publication = Publication(
        name="mosaic", weights=file, fields={"values": "0"}, upload=await asyncio.to_thread(digest_of, file)
    )

    async def received() -> float:
        metrics = await (await service.client.get("/metrics")).text()
        return float(metrics.split("\nregistry_received_bytes_total ")[1].split()[0])

    async with RegistryClient(service.url) as client:
        assert (await client.push(publication, TOKEN)).version == 1  # after a 410
        assert SIZE < await received() < 1.1 * SIZE
        told: list[int] = []
        assert (await client.push(publication, TOKEN, told.append)).version == 2
        assert SIZE < await received() < 1.1 * SIZE
    assert told == [SIZE]


@pytest.mark.parametrize("name", ["../mosaic", "Mosaic", "a/b", "mosaic?x=1", "mosaic#"])
async def test_a_name_that_is_none_is_told(service: Service, file: Path, name: str) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(UploadRefused, match="cannot be a style's name") as caught:
            await client.push(Publication(name=name, weights=file), TOKEN)
    assert caught.value.status == 400


async def test_the_reason_of_a_refusal_is_the_registrys(service: Service, file: Path) -> None:
    service.validator.error = BadCheckpoint("It paints black.", "mean 0.0")
    async with RegistryClient(service.url) as client:
        with pytest.raises(UploadRefused, match=r"^It paints black\. \(mean 0\.0\)$") as caught:
            await client.push(Publication(name="mosaic", weights=file), TOKEN)
        assert caught.value.status == 422
        with pytest.raises(UploadRefused, match="token is not known") as caught:
            await client.push(Publication(name="mosaic", weights=file), "wrong")
        assert caught.value.status == 401


async def test_a_refusal_before_the_end_of_a_large_file_is_heard(service: Service, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as sparse:
        sparse.truncate(service.config.registry.max_upload_bytes + 1_000_000)
    async with RegistryClient(service.url) as client:
        with pytest.raises(UploadRefused, match="too large") as caught:
            await client.push(Publication(name="mosaic", weights=large), TOKEN)
    assert caught.value.status == 413


async def test_a_file_that_is_missing_is_ones_own_fault(service: Service, tmp_path: Path) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(FileNotFoundError):
            await client.push(Publication(name="mosaic", weights=tmp_path / "none"), TOKEN)


async def test_nobody_there(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with RegistryClient(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(RegistryUnavailable):
            await client.push(Publication(name="mosaic", weights=file), TOKEN)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (201, "{}"),
        (201, "[]"),
        (201, "<html>"),
        (404, "no such page"),
        (500, "{}"),
        (422, "null"),
        (201, "null"),
    ],
)
async def test_nonsense_is_unavailable(file: Path, status: int, body: str) -> None:
    async def nonsense(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, text=body)

    async with answering(nonsense) as server, RegistryClient(str(server.make_url("/"))) as client:
        with pytest.raises(RegistryUnavailable):
            await client.push(Publication(name="mosaic", weights=file), TOKEN)


@pytest.mark.parametrize("status", [201, 422])
async def test_an_answer_is_harmless_to_a_terminal(file: Path, status: int) -> None:
    words = "a\x1b[2J\nb"

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        texts = dict.fromkeys(("name", "digest", "preview", "detail"), words)
        return web.json_response({**texts, "version": 1, "notes": [words], "seconds": 1}, status=status)

    async with answering(answer) as server, RegistryClient(str(server.make_url("/"))) as client:
        pushing = client.push(Publication(name="mosaic", weights=file), TOKEN)
        if status == 422:
            with pytest.raises(UploadRefused, match=r"^a�\[2J�b$"):
                await pushing
            return
        published = await pushing
    for text in (published.name, published.digest, published.preview, *published.notes):
        assert text == "a�[2J�b"


async def test_a_registry_that_hangs_up_is_unavailable(file: Path) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with answering(hang_up) as server, RegistryClient(str(server.make_url("/"))) as client:
        with pytest.raises(RegistryUnavailable):
            await client.push(Publication(name="mosaic", weights=file), TOKEN)


async def test_a_push_that_is_cancelled_leaves_nothing(service: Service, file: Path) -> None:
    service.validator.go_on.clear()
    async with RegistryClient(service.url) as client:
        pushing = asyncio.create_task(client.push(Publication(name="mosaic", weights=file), TOKEN))
        await asyncio.wait_for(service.validator.begun.wait(), 10)
        pushing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pushing
        await asyncio.wait_for(service.validator.cancelled.wait(), 10)
        service.validator.go_on.set()
        assert (await client.push(Publication(name="mosaic", weights=file), TOKEN)).version == 1


def test_a_push_waits_for_its_validation_and_for_one_before_it() -> None:
    assert UPLOAD.sock_read is not None
    assert UPLOAD.sock_read > 2 * VALIDATION_SECONDS
    assert TRIAL.total == UPLOAD.sock_read
