from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from registry.app import create_app
from registry.config import RegistryConfigFile
from registry.store.proofs import PHOTOS
from registry.store.store import Store
from tests.fakes.registry.databases import both
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.registry.versions import publish

BOT_TOKEN = "the bot's own"
BOT = {"Authorization": f"Bearer {BOT_TOKEN}"}
ADDRESS = {"address": "ada@example.org"}
Client = TestClient[Any, Any]


@pytest.fixture
async def client(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[Client]:
    """With a proof that waits."""
    app = create_app(config, builtin, token="root", bot_token=BOT_TOKEN, validator=FakeValidator())
    async with TestClient(TestServer(app)) as client:
        with Store(config.registry.location, sweep=False) as store:
            store.tokens.add("Ada")
            store.set_address("Ada", "ada@example.org")
            for alias in ("live", "staged"):
                version = publish(store, "tiles", by="Ada", alias=alias).version
                for photo in PHOTOS:
                    store.keep_proof("tiles", version, photo, None)
        yield client


@both
async def test_the_bot_sees_proofs_mails_them_and_makes_one_live(client: Client) -> None:
    (proof,) = await (await client.get("/api/proofs", headers=BOT)).json()
    assert (proof["style"], proof["version"], proof["live"], proof["address"]) == (
        "tiles",
        2,
        1,
        "ada@example.org",
    )
    path = "/api/proofs/tiles/2"
    assert (await client.post(f"{path}/live", json=ADDRESS, headers=BOT)).status == 403  # it was not mailed
    assert (await client.put(f"{path}/mailed", json=ADDRESS, headers=BOT)).status == 204
    assert await (await client.get("/api/proofs", headers=BOT)).json() == []
    live = await client.post(f"{path}/live", json=ADDRESS, headers=BOT)
    assert (live.status, (await live.json())["version"]) == (200, 2)


async def test_others_see_no_address_and_the_bot_does_nothing_else(client: Client) -> None:
    root = {"Authorization": "Bearer root"}
    for method, path in (("GET", "/api/proofs"), ("PUT", "/api/proofs/tiles/2/mailed"),
                         ("POST", "/api/proofs/tiles/2/live")):  # fmt: skip
        async with client.request(
            method, path, json=ADDRESS if method != "GET" else None, headers=root
        ) as answer:
            assert answer.status == 403
        async with client.request(method, path) as answer:
            assert answer.status == 401
    for method, path in (("DELETE", "/api/styles/udnie"), ("POST", "/api/tokens"),
                         ("PUT", "/api/styles/tiles/aliases/live")):  # fmt: skip
        async with client.request(method, path, json={"version": 1}, headers=BOT) as answer:
            assert answer.status in (403, 422)


async def test_usage_is_for_those_who_keep_the_style(client: Client, config: RegistryConfigFile) -> None:
    today = datetime.now(UTC).date().isoformat()
    with Store(config.registry.location, sweep=False) as store:
        store.record_usage("a" * 32, {today: {"tiles": 4}})
        ada, bo = store.tokens.add("Ada", label="x"), store.tokens.add("Bo")
    path = "/api/styles/tiles/usage?days=2"
    async with client.get(path, headers={"Authorization": f"Bearer {ada}"}) as answer:
        assert [day["photos"] for day in await answer.json()] == [0, 4]
    assert (await client.get(path, headers={"Authorization": f"Bearer {bo}"})).status == 403
    assert (await client.get(path)).status == 401
    assert (await client.get("/api/styles/nobody/usage", headers=BOT)).status == 404
    assert (
        await client.get("/api/styles/tiles/usage?days=0", headers={"Authorization": "Bearer root"})
    ).status == 400
