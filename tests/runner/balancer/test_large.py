"""Large photos: beside the batches, one in a runner, with a deadline by their size, and blamed for deaths."""

from __future__ import annotations

import asyncio

import pytest

from runner.balancer.batching import QueuedJob
from runner.balancer.cost_model import LARGE_FACTOR, LARGE_SECONDS, CostModel
from runner.balancer.forecast import SLACK, large_pixels
from runner.balancer.queue import Queue
from runner.balancer.scheduler import SUSPECT_SECONDS, Scheduler
from runner.config import LONGEST_DEADLINE
from runner.fleet.fleet import RunnerState
from runner.protocol.messages import Report
from styles.errors import DeadlineExceeded, Unpaintable
from tests.fakes.runner.fleet import a_job, a_style
from tests.fakes.runner.fleet_in_time import LARGE, NETWORK, PIXEL, RESTART, SLICE
from tests.fakes.runner.queued import ONE, photo
from tests.fakes.runner.world import BATCH, World, in_a_world
from tests.fakes.styles.photos import jpeg

BIG = 48 * ONE


def a_runner(name: str = "r0") -> RunnerState:
    report = Report(resident=frozenset([a_style().digest]))
    return RunnerState(name=name, device="cpu", state="ready", report=report, credits=2)


class Table:
    """A queue and runners."""

    def __init__(self, *names: str) -> None:
        self.queue: Queue[QueuedJob] = Queue()
        self.scheduler = Scheduler(self.queue, 4 * ONE)
        self.scheduler.bases[a_style().digest] = a_style().base
        self.runners = [a_runner(name) for name in names or ("r0",)]

    def add(self, sender: str, **fields: object) -> QueuedJob:
        added = photo(sender, **fields)  # type: ignore[arg-type]
        self.queue.add(added)
        return added

    def given(self, now: float = 0) -> list[tuple[str, list[str]]]:
        """To whom whose photos."""
        batches = self.scheduler.assign(self.runners, now)
        return [(batch.runner.name, [each.job.sender for each in batch.photos]) for batch in batches]


def test_a_runner_with_a_large_photo_has_all_its_credits() -> None:
    table = Table()
    table.add("ann", large_pixels=BIG)
    assert table.given() == [("r0", ["ann"])]
    for _ in range(2):
        for _ in range(4):
            table.add("bob")
    assert table.given() == [("r0", ["bob"] * 4)] * 2
    assert table.scheduler.in_flight == 9
    assert len(table.scheduler.held("r0")) == 2


def test_a_runner_at_work_is_given_a_large_photo_at_once() -> None:
    table = Table()
    for _ in range(9):
        table.add("bob")
    table.given()
    table.add("ann", large_pixels=BIG)
    assert table.given() == [("r0", ["ann"])]


def test_only_large_photos_wait_for_large_photos() -> None:
    table = Table("r0", "r1")
    for name in ("ann", "bob", "cid"):
        table.add(name, large_pixels=BIG)
    assert table.given() == [("r0", ["ann"]), ("r1", ["bob"])]
    table.add("dan")
    assert [names for _, names in table.given()] == [["dan"]]
    large = table.scheduler.large("r1")
    assert large is not None
    table.scheduler.ended(large, 5, 0.0)
    assert table.given(5) == [("r1", ["cid"])]


def test_a_senders_other_photos_do_not_wait_behind_a_large_one_that_does() -> None:
    table = Table()
    for fields in ({"large_pixels": BIG}, {"large_pixels": BIG}, {}, {}):
        table.add("ann", **fields)
    assert table.given() == [("r0", ["ann"]), ("r0", ["ann"] * 2)]
    assert [photo.large for photo in table.queue] == [True]


def test_a_large_suspect_begins_in_an_idle_runner_and_batches_follow_it() -> None:
    table = Table()
    table.add("ann", large_pixels=BIG, alone=True)
    table.add("bob")
    assert table.given() == [("r0", ["bob"])]  # who was beside it goes first
    assert table.scheduler.wake == SUSPECT_SECONDS
    table.add("cid")
    assert table.given(SUSPECT_SECONDS) == []  # the runner is about to be idle
    table.scheduler.ended(table.scheduler.held("r0")[0], 6, 0.0)
    assert table.given(6) == [("r0", ["ann"]), ("r0", ["cid"])]
    table.add("dan", alone=True)
    table.scheduler.ended(table.scheduler.held("r0")[0], 7, 0.0)
    assert table.given(7) == []  # of two suspects nobody would know which one it was


def test_a_suspect_is_painted_beside_a_large_photo_that_is_none() -> None:
    table = Table()
    table.add("ann", large_pixels=BIG)
    table.add("bob", alone=True)
    assert table.given() == [("r0", ["ann"]), ("r0", ["bob"])]


def test_large_is_what_has_more_pixels_than_a_batch() -> None:
    image = jpeg(size=(300, 200))
    assert large_pixels(a_job(image=image, size=4096), 4 * ONE) == 0
    assert large_pixels(a_job(image=image, size=4096), 60_000) == 0
    assert large_pixels(a_job(image=image, size=4096), 59_999) == 60_000
    assert large_pixels(a_job(image=image, size=150), 14_999) == 15_000
    assert large_pixels(a_job(image=image, size=4096, sheet=True), 1) == 0
    assert large_pixels(a_job(image=b"no photo", size=4096), 4 * ONE) == 4096**2
    assert large_pixels(a_job(image=b"no photo", size=16384), 4 * ONE) == 64_000_000


def test_the_pace_of_large_photos_is_measured_apart() -> None:
    model = CostModel()
    model.painted(("cpu", ("base", 1024)), ONE, 2.0)
    assert model.large_seconds("cpu", ONE) == pytest.approx(2.0 * LARGE_FACTOR)
    assert not model.knows_large("cpu")
    model.painted_large("cpu", 10 * ONE, 100)
    assert model.large_seconds("cpu", ONE) == pytest.approx(10)
    assert model.large_seconds("cpu", 1000 * ONE) == LARGE_SECONDS
    assert model.most_pixels("cpu") == pytest.approx(60 * ONE)
    assert model.photo == CostModel().photo  # nobody else waits longer


# The balancer, on a clock that jumps


@in_a_world()
async def test_small_photos_are_painted_while_a_large_one_is(world: World) -> None:
    await world.paint()  # the network is loaded
    large = world.submit("ann", size=16384)
    await asyncio.sleep(1)
    for _ in range(5):
        began = world.time()
        await world.paint("bob")
        assert world.time() - began < BATCH + SLICE
    assert not large.done()
    came = world.time()
    await large
    assert world.time() - came < LARGE * PIXEL + 1


@in_a_world(deadline_seconds=5)
async def test_it_may_take_longer_than_another_photo(world: World) -> None:
    """Ten seconds by the clock, of the five that others have."""
    await world.paint(size=16384)


@in_a_world()
async def test_its_deadline_goes_by_its_size_and_the_pace(world: World) -> None:
    forecast, model = world.balancer._forecast, world.balancer.scheduler.cost_model
    assert forecast.deadline(0, 0) == 120
    assert forecast.deadline(BIG, 0) == SLACK * LARGE_SECONDS  # nothing is measured
    model.painted_large("cpu", BIG, 100)
    assert forecast.deadline(BIG, 0) == pytest.approx(SLACK * 100)
    assert forecast.deadline(BIG // 10, 0) == 120
    larges = [world.submit(name, size=16384) for name in "abcdefghijklmnopqrst"]
    await asyncio.sleep(1)
    assert forecast.deadline(BIG, world.time()) > 2000
    model.painted_large("cpu", BIG, 10_000)
    assert forecast.deadline(BIG, world.time()) == LONGEST_DEADLINE
    for large in larges:
        large.cancel()
    await asyncio.wait(larges)
    await asyncio.sleep(LARGE * PIXEL + 1)


@in_a_world()
async def test_what_cannot_be_painted_in_ten_minutes_is_reduced_and_the_result_says_so(world: World) -> None:
    model = world.balancer.scheduler.cost_model
    assert (await world.paint(size=16384)).reduced_from is None
    model.painted_large("cpu", ONE, 1000)
    most = model.most_pixels("cpu")
    assert (await world.paint(size=16384)).reduced_from == (8000, 6000)
    assert world.fleet.begun[-1].tasks[0].most_pixels == most < LARGE


@in_a_world(deadline_seconds=5)
async def test_what_is_too_slow_is_reduced_the_next_time(world: World) -> None:
    model = world.balancer.scheduler.cost_model
    model.painted_large("cpu", 1000 * ONE, 0.1)  # it was far faster before
    with pytest.raises(DeadlineExceeded):
        await world.paint(size=16384)
    assert model.large_seconds("cpu", BIG) > 0.5
    await asyncio.sleep(LARGE * PIXEL)


@in_a_world()
async def test_a_large_photo_that_kills_takes_nobody_along(world: World) -> None:
    """The small ones beside it are painted at once, and no suspects; it is in quarantine after two deaths."""
    await world.paint()
    large = world.submit("ann", word="DIE", size=16384)
    await asyncio.sleep(0.01)
    came = world.time()
    small = [world.submit("bob") for _ in range(4)]
    await asyncio.gather(*small)
    assert world.time() - came < SLICE + RESTART + NETWORK + 2 * BATCH
    with pytest.raises(Unpaintable):
        await large
    assert world.fleet.deaths == 2
    assert world.balancer.quarantine.quarantined == 1
    assert max(len(each.tasks) for each in world.fleet.begun[-4:]) == 4  # together, not one by one


@in_a_world()
async def test_a_small_photo_that_kills_beside_a_large_one_is_found(world: World) -> None:
    """The large one is suspected first, and cleared."""
    await world.paint()
    large = world.submit("ann", size=16384)
    await asyncio.sleep(0.5)
    with pytest.raises(Unpaintable):
        await world.paint("bob", word="DIE")
    await large
    assert world.balancer.quarantine.quarantined == 1
