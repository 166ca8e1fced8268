"""The list of styles that the bot keeps at hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from mailbot.style_list import MOST_VERSIONS, PAUSE_SECONDS, StyleList
from styles.contract import Card, StyleSummary
from styles.errors import RegistryUnavailable, UnknownStyle


class Registry:
    """Answers with what it has; with nothing, it is away."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked = 0
        self.versions: dict[str, str] = {}  #: titles of versions by NAME@REF
        self.cards: list[str] = []  #: that were asked for

    async def styles(self) -> list[StyleSummary]:
        self.asked += 1
        await asyncio.sleep(0)
        if not self.names:
            raise RegistryUnavailable
        return [StyleSummary(name=name, title=name.title(), aliases={"live": 1}) for name in self.names]

    async def card(self, name: str, ref: str) -> Card:
        self.cards.append(f"{name}@{ref}")
        await asyncio.sleep(0)
        if not self.names:
            raise RegistryUnavailable
        if (title := self.versions.get(f"{name}@{ref}")) is None:
            raise UnknownStyle(name)
        return Card(name=name, title=title, artist="Ada", tags=("cubism",))


class Clock:
    """Time that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def names(styles: StyleList) -> list[str]:
    return [style.name for style in await styles.styles()]


async def test_mails_that_come_together_ask_once() -> None:
    registry = Registry("mosaic")
    styles = StyleList(registry.styles, registry.card, Clock())
    assert await asyncio.gather(*(names(styles) for _ in range(5))) == [["mosaic"]] * 5
    assert registry.asked == 1


async def test_a_new_style_is_known_to_the_next_mail() -> None:
    registry, clock = Registry("mosaic"), Clock()
    styles = StyleList(registry.styles, registry.card, clock)
    await styles.styles()
    registry.names = ("mosaic", "candy")
    clock.now += 0.001
    assert await names(styles) == ["mosaic", "candy"]


async def test_while_the_registry_is_away_the_last_answer_holds() -> None:
    registry, clock = Registry("mosaic"), Clock()
    styles = StyleList(registry.styles, registry.card, clock)
    await styles.styles()
    registry.names = ()
    clock.now += 0.001
    assert await names(styles) == ["mosaic"]
    clock.now += PAUSE_SECONDS / 2
    assert await names(styles) == ["mosaic"]
    assert registry.asked == 2  # and it is not asked again by every mail
    registry.names = ("candy",)
    clock.now += PAUSE_SECONDS
    assert await names(styles) == ["candy"]


async def test_a_registry_that_never_answered_is_an_error() -> None:
    with pytest.raises(RegistryUnavailable):
        await StyleList(Registry().styles, Registry().card).styles()


class Watched(list[StyleSummary]):
    """Notes the threads in which the styles are gone through."""

    def __init__(self, names: list[str], threads: list[threading.Thread]) -> None:
        super().__init__(StyleSummary(name=name, title="", aliases={"live": 1}) for name in names)
        self.threads = threads

    def __iter__(self) -> Iterator[StyleSummary]:
        self.threads.append(threading.current_thread())
        return super().__iter__()


async def test_a_list_is_indexed_off_the_loop_and_only_when_it_changed() -> None:
    threads: list[threading.Thread] = []
    shown = ["mosaic"]

    async def ask() -> list[StyleSummary]:
        return Watched(shown, threads)

    clock = Clock()
    styles = StyleList(ask, Registry().card, clock)
    for count in (1, 1, 2):
        shown[count - 1 :] = ["mosaic", "candy"][count - 1 : count]
        clock.now += 0.001
        await styles.styles()
        assert len(threads) == count
    assert threading.main_thread() not in threads


async def test_a_style_that_is_only_staged_is_known_by_its_version() -> None:
    registry = Registry("mosaic")
    registry.versions = {"cubes@staged": "Cubes", "mosaic@2": "Mosaic, finer"}
    styles = StyleList(registry.styles, registry.card, Clock())
    listed = await styles.styles()
    named = ["ann@work", "cubes@staged", "mosaic@2", "cubes@staged"]
    (mosaic, cubes) = await styles.with_staged(listed, named)
    assert (mosaic, cubes.name, cubes.title, cubes.tags) == (listed[0], "cubes", "Cubes", ("cubism",))
    assert registry.cards == ["ann@work", "cubes@staged"]  # a listed style needs no look
    assert await styles.with_staged(listed, ["ann@work"]) is listed
    assert [style.title for style in await styles.versions(named)] == ["Cubes", "Mosaic, finer"]


async def test_many_names_ask_for_a_few() -> None:
    registry = Registry("mosaic")
    styles = StyleList(registry.styles, registry.card, Clock())
    await styles.with_staged(await styles.styles(), [f"ann@work{number}" for number in range(1000)])
    assert len(registry.cards) == MOST_VERSIONS


async def test_while_the_registry_is_away_a_staged_style_waits_and_a_title_is_missed() -> None:
    registry = Registry()
    styles = StyleList(registry.styles, registry.card, Clock())
    with pytest.raises(RegistryUnavailable):
        await styles.with_staged((), ["cubes@staged"])
    assert await styles.versions(["cubes@staged"]) == ()
