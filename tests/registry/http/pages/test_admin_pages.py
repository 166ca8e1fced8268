from __future__ import annotations

import pytest

from registry.http.auth import COOKIE
from registry.store.access.roles import Scope
from registry.store.proofs import PHOTOS
from tests.fakes.registry.service import Service
from tests.fakes.registry.versions import publish


def cookie(service: Service, name: str, scope: Scope = "publish") -> dict[str, str]:
    """The cookie of a person who has signed in."""
    with service.second_store() as store:
        writer = store.tokens.writer(store.tokens.add(name, scope=scope))
        assert writer is not None
        return {"Cookie": f"{COOKIE}={store.sessions.open(writer)[0]}"}


async def page(service: Service, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with service.client.get(path, headers=headers, allow_redirects=False) as response:
        return response.status, await response.text()


@pytest.mark.parametrize("path", ["/tokens", "/audit?style=udnie"])
async def test_they_are_for_those_who_are_signed_in(service: Service, path: str) -> None:
    async with service.client.get(path, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"].startswith("/login?next=/")
    headers = cookie(service, "Ada")
    async with service.client.get(path, headers=headers) as response:
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")


async def test_one_sees_ones_own_tokens_and_a_maintainer_all(service: Service) -> None:
    ada, root = cookie(service, "Ada"), cookie(service, "Root", "registry")
    _, own = await page(service, "/tokens", ada)
    assert "Your tokens" in own
    assert "Root" not in own
    assert "registry: all styles" not in own
    _, everything = await page(service, "/tokens", root)
    assert "All tokens" in everything
    assert "Ada" in everything


async def test_the_trail_of_all_or_of_one_style(service: Service) -> None:
    headers = cookie(service, "Ada")
    _, everything = await page(service, "/audit", headers)
    assert "made a token" in everything
    assert "great-wave" in everything
    _, one = await page(service, "/audit?style=udnie", headers)
    assert "made a token" not in one
    assert "great-wave" not in one
    assert (
        "Nothing happened to a style of this name yet."
        in (await page(service, "/audit?style=<i>", headers))[1]
    )


async def test_two_versions_are_compared(service: Service) -> None:
    with service.second_store() as store:
        publish(store, "tiles", by="Ada")
        publish(store, "tiles", by="Ada", alias="staged")
    status, text = await page(service, "/styles/tiles/compare")
    assert status == 200
    assert 'data-old="1" data-new="2"' in text
    assert "data-promote" not in text
    assert "Neither version has been proved yet." in text
    with service.second_store() as store:
        store.keep_proof("tiles", 2, PHOTOS[0], None)
    text = (await page(service, "/styles/tiles/compare?old=2&new=1", cookie(service, "Ada")))[1]
    assert 'data-old="2" data-new="1"' in text
    assert 'data-promote="2"' in text
    assert "cannot be painted" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/styles/udnie/compare?old=9", 404),
        ("/styles/udnie/compare?old=x", 400),
        ("/styles/nobody/compare", 404),
        ("/styles/sketch/compare", 404),
    ],
)
async def test_versions_that_are_none(service: Service, path: str, status: int) -> None:
    with service.second_store() as store:
        publish(store, "sketch", by="Ada", alias="staged")  # which nobody sees who is not signed in
    assert (await page(service, path))[0] == status


async def test_a_style_that_waits_is_shown_to_those_who_are_signed_in(service: Service) -> None:
    with service.second_store() as store:
        publish(store, "sketch", by="Ada", alias="staged")
    assert (await page(service, "/styles/sketch"))[0] == 404
    assert "Not live yet" in (await page(service, "/styles/sketch", cookie(service, "Bo")))[1]


async def test_after_a_rollback_the_version_that_was_left_is_not_the_way_back(service: Service) -> None:
    with service.second_store() as store:
        publish(store, "tiles", by="Ada")
        publish(store, "tiles", by="Ada")
    headers = cookie(service, "Ada")
    assert "Roll back to version 1" in (await page(service, "/styles/tiles", headers))[1]
    with service.second_store() as store:
        store.rollback("tiles")
    text = (await page(service, "/styles/tiles", headers))[1]
    assert "Roll back to" not in text
    assert "rolled back</span>" in text
