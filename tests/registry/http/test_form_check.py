from __future__ import annotations

import asyncio
from typing import Any

from styles.contract import Card
from tests.fakes.registry.pages import publish
from tests.fakes.registry.service import Service


async def check(service: Service, status: int = 200, **card: Any) -> dict[str, Any]:
    async with service.client.post("/api/check", json=card) as answer:
        assert answer.status == status
        found: dict[str, Any] = await answer.json()
        return found


async def test_a_card_without_a_flaw(service: Service) -> None:
    assert await check(service) == {"flaws": {}, "versions": 0, "card": None, "refused": ""}
    good: dict[str, Any] = {
        "name": "candy",
        "title": "Candy",
        "other_names": "Zuckerzeug, canderel",
        "tags": ["pop"],
    }
    assert await check(service, **good) == {"flaws": {}, "versions": 0, "card": None, "refused": ""}


async def test_each_field_has_its_flaw(service: Service) -> None:
    flaws = (
        await check(
            service,
            name="delete",
            title="\u200b",
            artist="Ada\U000e0041",
            year="x" * 41,
            other_names="help",
            tags="cubism",
        )
    )["flaws"]
    assert "means something else" in flaws["name"]
    assert "U+200B" in flaws["title"]
    assert "U+E0041" in flaws["artist"]
    assert "40 characters" in flaws["year"]
    assert "“help” means something else" in flaws["other_names"]
    assert flaws.keys() == {"name", "title", "artist", "year", "other_names"}


async def test_the_double_of_a_name(service: Service) -> None:
    for name in ("greatwave", "great--wave", "starry-night-"):
        found = await check(service, name=name)
        assert "is too much like" in found["flaws"]["name"], name


async def test_a_name_that_is_there(service: Service) -> None:
    await publish(service, Card(name="udnie", title="Udnie", artist="Francis Picabia"))
    found = await check(service, name="udnie")
    assert (found["flaws"], found["versions"], found["card"]["artist"]) == ({}, 2, "Francis Picabia")


async def test_a_name_that_is_retired_keeps_its_card(service: Service) -> None:
    def retire() -> None:
        with service.second_store() as store:
            store.retire("udnie")

    await asyncio.to_thread(retire)
    assert await check(service, name="udnie") == {"flaws": {}, "versions": 1, "card": None, "refused": ""}


async def test_a_name_that_is_anothers_is_told_to_who_is_signed_in(service: Service) -> None:
    await publish(service, Card(name="tiles", title="Tiles"))  # by another person
    with service.second_store() as store:
        secret = store.tokens.add("Bo")
    assert (await check(service, name="tiles"))["refused"] == ""
    async with service.client.post("/login", data={"token": secret, "next": "/openapi.json"}) as answer:
        assert answer.status == 200
    found = await check(service, name="tiles")
    assert found["refused"].startswith("tiles belongs to Ada & Sons. To change it, ask")
    assert (found["flaws"], found["versions"]) == ({}, 1)
    assert (await check(service, name="great-wave"))["refused"].startswith(
        "great-wave belongs to the registry"
    )
    assert (await check(service, name="own"))["refused"] == ""


async def test_what_is_no_card(service: Service) -> None:
    found = await check(service, 422, colour="red")
    assert "colour" in found["detail"]
