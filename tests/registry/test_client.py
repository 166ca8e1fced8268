from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import registry.client
from registry.blobs.blob import digest_of
from registry.client import RegistryClient
from registry.store.authors import private_alias
from styles.errors import RegistryUnavailable, UnknownStyle
from tests.fakes.registry.service import NAMES, Service
from tests.fakes.registry.versions import publish

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(handler: Handler) -> TestServer:
    """A server at which every path is answered by `handler`."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    return TestServer(app)


async def calls(client: RegistryClient, path: Path) -> dict[str, type[BaseException] | None]:
    """What each call raises."""
    outcomes: dict[str, type[BaseException] | None] = {}
    for name, call in {
        "styles": client.styles(),
        "resolve": client.resolve("udnie"),
        "card": client.card("udnie"),
        "events": client.events(0),
        "download": client.download("sha256:" + "0" * 64, path),
    }.items():
        try:
            await call
            outcomes[name] = None
        except Exception as error:
            outcomes[name] = type(error)
    return outcomes


def partial_files(folder: Path) -> list[Path]:
    """What a download left beside its target."""
    return list(folder.glob(".*.partial"))


UNAVAILABLE = dict.fromkeys(("styles", "resolve", "card", "events", "download"), RegistryUnavailable)


async def test_the_card_of_a_version(service: Service) -> None:
    async with RegistryClient(service.url) as client:
        card = await client.card("udnie", 1)
        assert card == await client.card("udnie")
        for name in ("udnie@", "nothing", "..", ""):
            with pytest.raises(UnknownStyle):
                await client.card(name)
    assert (card.name, card.architecture) == ("udnie", "style-unet")


async def test_the_list(service: Service) -> None:
    async with RegistryClient(service.url) as client:
        styles = await client.styles()
    assert [style.name for style in styles] == list(NAMES)
    assert styles[0].aliases == {"live": 1}
    assert styles[0].preview.startswith("/blobs/")


async def test_resolve_is_what_the_store_says(service: Service) -> None:
    async with RegistryClient(service.url) as client:
        resolved = await client.resolve("starry-night")
        assert await client.resolve("starry-night", 1) == resolved
    with service.second_store() as store:
        assert store.resolve("starry-night") == resolved


@pytest.mark.parametrize(
    "name", ["stary nigth", "starry_night?", "STARRY NIGHT", "starry/night", "starry%night", "starry#night"]
)
async def test_an_unknown_style_comes_with_its_neighbours(service: Service, name: str) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(UnknownStyle) as caught:
            await client.resolve(name)
    assert caught.value.name == name
    assert caught.value.near == ("starry-night",)
    assert caught.value.known == NAMES


async def test_a_private_style_that_was_deleted_is_unknown_without_its_secret(service: Service) -> None:
    secret = private_alias()
    with service.second_store() as store:
        publish(store, "tiles", alias=secret)
        store.retire("tiles")
        with pytest.raises(UnknownStyle) as unknown:  # at once: no alias of a retired style is kept
            store.resolve("tiles", secret)
    assert unknown.value.name == "tiles"
    async with RegistryClient(service.url) as client:
        for ask in (client.resolve, client.card):
            with pytest.raises(UnknownStyle) as caught:
                await ask("tiles", secret)
            assert caught.value.message == "I know no style called “tiles”."


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 20_000, "ü" * 5000, "\n", "a/../udnie"])
async def test_no_name_leads_astray(service: Service, name: str) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(UnknownStyle) as caught:
            await client.resolve(name)
    assert caught.value.name == name
    assert caught.value.known == NAMES


async def test_a_download_is_the_blob(service: Service, tmp_path: Path) -> None:
    target = tmp_path / "blob"
    async with RegistryClient(service.url) as client:
        resolved = await client.resolve("udnie")
        await client.download(resolved.digest, target)
    assert digest_of(target) == resolved.digest
    assert partial_files(tmp_path) == []


async def test_a_download_that_is_not_its_digest_changes_nothing(tmp_path: Path) -> None:
    async def other(request: web.Request) -> web.Response:
        return web.Response(body=b"something else")

    target = tmp_path / "blob"
    target.write_bytes(b"as it was")
    async with answering(other) as server, RegistryClient(str(server.make_url("/"))) as client:
        with pytest.raises(RegistryUnavailable, match="came as"):
            await client.download("sha256:" + "0" * 64, target)
    assert partial_files(tmp_path) == []
    assert target.read_bytes() == b"as it was"


async def test_a_download_that_is_cut_short_changes_nothing(tmp_path: Path) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"the first part")
        assert request.transport is not None
        request.transport.close()
        return response

    async with answering(cut) as server, RegistryClient(str(server.make_url("/"))) as client:
        with pytest.raises(RegistryUnavailable):
            await client.download("sha256:" + "0" * 64, tmp_path / "blob")
    assert not (tmp_path / "blob").exists()
    assert partial_files(tmp_path) == []


async def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"the first part")
        begun.set()
        await asyncio.Event().wait()
        return response

    async with answering(slow) as server, RegistryClient(str(server.make_url("/"))) as client:
        downloading = asyncio.create_task(client.download("sha256:" + "0" * 64, tmp_path / "blob"))
        await asyncio.wait_for(begun.wait(), 10)
        assert len(partial_files(tmp_path)) == 1
        downloading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await downloading
    assert partial_files(tmp_path) == []


async def test_a_missing_blob_is_unavailable(service: Service, tmp_path: Path) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(RegistryUnavailable, match="404"):
            await client.download("sha256:" + "0" * 64, tmp_path / "blob")


async def test_a_folder_that_is_missing_here_is_not_the_registrys_fault(
    service: Service, tmp_path: Path
) -> None:
    async with RegistryClient(service.url) as client:
        with pytest.raises(FileNotFoundError):
            await client.download("sha256:" + "0" * 64, tmp_path / "missing" / "blob")


async def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with RegistryClient(f"http://127.0.0.1:{port}") as client:
        assert await calls(client, tmp_path / "blob") == UNAVAILABLE


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "{}"),
        (503, "[]"),
        (404, "no such page"),
        (404, "{}"),
        (200, "<html>"),
        (200, "null"),
        (200, "7"),
        (200, '[{"name": "udnie"}]'),
        (200, '{"name": "udnie", "version": "new", "events": 3, "last": 1}'),
        (200, '{"name": "udnie", "aliases": [], "events": [1], "last": null}'),
    ],
)
async def test_nonsense_is_unavailable(tmp_path: Path, status: int, body: str) -> None:
    async def nonsense(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    async with answering(nonsense) as server, RegistryClient(str(server.make_url("/"))) as client:
        assert await calls(client, tmp_path / "blob") == UNAVAILABLE


async def test_a_registry_that_hangs_up_is_unavailable(tmp_path: Path) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with answering(hang_up) as server, RegistryClient(str(server.make_url("/"))) as client:
        assert await calls(client, tmp_path / "blob") == UNAVAILABLE


async def test_silence_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    for name in ("ASK", "EVENTS", "DOWNLOAD"):
        assert getattr(registry.client, name).total
        monkeypatch.setattr(registry.client, name, aiohttp.ClientTimeout(total=0.05))
    async with answering(silent) as server, RegistryClient(str(server.make_url("/"))) as client:
        with pytest.raises(RegistryUnavailable):
            await client.download("sha256:" + "0" * 64, tmp_path / "blob")
        with pytest.raises(RegistryUnavailable):
            await client.events(0)


async def test_events_go_on_from_the_last(service: Service) -> None:
    async with RegistryClient(service.url) as client:
        changes = await client.events()
        assert [event.style for event in changes.events] == list(NAMES)
        assert (await client.events(changes.last, wait=0)).events == ()


async def test_without_a_session_it_says_so() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await RegistryClient("http://127.0.0.1").styles()
