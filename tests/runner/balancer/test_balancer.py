"""The balancer's rules, with a fleet that fails on command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from runner.balancer.balancer import Balancer
from runner.balancer.cost_model import FIRST_PHOTO
from runner.config import BalancerConfig
from runner.protocol.framing import WireError
from runner.protocol.messages import Outcome, StyleShare, Task
from styles.contract import StyleOptions, StyleResult
from styles.errors import (
    BadOption,
    BalancerUnavailable,
    Busy,
    DeadlineExceeded,
    NotAnImage,
    RegistryUnavailable,
    RunnerDied,
    UnknownStyle,
    Unpaintable,
)
from tests.fakes.runner.fleet import PREVIEW, ScriptedFleet, Shelf, a_job, a_style, inverted
from tests.fakes.waiting import until


class Setup:
    """A balancer with what it stands on."""

    def __init__(self) -> None:
        self.fleet = ScriptedFleet()
        self.shelf = Shelf(a_style("mosaic"), a_style("udnie"), a_style("cubist", base="other"))
        self.balancer: Balancer
        self.tasks: list[asyncio.Task[StyleResult]] = []

    async def start(self, runners: int = 1, **config: Any) -> Balancer:
        self.fleet = ScriptedFleet(runners)
        self.balancer = Balancer(self.fleet, self.shelf, BalancerConfig(**config))
        await self.balancer.startup()
        return self.balancer

    def submit(self, id: str, image: bytes | None = None, **fields: Any) -> asyncio.Task[StyleResult]:
        job = a_job(id, image or id.encode(), **fields)
        task = asyncio.create_task(self.balancer.submit(job))
        self.tasks.append(task)
        return task

    async def occupy(self) -> None:
        """Keeps the one runner busy with a photo until the gate opens."""
        self.fleet.gate.clear()
        self.submit("occupied", sender="somebody")
        await until(lambda: self.fleet.batches)

    async def queue(self, *ids: str, **fields: Any) -> list[asyncio.Task[StyleResult]]:
        tasks = []
        for id in ids:
            plan = self.balancer.queued + 1
            tasks.append(self.submit(id, **fields))
            await until(lambda plan=plan: self.balancer.queued == plan)  # type: ignore[misc]
        return tasks


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    setup = Setup()
    yield setup
    setup.shelf.open.set()
    await setup.balancer.shutdown()
    await asyncio.gather(*setup.tasks, return_exceptions=True)


async def test_a_photo_is_painted(setup: Setup) -> None:
    balancer = await setup.start()
    result = await balancer.submit(a_job("7", b"abc"))
    assert result == StyleResult(
        job_id="7", image=inverted(b"abc"), style="mosaic", version=1, seconds=0.25, runner="r0"
    )
    assert (balancer.queued, balancer.in_flight, balancer.stats.painted) == (0, 0, 1)


async def test_who_comes_at_once_shares_a_batch_across_styles_of_a_base(setup: Setup) -> None:
    await setup.start()
    setup.submit("1", style="mosaic")
    setup.submit("2", style="udnie")
    setup.submit("3", style="cubist")
    await asyncio.gather(*setup.tasks)
    assert setup.fleet.painted == [[b"1", b"2"], [b"3"]]


async def test_what_went_live_goes_to_the_fleet(setup: Setup) -> None:
    balancer = await setup.start()
    balancer.warm(a_style("mosaic", version=2))
    assert setup.fleet.warmed == [a_style("mosaic", version=2).digest]
    assert not setup.fleet.batches


async def test_a_bad_photo_fails_alone(setup: Setup) -> None:
    await setup.start()
    good, bad = setup.submit("1"), setup.submit("2", b"BAD")
    assert (await good).image == inverted(b"1")
    with pytest.raises(NotAnImage):
        await bad
    assert len(setup.fleet.batches) == 1
    assert setup.balancer._scheduler.cost_model.photo == FIRST_PHOTO  # which was not painted tells of no pace


async def test_an_unknown_style_is_said_at_once(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(UnknownStyle) as caught:
        await balancer.submit(a_job(style="mosaik"))
    assert caught.value.near == ("mosaic",)
    assert balancer.stats.failed == {"UnknownStyle": 1}


async def test_the_innocent_are_retried_alone_and_the_killer_is_quarantined(setup: Setup) -> None:
    balancer = await setup.start()
    good = [setup.submit(id) for id in "12"]
    killer = setup.submit("3", b"DIE")
    with pytest.raises(Unpaintable):
        await killer
    assert [(await each).image for each in good] == [inverted(b"1"), inverted(b"2")]
    assert sorted(map(len, setup.fleet.painted)) == [1, 1, 1, 3]
    with pytest.raises(Unpaintable, match="quarantine"):
        await balancer.submit(a_job("another id", b"DIE"))
    assert len(setup.fleet.batches) == 4


async def test_a_photo_that_was_lucky_once_is_no_suspect(setup: Setup) -> None:
    balancer = await setup.start()
    for id in ("a", "b", "c"):  # each time it is in the batch of a killer, and survives alone
        unlucky = setup.submit(id, b"photo")
        killer = setup.submit(f"killer {id}", f"DIE {id}".encode())
        assert (await unlucky).image == inverted(b"photo")
        with pytest.raises(Unpaintable):
            await killer
        assert [b"photo", f"DIE {id}".encode()] in setup.fleet.painted
    assert balancer.stats.painted == 3


async def test_a_suspect_is_painted_alone_when_it_is_sent_again(setup: Setup) -> None:
    await setup.start()
    setup.fleet.gate.clear()
    first = setup.submit("1", b"DIE")
    await until(lambda: setup.fleet.batches)
    first.cancel()
    await asyncio.wait([first])
    setup.fleet.gate.set()
    await until(lambda: setup.balancer.in_flight == 0)
    assert setup.balancer.queued == 0  # nobody waits for it, so it was not retried
    again, other = setup.submit("2", b"DIE"), setup.submit("3")
    with pytest.raises(Unpaintable):
        await again
    await other
    assert all(len(batch) == 1 for batch in setup.fleet.painted)


async def test_a_batch_that_was_not_delivered_blames_nobody(setup: Setup) -> None:
    balancer = await setup.start()
    setup.fleet.not_delivered = 3
    assert (await balancer.submit(a_job())).image == inverted(b"photo")
    assert len(setup.fleet.batches) == 4


async def test_a_retry_keeps_its_version(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    (job,) = await setup.queue("1")
    setup.shelf.styles["mosaic"] = a_style("mosaic", version=2)
    setup.fleet.not_delivered = 1
    setup.fleet.gate.set()
    assert (await job).version == 1
    assert (await setup.submit("2")).version == 2


async def test_a_retried_blend_keeps_all_its_versions(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    (job,) = await setup.queue("1", style="mosaic:0.6,udnie:0.4")
    for name in ("mosaic", "udnie"):
        setup.shelf.styles[name] = a_style(name, version=2)
    setup.fleet.not_delivered = 1
    setup.fleet.gate.set()
    result = await job
    assert (result.style, result.version) == ("mosaic:0.6,udnie:0.4", 1)
    parts = (StyleShare(digest="sha256:mosaic-1", share=0.6), StyleShare(digest="sha256:udnie-1", share=0.4))
    assert [task.parts for _, (task,) in setup.fleet.batches[1:]] == [parts] * 2


async def test_blends_share_batches_with_plain_styles_of_their_base(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    for id, style in (("1", "mosaic:0.6,udnie:0.4"), ("2", "udnie"), ("3", "udnie,mosaic")):
        await setup.queue(id, style=style)
    setup.fleet.gate.set()
    await asyncio.gather(*setup.tasks)
    assert setup.fleet.painted[1:] == [[b"1", b"2", b"3"]]


async def test_a_blend_that_cannot_be_is_refused_at_once(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(BadOption, match="one base network"):
        await balancer.submit(a_job(style="mosaic,cubist"))
    with pytest.raises(UnknownStyle, match="mosaik"):
        await balancer.submit(a_job(style="udnie,mosaik"))
    assert balancer.stats.failed == {"BadOption": 1, "UnknownStyle": 1}
    assert not setup.fleet.batches


async def test_a_sheet_is_one_task_in_a_batch_of_its_own(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    (sheet,) = await setup.queue("1", style="", sheet=True)
    await setup.queue("2", "3", style="mosaic")
    setup.fleet.gate.set()
    result = await sheet
    await asyncio.gather(*setup.tasks)
    assert (result.style, result.version) == ("", 0)
    assert setup.fleet.painted[1:] == [[b"1"], [b"2", b"3"]]
    (task,) = setup.fleet.batches[1][1]
    assert task.sheet
    assert [part.label.title for part in task.parts] == ["Mosaic", "Udnie", "Cubist"]


async def test_a_sheet_that_kills_is_in_quarantine_and_its_photo_is_not(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(Unpaintable):
        await balancer.submit(a_job("1", b"DIE", style="", sheet=True))
    with pytest.raises(Unpaintable, match="quarantine"):
        await balancer.submit(a_job("2", b"DIE", style="", sheet=True))
    assert len(setup.fleet.batches) == 2
    with pytest.raises(Unpaintable):
        await balancer.submit(a_job("3", b"DIE"))
    assert len(setup.fleet.batches) == 4


async def test_a_preview_comes_along(setup: Setup) -> None:
    balancer = await setup.start()
    job = replace(a_job(), options=StyleOptions(preview=640))
    assert (await balancer.submit(job)).preview == PREVIEW
    assert (await balancer.submit(a_job())).preview == b""


async def test_a_missing_blob_is_the_registrys_fault(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(RegistryUnavailable):
        await balancer.submit(a_job(image=b"LOST"))


async def test_a_fault_of_the_fleet_leaves_nobody_waiting(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(RunnerDied):
        await balancer.submit(a_job(image=b"BUG"))
    assert balancer.in_flight == 0


async def test_what_cannot_be_sent_is_tried_alone_once_and_blames_nobody(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    balancer = await setup.start()
    sent, run = [], setup.fleet.run

    async def fussy(runner: str, batch: Sequence[Task]) -> list[Outcome]:
        sent.append(len(batch))
        if any(task.image == b"HUGE" for task in batch):
            raise WireError("told so")
        return await run(runner, batch)

    monkeypatch.setattr(setup.fleet, "run", fussy)
    good, huge = setup.submit("1"), setup.submit("2", b"HUGE")
    with pytest.raises(BalancerUnavailable, match="told so"):
        await huge
    assert (await good).image == inverted(b"1")
    assert sent == [2, 1, 1]
    with pytest.raises(BalancerUnavailable):  # in no quarantine
        await balancer.submit(a_job("3", b"HUGE"))


async def test_the_same_job_is_painted_once(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    same = [setup.submit("1") for _ in range(3)]
    await until(lambda: setup.balancer.queued == 1)
    same[0].cancel()
    setup.fleet.gate.set()
    results = await asyncio.gather(*same[1:])
    assert results[0] == results[1]
    assert setup.fleet.painted[1:] == [[b"1"]]


async def test_and_shared_in_flight_too(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    again = setup.submit("occupied", sender="somebody")
    await asyncio.sleep(0)  # it has been submitted
    setup.fleet.gate.set()
    assert await again == await setup.tasks[0]
    assert len(setup.fleet.batches) == 1


async def test_an_id_with_another_photo_is_another_job(setup: Setup) -> None:
    await setup.start()
    one, two = setup.submit("1", b"one"), setup.submit("1", b"two")
    assert ((await one).image, (await two).image) == (inverted(b"one"), inverted(b"two"))


async def test_who_leaves_takes_the_queued_job_along(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    leaving, staying = await setup.queue("1", "2")
    leaving.cancel()
    await until(lambda: setup.balancer.queued == 1)
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
    await until(lambda: balancer.queued == 1)
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
    await until(lambda: setup.balancer.queued == 500)
    setup.submit("bob", sender="bob", style="cubist")
    await until(lambda: setup.balancer.queued == 501)
    setup.fleet.gate.set()
    await asyncio.gather(*setup.tasks)
    assert [b"bob"] in setup.fleet.painted[1:3]


async def test_the_deadline_in_the_queue(setup: Setup) -> None:
    await setup.start(deadline_seconds=0.05)
    setup.fleet.set("r0", "down")
    with pytest.raises(DeadlineExceeded, match="queue"):
        await setup.submit("1")
    assert setup.balancer.queued == 0


async def test_the_deadline_with_a_runner(setup: Setup) -> None:
    await setup.start(deadline_seconds=0.05)
    setup.fleet.gate.clear()
    with pytest.raises(DeadlineExceeded, match="runner"):
        await setup.submit("1")
    setup.fleet.gate.set()
    await until(lambda: setup.balancer.in_flight == 0)


async def test_a_job_waits_for_a_runner_to_come_up(setup: Setup) -> None:
    await setup.start()
    setup.fleet.set("r0", "starting")
    (job,) = await setup.queue("1")
    assert not setup.fleet.batches
    setup.fleet.set("r0", "ready")
    await job


async def test_a_runner_that_holds_the_style_is_preferred(setup: Setup) -> None:
    balancer = await setup.start(runners=3)
    setup.fleet.set("r1", "ready", [a_style("udnie").digest])
    setup.fleet.set("r2", "ready", [a_style("mosaic").digest])
    assert (await balancer.submit(a_job())).runner == "r2"
    assert (await balancer.submit(a_job(style="udnie"))).runner == "r1"
    assert (await balancer.submit(a_job(style="cubist"))).runner == "r0"


async def test_and_one_that_holds_most_of_a_blend(setup: Setup) -> None:
    balancer = await setup.start(runners=3)
    setup.shelf.styles["night"] = a_style("night")
    setup.fleet.set("r0", "ready", [a_style("mosaic").digest])
    setup.fleet.set("r1", "ready", [a_style("mosaic").digest, a_style("night").digest])
    assert (await balancer.submit(a_job(style="mosaic,udnie,night"))).runner == "r1"
    assert (await balancer.submit(a_job(style="udnie"))).runner == "r0"  # it has the base, and least of all


async def test_but_nobody_waits_for_it_while_another_is_idle(setup: Setup) -> None:
    await setup.start(runners=2)
    setup.fleet.set("r1", "ready", [a_style("mosaic").digest])
    setup.fleet.gate.clear()
    setup.submit("1")
    await until(lambda: len(setup.fleet.batches) == 1)
    setup.submit("2")
    await until(lambda: len(setup.fleet.batches) == 2)
    assert [runner for runner, _ in setup.fleet.batches] == ["r1", "r0"]
    setup.fleet.gate.set()


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


async def test_what_dies_while_draining_is_not_retried(setup: Setup) -> None:
    balancer = await setup.start()
    setup.fleet.gate.clear()
    job = setup.submit("1", b"DIE")
    await until(lambda: setup.fleet.batches)
    draining = asyncio.create_task(balancer.drain(20))
    await asyncio.sleep(0)
    setup.fleet.gate.set()
    await draining
    with pytest.raises(BalancerUnavailable):
        await job
