"""Names, fresh and while the registry is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from registry.client import RegistryClient
from runner.balancer import style_resolver as resolver_module
from runner.balancer.style_resolver import FRESH_SECONDS, PAUSE_SECONDS, StyleResolver
from runner.fleet.fleet import MAX_PRELOADED
from styles.contract import ResolvedStyle
from styles.errors import RegistryUnavailable, UnknownStyle
from styles.service.logs import current_trace, tracing
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
    resolver = StyleResolver(client, clock)
    first = registry.publish("mosaic", b"1")
    reached = [resolver.reached]
    assert await resolver.resolve("mosaic") == first
    assert [*reached, resolver.reached] == [False, True]
    second = registry.publish("mosaic", b"2")
    clock.now = FRESH_SECONDS * 0.9
    assert await resolver.resolve("mosaic") == first
    assert registry.asked[RESOLVE] == 1
    clock.now = FRESH_SECONDS * 1.1
    assert await resolver.resolve("mosaic") == second


async def test_a_question_of_many_photos_has_the_trace_of_none(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def resolve(_: RegistryClient, name: str, ref: str) -> ResolvedStyle:
        seen.append(current_trace())
        return a_style(name)

    monkeypatch.setattr(RegistryClient, "resolve", resolve)
    async with RegistryClient("http://127.0.0.1:9") as client:
        with tracing("of one photo"):
            await StyleResolver(client).resolve("mosaic")
    assert seen == [""]


async def test_what_digests_are_called_is_forgotten(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver_module, "MAX_CALLED", 2)
    clock = Clock()
    resolver = StyleResolver(client, clock)
    asked = {}
    for name in ("one", "two", "one", "three"):  # two was seen before one
        asked[name] = registry.publish(name, name.encode()).digest
        await resolver.resolve(name)
        clock.now += 2 * FRESH_SECONDS
    assert list(resolver.called) == [asked["one"], asked["three"]]


async def test_one_question_at_a_time(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.publish("mosaic", b"1")
    resolver = StyleResolver(client)
    await asyncio.gather(*[resolver.resolve("mosaic") for _ in range(20)])
    assert registry.asked[RESOLVE] == 1


async def test_a_caller_that_leaves_takes_nobody_along(
    registry: FakeRegistry, client: RegistryClient
) -> None:
    style = registry.publish("mosaic", b"1")
    registry.silent.clear()
    resolver = StyleResolver(client)
    leaving = asyncio.create_task(resolver.resolve("mosaic"))
    staying = asyncio.create_task(resolver.resolve("mosaic"))
    await asyncio.sleep(0)
    leaving.cancel()
    registry.silent.set()
    assert await staying == style


async def test_unknown_is_not_kept(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.publish("udnie", b"0")
    resolver = StyleResolver(client)
    with pytest.raises(UnknownStyle) as caught:
        await resolver.resolve("mosaic")
    assert caught.value.known == ("udnie",)
    assert resolver.reached
    style = registry.publish("mosaic", b"1")
    assert await resolver.resolve("mosaic") == style


@pytest.mark.parametrize("how", ["stopped", "broken", "silent"])
async def test_the_last_answer_serves_while_it_is_away(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(resolver_module, "TIMEOUT_SECONDS", 0.2)
    clock = Clock()
    resolver = StyleResolver(client, clock)
    style = registry.publish("mosaic", b"1")
    await resolver.resolve("mosaic")
    clock.now += 100
    if how == "stopped":
        await registry.stop()
    registry.broken = how == "broken"
    if how == "silent":
        registry.silent.clear()
    assert await resolver.resolve("mosaic") == style
    asked = registry.asked[RESOLVE]
    assert await resolver.resolve("mosaic") == style  # and it is left alone for a while
    assert registry.asked[RESOLVE] == asked
    registry.silent.set()


@pytest.mark.parametrize("turns", range(6))
async def test_who_is_cancelled_as_the_answer_comes_is_cancelled(turns: int) -> None:
    answer: asyncio.Future[ResolvedStyle] = asyncio.get_running_loop().create_future()

    class Held(RegistryClient):
        async def resolve(self, name: str, ref: str | int = "live") -> ResolvedStyle:
            return a_style() if clock.now == 0 else await asyncio.shield(answer)

    clock = Clock()
    resolver = StyleResolver(Held("http://unused"), clock)
    await resolver.resolve("mosaic")
    clock.now += 100
    asking = asyncio.create_task(resolver.resolve("mosaic"))
    await asyncio.wait([asking], timeout=0.02)
    answer.set_result(a_style())
    for _ in range(turns):
        await asyncio.sleep(0)
    if asking.cancel():  # False: it is done already
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_it_is_asked_again_after_the_pause(registry: FakeRegistry, client: RegistryClient) -> None:
    clock = Clock()
    resolver = StyleResolver(client, clock)
    registry.publish("mosaic", b"1")
    await resolver.resolve("mosaic")
    clock.now += 100
    registry.broken = True
    await resolver.resolve("mosaic")
    registry.broken = False
    newer = registry.publish("mosaic", b"2")
    clock.now += PAUSE_SECONDS
    assert await resolver.resolve("mosaic") == newer


async def test_a_style_that_was_never_known_cannot_be_served(
    registry: FakeRegistry, client: RegistryClient
) -> None:
    registry.publish("mosaic", b"1")
    registry.broken = True
    resolver = StyleResolver(client)
    with pytest.raises(RegistryUnavailable):
        await resolver.resolve("mosaic")
    assert not resolver.reached


async def test_an_event_ends_freshness(registry: FakeRegistry, client: RegistryClient) -> None:
    resolver = StyleResolver(client, lambda: 0.0)  # by the clock alone, an answer would be fresh for ever
    registry.publish("mosaic", b"1")
    await resolver.resolve("mosaic")
    watching = asyncio.create_task(resolver.watch())
    newer = registry.publish("mosaic", b"2")
    await registry.announce()
    resolved = []
    async with asyncio.timeout(20):
        while newer not in resolved:
            resolved.append(await resolver.resolve("mosaic"))
            await asyncio.sleep(0.01)
    watching.cancel()


class Following:
    """Names that follow the registry's events, and what went live."""

    def __init__(self, registry: FakeRegistry, client: RegistryClient) -> None:
        self.resolver = StyleResolver(
            client, lambda: 0.0
        )  # by the clock alone, an answer would be fresh for ever
        self.live: list[ResolvedStyle] = []
        self._registry = registry
        self._watching = asyncio.create_task(self.resolver.watch(self.live.append))

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
    assert await following.resolver.resolve("mosaic") == second


async def test_of_many_at_once_the_last_are_told(registry: FakeRegistry, following: Following) -> None:
    styles = [registry.publish(f"style-{number}", b"%d" % number) for number in range(50)]
    again = registry.publish("style-7", b"new")
    await following.until(again)
    assert following.live == [*styles[-MAX_PRELOADED + 1 :], again]


async def test_a_retired_style_is_unknown_at_once(registry: FakeRegistry, following: Following) -> None:
    await following.until(registry.publish("mosaic", b"1"))
    await following.resolver.resolve("mosaic")
    registry.retire("mosaic")
    marker = registry.publish("marker", b"2")
    await following.until(marker)
    assert following.live[1:] == [marker]
    with pytest.raises(UnknownStyle):
        await following.resolver.resolve("mosaic")


async def test_and_not_served_while_the_registry_is_away(
    registry: FakeRegistry, following: Following
) -> None:
    await following.until(registry.publish("mosaic", b"1"))
    registry.retire("mosaic")
    await following.until(registry.publish("marker", b"2"))
    await registry.stop()
    with pytest.raises(RegistryUnavailable):
        await following.resolver.resolve("mosaic")


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
        resolver = StyleResolver(client, lambda: 0.0)
        before = asyncio.create_task(resolver.resolve("mosaic"))
        await until(lambda: len(asked) == 1)
        registry.publish("mosaic", b"2")
        watching = asyncio.create_task(resolver.watch())
        await until(lambda: len(asked) == 2)  # after the event it does not join the question from before
        after = asyncio.create_task(resolver.resolve("mosaic"))
        answers[1].set_result(a_style(version=2))
        assert (await after).version == 2
        answers[0].set_result(a_style(version=1))
        assert (await before).version == 1
        assert (await resolver.resolve("mosaic")).version == 2
        watching.cancel()


async def test_watching_reaches_a_registry_that_comes_later(
    registry: FakeRegistry,
    client: RegistryClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, resolver_module.__name__)
    monkeypatch.setattr(resolver_module, "REST_SECONDS", 0.01)
    registry.publish("mosaic", b"1")
    await registry.stop()
    resolver = StyleResolver(client)
    watching = asyncio.create_task(resolver.watch())
    await asyncio.sleep(0.05)
    assert resolver.reached is False
    await registry.start()
    await until(lambda: resolver.reached)
    watching.cancel()
    away, back = [record.getMessage() for record in caplog.records]  # once each
    assert away.startswith("the registry cannot be reached, trying again: ")
    assert back == "the registry is back"


async def test_the_list_is_what_can_be_asked_for(registry: FakeRegistry, client: RegistryClient) -> None:
    resolver = StyleResolver(client)
    assert list(await resolver.live()) == []
    assert resolver.reached
    for name in ("udnie", "mosaic", "candy"):
        registry.publish(name, name.encode())
    registry.retire("mosaic")
    registry.withdraw("candy")
    assert [style.name for style in await resolver.live()] == ["udnie"]


@pytest.mark.parametrize("how", ["stopped", "broken", "silent"])
async def test_the_last_list_serves_while_it_is_away(
    registry: FakeRegistry, client: RegistryClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(resolver_module, "TIMEOUT_SECONDS", 0.2)
    clock = Clock()
    resolver = StyleResolver(client, clock)
    registry.publish("mosaic", b"1")
    listed = await resolver.live()
    if how == "stopped":
        await registry.stop()
    registry.broken = how == "broken"
    if how == "silent":
        registry.silent.clear()
    assert await resolver.live() == listed
    asked = registry.asked["/api/styles"]
    assert await resolver.live() == listed  # and it is left alone for a while
    assert registry.asked["/api/styles"] == asked
    registry.silent.set()
    registry.broken = False
    if how != "stopped":
        registry.publish("udnie", b"2")
        clock.now += PAUSE_SECONDS
        assert len(await resolver.live()) == 2


async def test_a_list_that_was_never_had(registry: FakeRegistry, client: RegistryClient) -> None:
    registry.broken = True
    with pytest.raises(RegistryUnavailable):
        await StyleResolver(client).live()


async def test_a_name_may_mean_a_version_or_an_alias(registry: FakeRegistry, client: RegistryClient) -> None:
    first, second = registry.publish("mosaic", b"1"), registry.publish("mosaic", b"2")
    registry.move("staged", first)
    resolver = StyleResolver(client)
    for name, style in (
        ("mosaic", second),
        ("mosaic@1", first),
        ("mosaic@2", second),
        ("mosaic@staged", first),
    ):
        assert await resolver.resolve(name) == style
    for unknown in ("mosaic@3", "mosaic@night", "mosaic@"):
        with pytest.raises(UnknownStyle) as caught:
            await resolver.resolve(unknown)
        assert caught.value.name == unknown


async def test_an_event_moves_the_aliases_of_its_style_too(
    registry: FakeRegistry, client: RegistryClient
) -> None:
    clock = Clock()  # so that no answer gets old by itself
    resolver = StyleResolver(client, clock)
    first, second = registry.publish("mosaic", b"1"), registry.publish("mosaic", b"2")
    registry.move("staged", first)
    assert await resolver.resolve("mosaic@staged") == first
    went_live = asyncio.Event()
    watching = asyncio.create_task(resolver.watch(lambda style: went_live.set()))
    await asyncio.wait_for(went_live.wait(), 10)
    went_live.clear()
    assert await resolver.resolve("mosaic@staged") == first
    registry.move("staged", second)
    await registry.announce()
    await asyncio.wait_for(went_live.wait(), 10)
    assert await resolver.resolve("mosaic@staged") == second
    watching.cancel()
