"""The list of styles that the bot keeps at hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from mailbot.style_list import PAUSE_SECONDS, StyleList
from styles.contract import StyleSummary
from styles.errors import RegistryUnavailable


class Registry:
    """Answers with what it has; with nothing, it is away."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked = 0

    async def styles(self) -> list[StyleSummary]:
        self.asked += 1
        await asyncio.sleep(0)
        if not self.names:
            raise RegistryUnavailable
        return [StyleSummary(name=name, title=name.title(), aliases={"live": 1}) for name in self.names]


class Clock:
    """Time that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def names(styles: StyleList) -> list[str]:
    return [style.name for style in await styles.styles()]


async def test_mails_that_come_together_ask_once() -> None:
    registry = Registry("mosaic")
    styles = StyleList(registry.styles, Clock())
    assert await asyncio.gather(*(names(styles) for _ in range(5))) == [["mosaic"]] * 5
    assert registry.asked == 1


async def test_a_new_style_is_known_to_the_next_mail() -> None:
    registry, clock = Registry("mosaic"), Clock()
    styles = StyleList(registry.styles, clock)
    await styles.styles()
    registry.names = ("mosaic", "candy")
    clock.now += 0.001
    assert await names(styles) == ["mosaic", "candy"]


async def test_while_the_registry_is_away_the_last_answer_holds() -> None:
    registry, clock = Registry("mosaic"), Clock()
    styles = StyleList(registry.styles, clock)
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
        await StyleList(Registry().styles).styles()


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
    styles = StyleList(ask, clock)
    for count in (1, 1, 2):
        shown[count - 1 :] = ["mosaic", "candy"][count - 1 : count]
        clock.now += 0.001
        await styles.styles()
        assert len(threads) == count
    assert threading.main_thread() not in threads
