"""Styles of authors of mails that get another name."""

from __future__ import annotations

import pytest

from registry.client import LearningClient, RegistryClient
from styles.errors import Permanent, UnknownStyle
from tests.fakes.registry.service import BOT_TOKEN, TOKEN, Service
from tests.fakes.registry.versions import publish

ANN, BOB = "ann@example.org", "bob@example.org"


async def test_the_bot_gives_the_style_of_an_author_another_name(service: Service) -> None:
    with service.second_store() as store:
        digest = publish(store, "garden-path", author=ANN).digest
        publish(store, "dunes", author=BOB)
    bot = LearningClient(service.url, BOT_TOKEN)
    with pytest.raises(Permanent, match="“dunes-2” is free"):
        await bot.rename(ANN, "garden-path", "dunes", "Dunes")
    for _ in range(2):  # the second time after a crash
        renamed = await bot.rename(ANN, "garden-path", "Blue Hills", "Blue hills")
        assert (renamed.name, renamed.alias, renamed.digest) == ("blue-hills", "live", digest)
    async with RegistryClient(service.url) as reader:
        assert (await reader.resolve("blue-hills")).digest == digest
        with pytest.raises(UnknownStyle):
            await reader.resolve("garden-path")
    renamed = await bot.rename(ANN, "blue-hills", "青い丘", "青い丘")
    with service.second_store() as store:
        assert (renamed.name, store.card("blue-hills").other_names) == ("blue-hills", ("青い丘",))


async def test_nobody_else_gives_it_one(service: Service) -> None:
    with service.second_store() as store:
        publish(store, "garden-path", author=ANN)
    for client, address in (
        (LearningClient(service.url, BOT_TOKEN), BOB),
        (LearningClient(service.url, TOKEN), ANN),
    ):
        with pytest.raises(Permanent):
            await client.rename(address, "garden-path", "blue hills", "Blue hills")
    with service.second_store() as store:
        assert [style.name for style in store.styles_of(ANN)] == ["garden-path"]
