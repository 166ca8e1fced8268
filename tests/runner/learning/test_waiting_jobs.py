"""Jobs that wait, and whose turn it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from runner.learning.job import JobRecord, LearningJob
from runner.learning.waiting_jobs import WaitingJobs
from tests.fakes.learning.queues import ORDER


def job(owner: str, worked: float = 0.0) -> LearningJob:
    order = replace(ORDER, owner=owner)
    return LearningJob(record=JobRecord(id="a" * 32, order=order, came=0.0, state="failed", worked=worked))


async def test_what_was_begun_comes_first_and_then_who_had_least() -> None:
    waiting = WaitingJobs({"ada": 3, "bo": 1}.__getitem__)
    early = asyncio.create_task(waiting.next())
    await asyncio.sleep(0)
    ada, bo, begun, later = jobs = job("ada"), job("bo"), job("ada", 7.0), job("bo")
    for each in jobs:
        waiting.put(each)
    assert {each.record.state for each in jobs} == {"queued"}
    assert await early is begun
    assert begun.record.state == "running"
    assert [waiting.position(each) for each in jobs] == [2, 0, None, 1]
    assert (waiting.take_out(bo), waiting.take_out(bo), len(waiting)) == (True, False, 2)
    assert [await waiting.next(), await waiting.next()] == [later, ada]
    assert waiting.unseen.qsize() == 4
