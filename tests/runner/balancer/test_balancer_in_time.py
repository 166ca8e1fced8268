"""How full, how fast and how fair: the balancer over runners that take their time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from runner.balancer.stats import Stats
from styles.errors import Busy
from tests.fakes import clock
from tests.fakes.runner.fleet_in_time import DECODING, NETWORK
from tests.fakes.runner.world import BATCH, EIGHT, FOREIGN, World, in_a_world, many


async def saturate(world: World, callers: int, fields: Callable[[int], dict[str, Any]]) -> float:
    """Has so many callers send twenty photos each; gives the share of the time that the engines worked."""
    runners = world.fleet.runners()
    await asyncio.gather(*[world.paint() for _ in runners for _ in range(8)])  # the networks are loaded
    world.fleet.begun.clear()
    began, worked = world.time(), world.fleet.busy()
    await asyncio.gather(*world.callers(callers, 20, fields))
    return (world.fleet.busy() - worked) / (world.time() - began) / len(runners)


@in_a_world()
async def test_saturated_the_engine_never_waits(world: World) -> None:
    assert await saturate(world, 16, many()) > 0.97
    assert world.fill() > 0.97


@in_a_world(credits=1)
async def test_without_a_second_credit_it_would(world: World) -> None:
    assert await saturate(world, 16, many()) < 0.96


@in_a_world()
async def test_nor_does_it_with_just_as_many_callers_as_it_holds_photos(world: World) -> None:
    assert await saturate(world, 8, many()) > 0.97
    assert world.fill() > 0.97


@in_a_world(runners=3)
async def test_nor_do_three(world: World) -> None:
    assert await saturate(world, 48, many()) > 0.95
    assert world.fill() > 0.95


def _two_sizes(number: int) -> dict[str, Any]:
    return {"style": EIGHT[number % 8].name, "size": 512 if number % 3 == 0 else 1024}


@in_a_world()
async def test_batches_are_full_with_eight_styles_and_two_sizes(world: World) -> None:
    assert await saturate(world, 64, _two_sizes) > 0.95
    assert world.fill() > 0.9


@pytest.mark.parametrize("runners", [1, 2])
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.39, 0.41, 1.0, 3.3])
@pytest.mark.parametrize("other", ["b", "x"])
def test_one_photo_waits_for_two_batches_at_most_whoever_sent_five_hundred(
    runners: int, moment: float, other: str
) -> None:
    async def live() -> None:
        world = World(runners)
        await world.balancer.startup()
        anns = [world.submit("ann") for _ in range(500)]
        await asyncio.sleep(DECODING + NETWORK + moment)
        came = world.time()
        await world.paint("bob", other, "bob")
        (bobs,) = [each for each in world.fleet.begun if any(i.startswith(b"bob") for i in each.images)]
        before = [b for b in world.fleet.begun if came < b.at < bobs.at and b.runner == bobs.runner]
        assert len(before) <= 1  # what its runner held already, behind what it was painting
        assert bobs.at - came <= 2 * BATCH
        for each in anns:
            each.cancel()
        await asyncio.wait(anns)
        await world.balancer.shutdown()

    clock.run(live())


@in_a_world()
async def test_a_wait_at_the_runner_is_a_wait_too(world: World) -> None:
    await asyncio.gather(*[world.paint() for _ in range(4)])
    world.balancer.stats = Stats(world.time)
    began = world.time()
    await asyncio.gather(*[world.paint() for _ in range(8)])  # all are with the runner at once
    waits = sorted(world.balancer.stats.waits.values())
    assert waits[:4] == pytest.approx([0] * 4, abs=0.01)
    assert waits[4:] == [pytest.approx((world.time() - began) / 2, rel=0.2)] * 4


# Who is refused


async def come(world: World, number: int, refusals: list[float]) -> None:
    """Sends a photo as often as it takes, when it is told to."""
    while True:
        try:
            await world.paint(str(number))
        except Busy as busy:
            refusals.append(busy.retry_after)
            await asyncio.sleep(busy.retry_after)
        else:
            return


async def learn(world: World) -> None:
    """Has some full batches painted: the pace is known then."""
    for _ in range(10):  # loading the network counts no more
        await asyncio.gather(*[world.paint() for _ in range(16)])


@in_a_world(max_queued=16)
async def test_who_comes_again_when_told_to_gets_in(world: World) -> None:
    """Three hundred at once, of whom twenty-four find room: the others are told when each will."""
    await learn(world)
    began = world.time()
    refusals: dict[int, list[float]] = {number: [] for number in range(300)}
    await asyncio.gather(*[come(world, number, refused) for number, refused in refusals.items()])
    assert max(map(len, refusals.values())) == 1
    told = sorted(after for refused in refusals.values() for after in refused)
    assert told[0] == 1
    assert told[-1] == pytest.approx(30, rel=0.1)  # ten photos a second
    assert world.time() - began < 30 * 1.1


@in_a_world(max_queued=16)
async def test_in_a_rush_most_get_in_the_second_time(world: World) -> None:
    await learn(world)
    refusals: list[list[float]] = [[] for _ in range(300)]

    async def call(number: int) -> None:
        await asyncio.sleep(number / 13)  # ten a second are painted, and those who come take turns away
        await come(world, number, refusals[number])

    await asyncio.gather(*[call(number) for number in range(300)])
    assert sum(len(refused) <= 1 for refused in refusals) > 0.8 * 300
    assert sum(len(refused) for refused in refusals) < 300


@in_a_world(max_queued=64)
async def test_what_they_are_told_is_the_pace_of_now_and_not_of_an_idle_hour(world: World) -> None:
    await asyncio.gather(*[world.paint(word="SLOW") for _ in range(60)])
    await asyncio.sleep(50)
    taken = [world.submit(str(number), word="SLOW") for number in range(64)]
    await asyncio.sleep(0.01)
    assert len(world.balancer.queue) == 64 - 8
    assert world.balancer.admission.retry_after == pytest.approx(28, rel=0.05)  # one photo a second
    await asyncio.gather(*taken)


# Styles and runners


@in_a_world(runners=2)
async def test_a_strangers_style_is_loaded_once_as_long_as_its_runner_keeps_up(world: World) -> None:
    for _ in range(20):
        await asyncio.gather(world.paint("ann", "x"), world.paint("bob", "y"))
        await asyncio.sleep(0.1)
    resident = [state.report.resident for state in world.fleet.runners()]
    assert sorted(map(len, resident)) == [1, 1]


@in_a_world(runners=2)
async def test_and_a_second_time_when_it_does_not(world: World) -> None:
    await world.paint(style="x")
    began = world.time()
    await asyncio.gather(*[world.paint(str(number), "x") for number in range(80)])
    assert all(FOREIGN[0].digest in state.report.resident for state in world.fleet.runners())
    assert world.time() - began < 80 * 0.1 / 2 + NETWORK + BATCH
