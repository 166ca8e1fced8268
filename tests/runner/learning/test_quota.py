"""A person's paintings of a day are counted, through restarts too, and take turns with others'."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.learning.job import JobRecord, LearningJob
from runner.learning.job_store import LearningStore
from runner.learning.quota import LearningQuota
from styles.learning_errors import EnoughForToday
from styles.service.units import DAY, HOUR
from tests.fakes.learning.obedient_process import CORNERS
from tests.fakes.learning.queues import ORDER, ended, learning
from tests.fakes.waiting import until


async def test_a_person_has_a_limit_a_day_that_a_restart_does_not_lift(tmp_path: Path) -> None:
    now = 1000.0
    store = LearningStore(tmp_path)

    async def counting(most: int = 2) -> LearningQuota:
        quota = LearningQuota(store, most, lambda: now)
        await quota.load()
        return quota

    quota = await counting()
    for id in ("1", "2"):
        await quota.take(id, "ada")
    await quota.take("3", "bo")
    quota = await counting()
    assert (quota.of("ada"), quota.of("bo"), quota.of("")) == (2, 1, 0)
    with pytest.raises(EnoughForToday, match="2 paintings of one person in a day"):
        await quota.take("4", "ada")
    await quota.give_back("1")
    await quota.take("4", "ada")
    assert (await counting(0)).of("ada") == 2
    now += DAY
    await quota.take("5", "ada")
    assert (await counting()).of("ada") == 1


async def test_what_is_sent_again_after_its_job_was_forgotten_counts_once(tmp_path: Path) -> None:
    store = LearningStore(tmp_path)
    quota = LearningQuota(store, 1)
    await quota.take("1", "ada", "key-of-1")
    with pytest.raises(EnoughForToday):  # it was thrown away, and is another one now
        await quota.take("2", "ada", "key-of-1")
    await quota.let_come_again("1", "key-of-1")
    quota = LearningQuota(store, 1)
    await quota.load()
    for owner, key in (("ada", "key-of-2"), ("ada", "")):
        with pytest.raises(EnoughForToday):
            await quota.take("2", owner, key)
    await quota.take("2", "ada", "key-of-1")
    assert quota.of("ada") == 1
    with pytest.raises(EnoughForToday):  # once
        await quota.take("3", "ada", "key-of-1")


async def test_a_job_that_was_forgotten_begins_again_and_one_that_is_published_stays(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        published, forgotten = [replace(ORDER, owner="ada", key=f"{number}" * 8) for number in range(2)]
        jobs = [await queue.submit(order, b"canvas") for order in (published, forgotten)]
        for job in jobs:
            assert await ended(job) == "done"
            job.record.ended = time.time() - 2 * HOUR
        jobs[0].record.published = "garden"
        await until(lambda: not queue._running)
        await queue._forget_old()
        assert await queue.submit(published, b"canvas") is jobs[0]
        assert await queue.submit(forgotten, b"canvas") is not jobs[1]
        assert queue.quota.of("ada") == 2


async def test_a_picture_that_is_swapped_for_the_right_one_does_not_count(tmp_path: Path) -> None:
    store = LearningStore(tmp_path)
    quota = LearningQuota(store, 2)
    for number in (1, 2, 3):
        await quota.take(f"{number}", "ada")
        await quota.swap(f"{number}")
        quota = LearningQuota(store, 2)
        await quota.load()
    assert quota.of("ada") == 1  # as many may be swapped as count
    await quota.take("4", "ada")
    with pytest.raises(EnoughForToday):
        await quota.take("5", "ada")


async def test_a_wrong_picture_that_was_learnt_for_a_while_takes_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.learning.job.COUNTED_SECONDS", 0.0)
    async with learning(tmp_path) as queue:
        for is_swapped, count in ((False, 1), (True, 1), (False, 2)):
            job = await queue.submit(replace(ORDER, owner="ada"), b"HANG")
            await until(lambda job=job: job.step)  # type: ignore[misc]
            job.record.deaths = 1  # else it was refused at a look
            if is_swapped:
                await queue.quota.swap(job.id)
            await queue.remove(job)
            assert queue.quota.of("ada") == count


async def test_nobody_is_limited_without_a_name_or_by_a_config_without_a_limit(tmp_path: Path) -> None:
    for most, owner in ((1, ""), (0, "ada")):
        quota = LearningQuota(LearningStore(tmp_path), most)
        for number in range(3):
            await quota.take(f"{number}", owner)


async def test_people_take_turns_and_what_taught_nothing_does_not_count(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        running = await queue.submit(replace(ORDER, owner="ada"), b"HANG")
        await until(lambda: running.step)
        many = [await queue.submit(replace(ORDER, owner="ada"), b"HANG") for _ in range(4)]
        with pytest.raises(EnoughForToday):
            await queue.submit(replace(ORDER, owner="ada"), b"canvas")
        other = await queue.submit(replace(ORDER, owner="bo"), b"canvas")
        assert [queue.status(job)["position"] for job in (other, *many)] == [0, 1, 2, 3, 4]
        for job in (*many, running):
            await queue.remove(job)
        assert queue.quota.of("ada") == 0
        assert await ended(other) == "done"
        for _ in range(6):  # who sees that one is refused can send the next one
            assert await ended(await queue.submit(replace(ORDER, owner="ada"), b"BAD")) == "failed"
        assert queue.quota.of("bo") == 1


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"state": "failed", "worked": 400.0}, False),  # a machine that paints much takes long to look
        ({"state": "failed", "worked": 400.0, "deaths": 3}, True),
        ({"state": "cancelled", "worked": 400.0, "corners": CORNERS}, True),
        ({"state": "cancelled", "worked": 4.0, "corners": CORNERS}, False),
        ({"state": "done", "worked": 4.0}, True),
    ],
)
def test_what_was_refused_at_a_look_does_not_count(changes: dict[str, Any], counts: bool) -> None:
    record = replace(JobRecord(id="a" * 32, order=ORDER, came=0.0), **changes)
    assert LearningJob(record=record).counts is counts
