"""Names, fresh and while the registry is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from registry.client import RegistryClient
from runner.balancer import style_resolver as names_module
from runner.balancer.style_resolver import FRESH_SECONDS, PAUSE_SECONDS, Names
from runner.fleet.fleet import MAX_AHEAD
from styles.contract import ResolvedStyle
from styles.errors import RegistryUnavailable, UnknownStyle
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_style
from tests.fakes.waiting import until

RESOLVE = "/api/styles/mosaic/resolve"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def client(registry: FakeRegistry) -> AsyncIterator[RegistryClient]:
    async with RegistryClient(registry.url) as client:
        yield client


async def test_an_answer_is_fresh_for_a_second(registry: FakeRegistry, client: RegistryClient) -> None:
    clock = Clock()
    names = Names(client, clock)
    first = registry.publish("mosaic", b"1")
    reached = [names.reached]
    assert await names.resolve("mosaic") == first
    assert [*reached, names.reached] == [False, True]
    second = registry.publish("mosaic", b"2")
    clock.now = FRESH_SECONDS * 0.9
    assert await names.resolve("mosaic") == first
    assert registry.asked[RESOLVE] == 1
    clock.now = FRESH_SECONDS * 1.1
    assert await names.resolve("mosaic") == second


async def test_what_digests_are_called_is_forgotten(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "MAX_CALLED", 2)
    clock = Clock()
    names = Names(client, clock)
    asked = {}
    for name in ("one", "two", "one", "three"):  # two was seen before one
        asked[name] = registry.publish(name, name.encode()).digest
        await names.resolve(name)
        clock.now += 2 * FRESH_SECONDS
    assert list(names.called) == [asked["one"], asked["three"]]


async def test_one_question_at_a_time(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.publish("mosaic", b"1")
    names = Names(client)
    await asyncio.gather(*[names.resolve("mosaic") for _ in range(20)])
    assert registry.asked[RESOLVE] == 1


async def test_a_caller_that_leaves_takes_nobody_along(
    registry: FakeRegistry, client: RegistryClient
) -> None:
    style = registry.publish("mosaic", b"1")
    registry.silent.clear()
    names = Names(client)
    leaving = asyncio.create_task(names.resolve("mosaic"))
    staying = asyncio.create_task(names.resolve("mosaic"))
    await asyncio.sleep(0)
    leaving.cancel()
    registry.silent.set()
    assert await staying == style


async def test_unknown_is_not_kept(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.publish("udnie", b"0")
    names = Names(client)
    with pytest.raises(UnknownStyle) as caught:
        await names.resolve("mosaic")
    assert caught.value.known == ("udnie",)
    assert names.reached
    style = registry.publish("mosaic", b"1")
    assert await names.resolve("mosaic") == style


@pytest.mark.parametrize("how", ["stopped", "broken", "silent"])
async def test_the_last_answer_serves_while_it_is_away(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(names_module, "PATIENCE_SECONDS", 0.2)
    clock = Clock()
    names = Names(client, clock)
    style = registry.publish("mosaic", b"1")
    await names.resolve("mosaic")
    clock.now += 100
    if how == "stopped":
        await registry.stop()
    registry.broken = how == "broken"
    if how == "silent":
        registry.silent.clear()
    assert await names.resolve("mosaic") == style
    asked = registry.asked[RESOLVE]
    assert await names.resolve("mosaic") == style  # and it is left alone for a while
    assert registry.asked[RESOLVE] == asked
    registry.silent.set()


@pytest.mark.parametrize("turns", range(6))
async def test_who_is_cancelled_as_the_answer_comes_is_cancelled(turns: int) -> None:
    answer: asyncio.Future[ResolvedStyle] = asyncio.get_running_loop().create_future()

    class Held(RegistryClient):
        async def resolve(self, name: str, ref: str | int = "live") -> ResolvedStyle:
            return a_style() if clock.now == 0 else await asyncio.shield(answer)

    clock = Clock()
    names = Names(Held("http://unused"), clock)
    await names.resolve("mosaic")
    clock.now += 100
    asking = asyncio.create_task(names.resolve("mosaic"))
    await asyncio.wait([asking], timeout=0.02)
    answer.set_result(a_style())
    for _ in range(turns):
        await asyncio.sleep(0)
    if asking.cancel():  # False: it is done already
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_it_is_asked_again_after_the_pause(registry: FakeRegistry, client: RegistryClient) -> None:
    clock = Clock()
    names = Names(client, clock)
    registry.publish("mosaic", b"1")
    await names.resolve("mosaic")
    clock.now += 100
    registry.broken = True
    await names.resolve("mosaic")
    registry.broken = False
    newer = registry.publish("mosaic", b"2")
    clock.now += PAUSE_SECONDS
    assert await names.resolve("mosaic") == newer


async def test_a_style_that_was_never_known_cannot_be_served(
    registry: FakeRegistry, client: RegistryClient
) -> None:
    registry.publish("mosaic", b"1")
    registry.broken = True
    names = Names(client)
    with pytest.raises(RegistryUnavailable):
        await names.resolve("mosaic")
    assert not names.reached


async def test_an_event_ends_freshness(registry: FakeRegistry, client: RegistryClient) -> None:
    names = Names(client, lambda: 0.0)  # by the clock alone, an answer would be fresh for ever
    registry.publish("mosaic", b"1")
    await names.resolve("mosaic")
    watching = asyncio.create_task(names.watch())
    newer = registry.publish("mosaic", b"2")
    await registry.announce()
    resolved = []
    async with asyncio.timeout(20):
        while newer not in resolved:
            resolved.append(await names.resolve("mosaic"))
            await asyncio.sleep(0.01)
    watching.cancel()


class Following:
    """Names that follow the registry's events, and what went live."""

    def __init__(self, registry: FakeRegistry, client: RegistryClient) -> None:
        self.names = Names(client, lambda: 0.0)  # by the clock alone, an answer would be fresh for ever
        self.live: list[ResolvedStyle] = []
        self._registry = registry
        self._watching = asyncio.create_task(self.names.watch(self.live.append))

    async def until(self, style: ResolvedStyle) -> None:
        """Waits until a version went live."""
        await self._registry.announce()
        await until(lambda: style in self.live)

    def stop(self) -> None:
        self._watching.cancel()


@pytest.fixture
async def following(registry: FakeRegistry, client: RegistryClient) -> AsyncIterator[Following]:
    registry.publish("udnie", b"0")
    following = Following(registry, client)
    await until(lambda: following.live)
    following.live.clear()
    yield following
    following.stop()


async def test_what_is_live_after_an_event_is_told(registry: FakeRegistry, following: Following) -> None:
    first = registry.publish("mosaic", b"1", format="onnx")
    await following.until(first)
    assert (first.format, first.architecture, first.base) == ("onnx", "onnx", first.digest)
    second = registry.publish("mosaic", b"2")
    await following.until(second)
    assert following.live == [first, second]
    assert await following.names.resolve("mosaic") == second


async def test_of_many_at_once_the_last_are_told(registry: FakeRegistry, following: Following) -> None:
    styles = [registry.publish(f"style-{number}", b"%d" % number) for number in range(50)]
    again = registry.publish("style-7", b"new")
    await following.until(again)
    assert following.live == [*styles[-MAX_AHEAD + 1 :], again]


async def test_a_retired_style_is_unknown_at_once(registry: FakeRegistry, following: Following) -> None:
    await following.until(registry.publish("mosaic", b"1"))
    await following.names.resolve("mosaic")
    registry.retire("mosaic")
    marker = registry.publish("marker", b"2")
    await following.until(marker)
    assert following.live[1:] == [marker]
    with pytest.raises(UnknownStyle):
        await following.names.resolve("mosaic")


async def test_and_not_served_while_the_registry_is_away(
    registry: FakeRegistry, following: Following
) -> None:
    await following.until(registry.publish("mosaic", b"1"))
    registry.retire("mosaic")
    await following.until(registry.publish("marker", b"2"))
    await registry.stop()
    with pytest.raises(RegistryUnavailable):
        await following.names.resolve("mosaic")


async def test_what_is_live_cannot_always_be_had(registry: FakeRegistry, following: Following) -> None:
    registry.publish("mosaic", b"1")
    registry.retire("mosaic")
    await following.until(registry.publish("marker", b"2"))
    assert [style.name for style in following.live] == ["marker"]


async def test_an_answer_from_before_an_event_is_not_kept(registry: FakeRegistry) -> None:
    answers = [asyncio.get_running_loop().create_future() for _ in range(2)]
    asked: list[str] = []

    class Held(RegistryClient):
        async def resolve(self, name: str, ref: str | int = "live") -> ResolvedStyle:
            asked.append(name)
            found: ResolvedStyle = await answers[len(asked) - 1]
            return found

    async with Held(registry.url) as client:
        names = Names(client, lambda: 0.0)
        before = asyncio.create_task(names.resolve("mosaic"))
        await until(lambda: len(asked) == 1)
        registry.publish("mosaic", b"2")
        watching = asyncio.create_task(names.watch())
        await until(lambda: len(asked) == 2)  # after the event it does not join the question from before
        after = asyncio.create_task(names.resolve("mosaic"))
        answers[1].set_result(a_style(version=2))
        assert (await after).version == 2
        answers[0].set_result(a_style(version=1))
        assert (await before).version == 1
        assert (await names.resolve("mosaic")).version == 2
        watching.cancel()


async def test_watching_reaches_a_registry_that_comes_later(
    registry: FakeRegistry,
    client: RegistryClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, names_module.__name__)
    monkeypatch.setattr(names_module, "REST_SECONDS", 0.01)
    registry.publish("mosaic", b"1")
    await registry.stop()
    names = Names(client)
    watching = asyncio.create_task(names.watch())
    await asyncio.sleep(0.05)
    assert names.reached is False
    await registry.start()
    await until(lambda: names.reached)
    watching.cancel()
    away, back = [record.getMessage() for record in caplog.records]  # once each
    assert away.startswith("the registry cannot be reached, trying again: ")
    assert back == "the registry is back"


async def test_the_list_is_what_can_be_asked_for(registry: FakeRegistry, client: RegistryClient) -> None:
    names = Names(client)
    assert list(await names.live()) == []
    assert names.reached
    for name in ("udnie", "mosaic", "candy"):
        registry.publish(name, name.encode())
    registry.retire("mosaic")
    registry.withdraw("candy")
    assert [style.name for style in await names.live()] == ["udnie"]


@pytest.mark.parametrize("how", ["stopped", "broken", "silent"])
async def test_the_last_list_serves_while_it_is_away(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(names_module, "PATIENCE_SECONDS", 0.2)
    clock = Clock()
    names = Names(client, clock)
    registry.publish("mosaic", b"1")
    listed = await names.live()
    if how == "stopped":
        await registry.stop()
    registry.broken = how == "broken"
    if how == "silent":
        registry.silent.clear()
    assert await names.live() == listed
    asked = registry.asked["/api/styles"]
    assert await names.live() == listed  # and it is left alone for a while
    assert registry.asked["/api/styles"] == asked
    registry.silent.set()
    registry.broken = False
    if how != "stopped":
        registry.publish("udnie", b"2")
        clock.now += PAUSE_SECONDS
        assert len(await names.live()) == 2


async def test_a_list_that_was_never_had(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.broken = True
    with pytest.raises(RegistryUnavailable):
        await Names(client).live()
