"""Staging, aliases that go, rollbacks from a version, and edited cards, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.registry.databases import both
from tests.fakes.registry.service import Service
from tests.fakes.registry.uploads import BEARER, published

UDNIE = "/api/styles/udnie"


async def call(
    service: Service, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
) -> Any:
    async with service.client.request(method, path, headers=BEARER | (headers or {}), **more) as response:
        return response.status, None if response.status == 204 else await response.json(content_type=None)


@both
async def test_a_version_is_staged_and_made_live(service: Service) -> None:
    status, answer = await published(service, f"{UDNIE}/versions?alias=staged")
    assert (status, answer["version"], answer["alias"]) == (201, 2, "staged")
    style = (await call(service, "GET", UDNIE))[1]
    assert style["aliases"] == {"live": 1, "staged": 2}
    assert (await call(service, "GET", f"{UDNIE}/resolve?ref=staged"))[1]["version"] == 2
    assert (await call(service, "PUT", f"{UDNIE}/aliases/live", json={"version": 2, "from": 1}))[0] == 200
    assert (await call(service, "GET", UDNIE))[1]["aliases"] == {"live": 2, "previous": 1}


@both
async def test_the_card_of_a_version_is_told_to_who_knows_its_name(service: Service) -> None:
    await published(service, "/api/styles/cubes/versions?alias=staged", title="Cubes")
    card = "/api/styles/cubes/card"
    for ref in ("staged", "1"):
        status, told = await call(service, "GET", f"{card}?ref={ref}")
        assert (status, told["title"]) == (200, "Cubes")
    assert (await call(service, "GET", card))[0] == 404  # none is live
    assert (await call(service, "GET", f"{card}?ref=night"))[1]["name"] == "cubes@night"
    await call(service, "PUT", "/api/styles/cubes/aliases/live", json={"version": 1})
    await call(service, "DELETE", "/api/styles/cubes")
    assert (await call(service, "GET", f"{card}?ref=1"))[0] == 404  # nobody can ask for a retired style


@pytest.mark.parametrize("alias", ["previous", "3", "A", "", "x" * 40])
async def test_aliases_that_no_version_gets(service: Service, alias: str) -> None:
    assert (await published(service, f"{UDNIE}/versions?alias={alias}"))[0] == 400
    assert len((await call(service, "GET", UDNIE))[1]["versions"]) == 1


async def test_an_alias_is_removed(service: Service) -> None:
    await call(service, "PUT", f"{UDNIE}/aliases/night", json={"version": 1})
    assert (await call(service, "DELETE", f"{UDNIE}/aliases/night"))[0] == 204
    assert (await call(service, "DELETE", f"{UDNIE}/aliases/night"))[0] == 404
    assert (await call(service, "DELETE", f"{UDNIE}/aliases/live"))[0] == 400


@both
async def test_a_rollback_that_is_repeated_is_409_and_changes_nothing(service: Service) -> None:
    await published(service, f"{UDNIE}/versions")
    rollback = f"{UDNIE}/rollback"
    assert (await call(service, "POST", rollback, json={"from": 2}))[1]["version"] == 1
    status, problem = await call(service, "POST", rollback, json={"from": 2})
    assert (status, problem["type"]) == (409, "urn:mailbot:error:AliasMoved")
    assert (await call(service, "GET", UDNIE))[1]["aliases"] == {"live": 1, "previous": 2}


async def test_if_match_says_the_same(service: Service) -> None:
    await published(service, f"{UDNIE}/versions")
    async with service.client.get(f"{UDNIE}/resolve") as response:
        tag = {"If-Match": response.headers["ETag"]}
    rollback = f"{UDNIE}/rollback"
    assert (await call(service, "POST", rollback, tag))[0] == 200
    assert (await call(service, "POST", rollback, tag))[0] == 412
    assert (await call(service, "GET", UDNIE))[1]["aliases"]["live"] == 1
    assert (await call(service, "POST", rollback, {"If-Match": "*"}))[0] == 200


@pytest.mark.parametrize(
    "body", [{"from": 0}, {"from": "2"}, {"from": None}, {"version": 1}, [], {"from": 1.5}]
)
async def test_bodies_of_a_rollback_that_are_none(service: Service, body: Any) -> None:
    assert (await call(service, "POST", f"{UDNIE}/rollback", json=body))[0] == 422


async def test_a_card_is_edited(service: Service) -> None:
    changes = {"title": "  Udnie,\tnew ", "tags": ["dance", "abstract"], "other_names": "girl, dancer"}
    status, card = await call(service, "PATCH", f"{UDNIE}/card", json=changes)
    assert (status, card["title"], card["tags"]) == (200, "Udnie, new", ["dance", "abstract"])
    style = (await call(service, "GET", UDNIE))[1]
    assert (style["title"], style["other_names"]) == ("Udnie, new", ["girl", "dancer"])
    assert len(style["versions"]) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"title": "a\u202eb"}, 422),
        ({"title": "x" * 300}, 422),
        ({"tags": ["help"]}, 422),
        ({"name": "other"}, 422),
        ({"title": 7}, 422),
        ({"title": "x", "version": 9}, 404),
    ],
)
async def test_cards_that_are_none(service: Service, body: Any, status: int) -> None:
    assert (await call(service, "PATCH", f"{UDNIE}/card", json=body))[0] == status
