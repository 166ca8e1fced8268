"""Styles of authors of mails that get another name."""

from __future__ import annotations

import pytest

from registry.client import LearningClient, RegistryClient
from registry.config import RegistryConfigFile
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


async def test_a_name_like_the_one_before_is_free_for_the_style(service: Service) -> None:
    with service.second_store() as store:
        publish(store, "my-garden", author=ANN)
    bot = LearningClient(service.url, BOT_TOKEN)
    assert (await bot.name_for("mygarden", ANN)).flaw
    assert not (await bot.name_for("mygarden", ANN, "my-garden")).flaw
    assert (await bot.rename(ANN, "my-garden", "mygarden", "My garden")).name == "mygarden"


class TestReviewed:
    """Where a maintainer looks at what was learnt."""

    @pytest.fixture
    def config(self, config: RegistryConfigFile) -> RegistryConfigFile:
        registry = config.registry.model_copy(update={"learnt": "staged"})
        return config.model_copy(update={"registry": registry})

    async def test_a_live_style_is_given_no_name_that_nobody_has_looked_at(self, service: Service) -> None:
        with service.second_store() as store:
            publish(store, "garden-path", author=ANN)
        bot = LearningClient(service.url, BOT_TOKEN)
        with pytest.raises(Permanent, match="only my owner can") as refused:
            await bot.rename(ANN, "garden-path", "blue hills", "Blue hills")
        assert refused.value.status == 409
        async with RegistryClient(service.url) as reader:
            assert await reader.resolve("garden-path")
