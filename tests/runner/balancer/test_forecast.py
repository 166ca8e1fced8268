"""What is foretold of a photo is about what comes, on a clock that jumps."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.runner.fleet_in_time import LARGE, PIXEL, SLICE
from tests.fakes.runner.world import BATCH, World, in_a_world


async def foretold(world: World, sender: str, **fields: object) -> tuple[float, float]:
    """Submits a photo, and returns the seconds that are foretold and those that it takes."""
    await asyncio.sleep(0.01)  # those before it are submitted
    world.ids = iter(["foretold", *map(str, range(10_000, 20_000))])
    began, painting = world.time(), world.submit(sender, **fields)
    await asyncio.sleep(0.01)
    expected = world.balancer.seconds_until_painted("foretold")
    assert expected is not None
    await painting
    return expected, world.time() - began


async def measured(world: World) -> None:
    """Has photos of two sizes painted, so that the pace of both is known."""
    for size in (256, 2048):
        for _ in range(8):
            await world.paint(size=size)


@in_a_world()
async def test_small_photos_are_not_foretold_the_time_of_large_pictures_just_painted(world: World) -> None:
    await measured(world)
    for _ in range(24):
        await world.paint("ann", word="SLOW", size=2048)
    photos = [world.submit("bob", size=256) for _ in range(100)]
    expected, seconds = await foretold(world, "bob", size=256)
    assert expected < 2 * seconds
    await asyncio.gather(*photos)


@in_a_world()
async def test_large_pictures_are_foretold_after_many_small_photos(world: World) -> None:
    await measured(world)
    for _ in range(40):
        await world.paint("bob", size=256)
    pictures = [world.submit("ann", size=2048) for _ in range(24)]
    expected, seconds = await foretold(world, "ann", size=2048)
    assert expected == pytest.approx(seconds, rel=0.1)
    await asyncio.gather(*pictures)


@in_a_world()
async def test_a_photo_behind_a_batch_that_is_late_is_foretold_as_late(world: World) -> None:
    """The estimate of the batch is over, and nothing tells that it soon ends."""
    await measured(world)
    slow = world.submit("ann", word="SLOW", size=2048)
    await asyncio.sleep(0.1)
    world.ids = iter(["late"])
    behind = world.submit("bob", size=2048)
    await asyncio.sleep(0.1)
    at_first = world.balancer.seconds_until_painted("late")
    await asyncio.sleep(5 * BATCH)
    later = world.balancer.seconds_until_painted("late")
    assert at_first == pytest.approx(2 * BATCH, rel=0.3)
    assert later == pytest.approx(4 * BATCH + BATCH, rel=0.3)
    await asyncio.gather(slow, behind)


@in_a_world()
async def test_batches_and_the_strips_of_a_large_photo_take_turns(world: World) -> None:
    await measured(world)
    world.balancer.scheduler.cost_model.painted_large("cpu", LARGE, LARGE * PIXEL)
    large = world.submit("bob", size=16384)
    pictures = [world.submit("ann", size=2048) for _ in range(8)]
    await asyncio.sleep(2 * SLICE)
    expected, seconds = await foretold(world, "ann", size=2048)
    assert seconds < expected <= 2 * seconds  # a slice is shorter than a batch here
    await asyncio.gather(large, *pictures)


@in_a_world()
async def test_it_is_known_when_a_photo_will_be_painted(world: World) -> None:
    balancer = world.balancer
    assert balancer.seconds_until_painted("0") is None
    await world.paint()
    for _ in range(20):
        await asyncio.gather(*[world.paint() for _ in range(4)])
    world.ids = iter(map(str, range(1000, 2000)))
    photos = [world.submit("ann") for _ in range(100)]
    await asyncio.sleep(0.01)
    other = world.submit("bob")
    await asyncio.sleep(0.01)
    last, first, bobs = (balancer.seconds_until_painted(str(id)) for id in (1099, 1000, 1100))
    assert last == pytest.approx(10, rel=0.2)
    assert first == pytest.approx(BATCH, rel=0.2)
    assert bobs is not None
    assert bobs < 2  # senders take turns
    await asyncio.gather(*photos, other)


@in_a_world()
async def test_a_large_photo_is_expected_by_its_pace_and_those_before_it(world: World) -> None:
    balancer = world.balancer
    balancer.scheduler.cost_model.painted_large("cpu", 64_000_000, 60)
    larges = [world.submit(name, size=16384) for name in "ab"]
    await asyncio.sleep(5)
    assert balancer.seconds_until_painted("0") == pytest.approx(55, rel=0.05)
    assert balancer.seconds_until_painted("1") == pytest.approx(115, rel=0.05)
    await asyncio.gather(*larges)
