"""What the balancer refuses or ends: a full queue, deadlines, and draining."""

from __future__ import annotations

import asyncio

import pytest

from styles.errors import (
    BalancerUnavailable,
    Busy,
    DeadlineExceeded,
    UnknownStyle,
)
from tests.fakes.runner.fleet import a_job, a_style, inverted
from tests.fakes.runner.setup import Setup
from tests.fakes.runner.world import World, in_a_world
from tests.fakes.waiting import until


async def test_who_leaves_takes_the_queued_job_along(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    leaving, staying = await setup.queue("1", "2")
    leaving.cancel()
    await until(lambda: len(setup.balancer.queue) == 1)
    setup.fleet.gate.set()
    await staying
    assert setup.fleet.painted[1:] == [[b"2"]]


async def test_a_full_queue_is_busy(setup: Setup) -> None:
    balancer = await setup.start(max_queued=2)
    await setup.occupy()
    await setup.queue("1", "2", sender="ann")
    with pytest.raises(Busy) as caught:
        await balancer.submit(a_job("3", sender="ann"))
    assert 1 <= caught.value.retry_after <= 120
    with pytest.raises(Busy):
        balancer.admission.check("ann", 1)
    setup.fleet.gate.set()
    await asyncio.gather(*setup.tasks)
    balancer.admission.check("ann", 1)


async def test_a_photo_is_counted_while_its_style_is_looked_up_and_once(setup: Setup) -> None:
    balancer = await setup.start(max_queued_bytes=1 << 20)
    await setup.occupy()
    setup.shelf.open.clear()
    setup.submit("1", bytes(600_000))
    await until(lambda: setup.shelf.asked == 2)
    with pytest.raises(Busy):
        balancer.admission.check("bob", 600_000)
    setup.shelf.open.set()
    await until(lambda: len(balancer.queue) == 1)
    assert (balancer.admission.arriving, balancer.admission.queue.bytes) == (0, 600_000)
    with pytest.raises(UnknownStyle):
        await balancer.submit(a_job("2", style="mosaik"))
    assert balancer.admission.arriving == 0


async def test_a_full_queue_is_full_for_those_who_filled_it(setup: Setup) -> None:
    balancer = await setup.start(max_queued=3)
    await setup.occupy()
    anns = await setup.queue("1", "2", "3", sender="ann")
    balancer.admission.check("bob", 1)
    bob = setup.submit("bob", sender="bob")
    with pytest.raises(Busy):
        await anns[2]
    setup.fleet.gate.set()
    await asyncio.gather(*anns[:2], bob)


async def test_bytes_are_limited_too(setup: Setup) -> None:
    balancer = await setup.start(max_queued_bytes=1 << 20)
    await setup.occupy()
    await setup.queue("1", image=b"x" * (1 << 19), sender="ann")
    with pytest.raises(Busy):
        await balancer.submit(a_job("2", b"x" * (1 << 20), sender="ann"))


async def test_five_hundred_photos_delay_nobody_by_more_than_a_batch(setup: Setup) -> None:
    await setup.start(max_queued=1000)
    await setup.occupy()
    setup.fleet.set("r0", "ready", [a_style("mosaic").digest])  # the runner holds ann's style, not bob's
    for number in range(500):
        setup.submit(f"ann {number}", sender="ann")
    await until(lambda: len(setup.balancer.queue) == 500)
    setup.submit("bob", sender="bob", style="cubist")
    await until(lambda: len(setup.balancer.queue) == 501)
    setup.fleet.gate.set()
    await asyncio.gather(*setup.tasks)
    assert [b"bob"] in setup.fleet.painted[1:3]


async def test_the_deadline_in_the_queue(setup: Setup) -> None:
    await setup.start(deadline_seconds=0.05)
    setup.fleet.set("r0", "down")
    with pytest.raises(DeadlineExceeded, match="queue"):
        await setup.submit("1")
    assert len(setup.balancer.queue) == 0


async def test_the_deadline_with_a_runner(setup: Setup) -> None:
    await setup.start(deadline_seconds=0.05)
    setup.fleet.gate.clear()
    with pytest.raises(DeadlineExceeded, match="runner"):
        await setup.submit("1")
    setup.fleet.gate.set()
    await until(lambda: setup.balancer.scheduler.in_flight == 0)


@in_a_world(deadline_seconds=9)
async def test_the_deadline_counts_from_the_senders_last_painted_photo(world: World) -> None:
    """A mail with many large pictures takes minutes, and needs no second attempt."""
    pictures = [world.submit("ann", word="SLOW", size=2048) for _ in range(24)]
    await asyncio.gather(*pictures)
    assert world.time() > 24 * 4


async def test_without_a_runner_all_photos_of_a_sender_fail_at_their_deadline(setup: Setup) -> None:
    """So the next balancer gets them."""
    await setup.start(deadline_seconds=0.05)
    await setup.submit("1", sender="ann")
    setup.fleet.set("r0", "down")
    waiting = [setup.submit(f"{number}", sender="ann") for number in range(2, 26)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {DeadlineExceeded}
    assert len(setup.balancer.queue) == 0


async def test_draining_finishes_what_is_in_flight(setup: Setup) -> None:
    balancer = await setup.start()
    await setup.occupy()
    (waiting,) = await setup.queue("1")
    draining = asyncio.create_task(balancer.drain(20))
    with pytest.raises(BalancerUnavailable):
        await waiting
    with pytest.raises(BalancerUnavailable):
        await balancer.submit(a_job("2"))
    with pytest.raises(BalancerUnavailable):
        balancer.receiving("ann", 1)
    assert not draining.done()
    setup.fleet.gate.set()
    await draining
    assert (await setup.tasks[0]).image == inverted(b"occupied")


async def test_draining_ends(setup: Setup) -> None:
    balancer = await setup.start()
    await setup.occupy()
    await balancer.drain(0.01)
    await balancer.shutdown()
    with pytest.raises(BalancerUnavailable):
        await setup.tasks[0]
    assert setup.fleet.is_shut_down
