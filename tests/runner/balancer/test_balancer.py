"""What the balancer paints together, on which runner, and how often."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from runner.balancer.cost_model import FIRST_PHOTO
from styles.contract import StyleOptions, StyleResult
from styles.errors import (
    BadOption,
    NotAnImage,
    UnknownStyle,
)
from tests.fakes.runner.fleet import PREVIEW, a_job, a_style, inverted
from tests.fakes.runner.setup import Setup
from tests.fakes.waiting import until


async def test_a_photo_is_painted(setup: Setup) -> None:
    balancer = await setup.start()
    result = await balancer.submit(a_job("7", b"abc"))
    assert result == StyleResult(
        job_id="7", image=inverted(b"abc"), style="mosaic", version=1, seconds=0.25, runner="r0"
    )
    assert (len(balancer.queue), balancer.scheduler.in_flight, balancer.stats.painted) == (0, 0, 1)


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
    assert setup.balancer.scheduler.cost_model.photo == FIRST_PHOTO  # which was not painted tells of no pace


async def test_an_unknown_style_is_said_at_once(setup: Setup) -> None:
    balancer = await setup.start()
    with pytest.raises(UnknownStyle) as caught:
        await balancer.submit(a_job(style="mosaik"))
    assert caught.value.near == ("mosaic",)
    assert balancer.stats.failed == {"UnknownStyle": 1}


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
    with pytest.raises(BadOption, match="must be a number"):
        await balancer.submit(a_job(style="mosaic:x,cubist"))
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


async def test_a_preview_comes_along(setup: Setup) -> None:
    balancer = await setup.start()
    job = replace(a_job(), options=StyleOptions(preview=640))
    assert (await balancer.submit(job)).preview == PREVIEW
    assert (await balancer.submit(a_job())).preview == b""


async def test_the_same_job_is_painted_once(setup: Setup) -> None:
    await setup.start()
    await setup.occupy()
    same = [setup.submit("1") for _ in range(3)]
    await until(lambda: len(setup.balancer.queue) == 1)
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
