"""Processes that learn are stopped while a photo is painted, and no longer than a while."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from runner.learning import pauses
from runner.learning.job import LearningJob
from runner.learning.queue import LearningQueue
from tests.fakes.learning.queues import OBEDIENT, ORDER, config_of, ended, learning
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.runner.served import serving
from tests.fakes.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="states of processes are read in /proc")


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


async def hanging(queue: LearningQueue) -> LearningJob:
    """A job whose process has started, and does not end by itself."""
    job = await queue.submit(ORDER, b"HANG")
    await until(lambda: job.step)
    return job


@asynccontextmanager
async def stopped(folder: Path) -> AsyncIterator[tuple[LearningQueue, LearningJob]]:
    """Give a queue and a job whose process is stopped, as a photo is painted; remove the job at the end."""
    async with learning(folder) as queue:
        job = await hanging(queue)
        queue.pauses.note_painting(is_painting=True)
        await until(lambda: is_stopped(job.step))
        yield queue, job
        await queue.remove(job)


async def test_nothing_is_learnt_while_a_photo_is_painted(tmp_path: Path) -> None:
    async with serving(config_of(tmp_path)) as served, aiohttp.ClientSession(served.url) as http:
        job = await hanging(served.learning)
        served.fleet.gate.clear()
        photos = [
            asyncio.create_task(http.post("/v1/stylize?style=mosaic", data=f"photo {number}"))
            for number in range(2)
        ]
        await until(lambda: is_stopped(job.step))
        served.fleet.gate.set()
        await asyncio.gather(*photos)
        await until(lambda: not is_stopped(job.step))


def learning_processes() -> list[int]:
    """The processes of this one that learn."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if OBEDIENT in Path(f"/proc/{pid}/cmdline").read_text()]


async def test_a_process_that_starts_meanwhile_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "TURN", 60.0)
    async with learning(tmp_path) as queue:
        queue.pauses.note_painting(is_painting=True)
        job = await queue.submit(ORDER, b"canvas")
        await until(lambda: job.is_final or any(is_stopped(pid) for pid in learning_processes()))
        assert (job.record.state, job.step) == ("running", 0)
        queue.pauses.note_painting(is_painting=False)
        assert await ended(job) == "done"


async def test_a_stopped_process_can_be_cancelled(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await hanging(queue)
        queue.pauses.note_painting(is_painting=True)
        await until(lambda: is_stopped(job.step))
        await queue.remove(job)
        assert not is_alive(job.step)


async def test_a_process_has_its_turn_where_photos_come_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "TURN", 0.2)
    async with stopped(tmp_path) as (queue, job):
        while is_stopped(job.step):
            queue.pauses.note_painting(is_painting=False)
            queue.pauses.note_painting(is_painting=True)
            await asyncio.sleep(0.01)  # a photo is painted


async def test_turns_change_where_photos_are_always_painted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "TURN", 0.1)
    async with stopped(tmp_path) as (_, job):
        for _ in range(2):
            await until(lambda: is_stopped(job.step))
            await until(lambda: not is_stopped(job.step))
