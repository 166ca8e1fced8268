"""The pipeline of a runner: places, their order, and answers in the order of the engine."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from runner.process import pipeline as pipeline_module
from runner.process.pipeline import Pipeline
from runner.protocol.messages import CREDITS
from tests.fakes.waiting import until


class Batches:
    """Batches that go into the room and stay until they are told to leave."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.inside: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.leave: dict[str, asyncio.Event] = {}

    def come(self, name: str, *, alone: bool = False) -> None:
        self.leave[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._stay(name, alone))

    async def _stay(self, name: str, alone: bool) -> None:
        async with self.pipeline.turn(alone=alone):
            self.inside.append(name)
            await self.leave[name].wait()
            self.inside.remove(name)

    async def end(self, name: str) -> None:
        self.leave[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)


@pytest.fixture
async def batches() -> Batches:
    return Batches(Pipeline(2))


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_there_are_two_places(batches: Batches) -> None:
    batches.come("a")
    await settled()
    only_one = [batches.pipeline.only_one]
    for name in "bcd":
        batches.come(name)
    await settled()
    assert batches.inside == ["a", "b"]
    assert [*only_one, batches.pipeline.only_one] == [True, False]
    await batches.end("b")
    await settled()
    assert batches.inside == ["a", "c"]


async def test_who_is_to_be_alone_is_so_and_nobody_overtakes(batches: Batches) -> None:
    batches.come("a")
    batches.come("large", alone=True)
    batches.come("larger", alone=True)
    batches.come("b")
    await settled()
    assert batches.inside == ["a"]
    for name, then in (("a", ["large"]), ("large", ["larger"]), ("larger", ["b"])):
        await batches.end(name)
        await settled()
        assert batches.inside == then


async def test_who_no_longer_waits_takes_no_place(batches: Batches) -> None:
    batches.come("a")
    batches.come("large", alone=True)
    await settled()
    batches.tasks["large"].cancel()
    await settled()
    for name in "bc":
        batches.come(name)
    await settled()
    assert batches.inside == ["a", "b"]
    await batches.end("a")
    await batches.end("b")
    await settled()
    assert batches.inside == ["c"]
    assert CREDITS == 2


async def test_pools_do_not_wait_for_each_other() -> None:
    pipeline, go_on = Pipeline(1), threading.Event()
    kinds = (pipeline.decode, pipeline.engine, pipeline.encode)
    first = [asyncio.create_task(kind(go_on.wait)) for kind in kinds[:2]]
    assert await pipeline.encode(lambda: 7) == 7
    second = asyncio.create_task(pipeline.engine(go_on.is_set))
    await settled()
    assert not second.done()
    go_on.set()
    assert await asyncio.gather(*first, second) == [True] * 3


async def test_a_slice_takes_as_long_as_what_came_before_it_within_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline_module, "MOST_SLICE", 0.3)
    pipeline, seconds, told = Pipeline(1), [], []
    beside: list[asyncio.Task[None]] = []

    def tell(begins: bool) -> None:
        told.append(begins)
        if begins and len(told) == 1:  # while the first slice is painted
            beside.append(asyncio.create_task(pipeline.engine(lambda: time.sleep(0.35))))

    def work(most: float) -> bool:
        seconds.append(most)
        time.sleep(0.05)
        return len(seconds) == 3

    await pipeline.slices(work, tell)
    await beside[0]
    assert seconds[0] == pipeline_module.LEAST_SLICE
    assert 0.3 in seconds[1:]
    assert told == [True, False] * 3


async def test_answers_keep_the_order_in_which_they_came() -> None:
    pipeline, first, second = Pipeline(1), asyncio.Event(), asyncio.Event()
    answered: list[str] = []

    async def answer(name: str, when: asyncio.Event) -> None:
        await pipeline.in_order(when.wait())
        answered.append(name)

    tasks = [asyncio.create_task(answer("first", first)), asyncio.create_task(answer("second", second))]
    await settled()
    second.set()
    await settled()
    assert answered == []
    first.set()
    await asyncio.gather(*tasks)
    assert answered == ["first", "second"]


async def test_who_fails_holds_nobody_up() -> None:
    pipeline, fail = Pipeline(1), asyncio.Event()

    async def failing() -> None:
        await fail.wait()
        raise RuntimeError("told so")

    first = asyncio.create_task(pipeline.in_order(failing()))
    await settled()
    second = asyncio.create_task(pipeline.in_order(settled()))
    await settled()
    fail.set()
    with pytest.raises(RuntimeError, match="told so"):
        await first
    await until(second.done)
