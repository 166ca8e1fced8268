"""Which photos the balancer retries after a failure, and which fail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from runner.protocol.framing import WireError
from runner.protocol.messages import Outcome, StyleShare, Task
from styles.errors import (
    BalancerUnavailable,
    RegistryUnavailable,
    RunnerDied,
    Unpaintable,
)
from tests.fakes.runner.fleet import a_job, a_style, inverted
from tests.fakes.runner.setup import Setup
from tests.fakes.waiting import until


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
    await until(lambda: setup.balancer.scheduler.in_flight == 0)
    assert len(setup.balancer.queue) == 0  # nobody waits for it, so it was not retried
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


async def test_a_missing_blob_is_the_registrys_fault(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(RegistryUnavailable):
        await balancer.submit(a_job(image=b"LOST"))


async def test_a_fault_of_the_fleet_leaves_nobody_waiting(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(RunnerDied):
        await balancer.submit(a_job(image=b"BUG"))
    assert balancer.scheduler.in_flight == 0


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
