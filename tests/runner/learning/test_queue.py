"""Paintings in the queue: they are learnt from one by one, through deaths of processes and balancers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config import RunnerConfig
from runner.learning import attempt, queue
from runner.learning.job import KEPT_SECONDS, LearningJob
from runner.learning.job_store import JobFile, LearningStore
from runner.learning.queue import LearningQueue
from runner.learning.worker.machine_time import MOST_TIMES
from styles.errors import BalancerUnavailable, MissingExtra
from styles.learning_errors import (
    FeaturesAway,
    LearningFailed,
    LearningOff,
    LearningQueueFull,
    PaintingBlank,
)
from styles.service import optional_libraries
from styles.service.problems import from_problem
from tests.fakes.learning.queues import OBEDIENT, ORDER, config_of, ended, learning
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.waiting import until


def result(queue: LearningQueue, job: LearningJob) -> bytes:
    return queue.store.read(job.id, "result")


async def test_a_painting_is_learnt_from(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"canvas")
        assert await ended(job) == "done"
        assert result(queue, job) == b"learnt canvas"
        assert queue.store.read(job.id, "preview.jpg") == b"preview"
        assert queue.store.read(job.id, "painting.jpg") == b"painting of canvas"
        await until(lambda: not queue.store.read(job.id, "painting"))  # what is not needed is not kept
        status = queue.status(job)
        assert (status["state"], status["share"], status["previews"]) == ("done", 1.0, 1)
        assert status["summary"]["losses"] == {"total": 2.5}
        assert len(status["corners"]) == 4


async def test_a_photo_travels_with_its_painting(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(replace(ORDER, is_picture=True), b"canvas ", b"face")
        assert await ended(job) == "done"
        assert result(queue, job) == b"learnt canvas face"


async def test_jobs_wait_for_their_turn_and_one_key_is_one_job(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        running = await queue.submit(ORDER, b"HANG")
        await until(lambda: running.step)
        first, second = [await queue.submit(replace(ORDER, key=f"{n}" * 8), b"canvas") for n in (1, 2)]
        assert [queue.status(job)["position"] for job in (running, first, second)] == [None, 0, 1]
        assert await queue.submit(replace(ORDER, key="2" * 8, name="other"), b"other") is second
        await queue.remove(running)
        assert [await ended(job) for job in (first, second)] == ["done", "done"]


async def test_a_full_queue_says_when_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING", 1)
    async with learning(tmp_path) as full:
        running = await full.submit(ORDER, b"HANG")
        await until(lambda: running.step)
        await full.submit(ORDER, b"canvas")
        with pytest.raises(LearningQueueFull) as refused:
            await full.submit(ORDER, b"canvas")
        assert (refused.value.place, refused.value.seconds_left > refused.value.retry_after > 0) == (2, True)


async def test_a_picture_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"DIE")
        other = await queue.submit(ORDER, b"canvas")
        assert await ended(job) == "failed"
        assert job.record.deaths == 3
        assert isinstance(from_problem(job.record.problem or {}), LearningFailed)
        assert await ended(other) == "done"


async def test_a_job_that_dies_on_one_device_is_taken_over_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "devices", lambda _device: ["cpu", "cpu"])
    async with learning(tmp_path) as learner:
        assert await ended(await learner.submit(ORDER, b"DIE")) == "failed"
        both = [await learner.submit(ORDER, b"HANG") for _ in range(2)]
        await until(lambda: all(job.step for job in both))  # each device still learns
        for job in both:
            await learner.remove(job)
            assert not is_alive(job.step)


async def test_a_process_that_says_nonsense_counts_as_dead(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"LIE")
        assert (await ended(job), job.record.deaths, job.share) == ("failed", 3, 0.0)


async def test_deaths_do_not_count_while_it_goes_on(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"CLIMB ")
        assert await ended(job) == "done"
        assert result(queue, job) == b"learnt CLIMB ..."


async def test_a_refused_picture_fails_with_its_sentence(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"BAD")
        assert await ended(job) == "failed"
        assert job.record.problem
        assert job.record.problem["detail"] == PaintingBlank.sentence


async def test_a_hang_counts_as_a_death(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "SILENT_SECONDS", 0.3)
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        assert (await ended(job), job.record.deaths) == ("failed", 3)


async def test_a_deadline_is_an_apology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.learning.job.DEADLINE_SECONDS", 0.1 - 60 * ORDER.minutes * MOST_TIMES)
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        assert await ended(job) == "failed"
        assert job.record.problem
        assert "not done in time" in job.record.problem["detail"]


async def test_cancelling_ends_the_process_and_takes_the_pictures(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        await until(lambda: job.record.previews)
        waiting = await queue.submit(ORDER, b"canvas")
        for one in (waiting, job):
            await queue.remove(one)
            assert one.record.state == "cancelled"
            assert [path.name for path in (queue.store.folder / one.id).iterdir()] == ["job.json"]
        assert not is_alive(job.step)
        await queue.remove(job)
        assert queue.job(job.id) is None
        assert not (queue.store.folder / job.id).exists()


async def test_what_is_cancelled_on_a_full_disk_is_not_learnt_after_a_restart(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        await until(lambda: queue.store.records()[0].previews)
        (queue.store.folder / job.id / "job.json.partial").mkdir()  # so that it cannot be written
        await queue.remove(job)
        assert not queue.store.read(job.id, "painting")
        (queue.store.folder / job.id / "job.json.partial").rmdir()
    async with learning(tmp_path) as queue:
        assert queue.job(job.id) is None
    assert not (queue.store.folder / job.id).exists()


async def test_whoever_cancels_where_nothing_can_be_kept_hears_so(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        await until(lambda: queue.store.records()[0].previews)
        folder = queue.store.folder / job.id
        (folder / "job.json.partial").mkdir()
        (folder / "painting").unlink()
        (folder / "painting").mkdir()  # so that it cannot be removed
        with pytest.raises(BalancerUnavailable):
            await queue.remove(job)


async def test_what_is_written_late_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, may_write, late = LearningStore.write, threading.Event(), list[str]()

    def slow(store: LearningStore, id: str, part: JobFile, content: bytes) -> None:
        if part != "painting.jpg":
            write(store, id, part, content)
            return
        late.append("begun")
        may_write.wait(60)
        try:
            write(store, id, part, content)
        finally:
            late.append("ended")

    monkeypatch.setattr(LearningStore, "write", slow)
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"canvas")
        try:
            await until(lambda: late)
            await queue.remove(job)
        finally:
            may_write.set()  # else the thread is waited for
        await until(lambda: "ended" in late)
        assert [path.name for path in (queue.store.folder / job.id).iterdir()] == ["job.json"]


async def test_another_balancer_finds_what_was_left(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        done = await queue.submit(ORDER, b"canvas")
        await ended(done)
        left = await queue.submit(replace(ORDER, name="left"), b"HANG")
        await until(lambda: left.step)
        (queue.store.folder / left.id / "painting").write_bytes(b"canvas")
    async with learning(tmp_path) as queue:
        again = queue.job(left.id)
        assert again
        assert await ended(again) == "done"
        kept = queue.job(done.id)
        assert kept
        assert (kept.record.state, kept.record.order.name) == ("done", "garden")
        assert queue.status(kept)["share"] == 1.0
        assert result(queue, kept) == b"learnt canvas"


PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.fakes.learning.queues import ORDER, learning

async def learn():
    async with learning(Path(sys.argv[1])) as queue:
        job = await queue.submit(ORDER, b"HANG")
        while not job.step:
            await job.news.wait()
        print(job.id, job.step, flush=True)
        await asyncio.Event().wait()

asyncio.run(learn())
"""


async def test_a_balancer_that_is_killed_takes_its_processes_along_and_loses_nothing(tmp_path: Path) -> None:
    balancer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert balancer.stdout
    id, pid = (await balancer.stdout.readline()).decode().split()
    balancer.send_signal(signal.SIGKILL)
    await balancer.wait()
    await until(lambda: not is_alive(int(pid)))
    async with learning(tmp_path) as queue:
        assert queue.job(id)


async def test_one_balancer_at_a_time_learns_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "TAKEN_SECONDS", 0.01)
    async with learning(tmp_path) as first:
        second = LearningQueue(config_of(tmp_path), module=OBEDIENT)
        await second.startup()
        with pytest.raises(BalancerUnavailable):
            await second.submit(ORDER, b"canvas")
        await first.shutdown()
        await until(lambda: second.is_open)
        await second.shutdown()


async def test_jobs_are_forgotten_an_hour_after_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LOOK_SECONDS", 0.01)
    async with learning(tmp_path) as learner:
        job = await learner.submit(ORDER, b"canvas")
        await ended(job)
        await learner._forget_old()
        assert learner.job(job.id)
        job.record.ended = time.time() - KEPT_SECONDS - 1
        await until(lambda: not (learner.store.folder / job.id).exists())


async def test_a_job_may_be_forgotten_twice_at_once(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        jobs = [await learner.submit(ORDER, b"BAD") for _ in range(2)]
        for job in jobs:
            await ended(job)
            job.record.ended = 0.0
        await asyncio.gather(learner._forget_old(), learner.remove(jobs[1]))
        assert [learner.job(job.id) for job in jobs] == [None, None]


async def test_a_job_whose_end_cannot_be_written_down_keeps_its_painting(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        job = await learner.submit(ORDER, b"canvas")
        (learner.store.folder / job.id / "job.json.partial").mkdir()  # so that it cannot be written
        assert await ended(job) == "done"
        await until(lambda: job.id not in learner._running)
        assert learner.store.read(job.id, "painting") == b"canvas"  # the next balancer learns it again


async def test_without_the_wish_or_the_libraries_nothing_is_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LearningOff, match="learn = true"):
        LearningQueue(RunnerConfig(cache=tmp_path, learn=False)).require()
    missing = RunnerConfig(cache=tmp_path, learn=True, features=tmp_path / "none")
    with pytest.raises(LearningOff, match="does not exist"):
        LearningQueue(missing).require()
    monkeypatch.setitem(optional_libraries.LIBRARIES, "train", ("no_such_library",))
    with pytest.raises(MissingExtra, match="pip install"):
        LearningQueue(config_of(tmp_path)).require()


async def test_a_restart_gives_no_new_deadline(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        await until(lambda: queue.store.records()[0].worked > 0)  # before the job has ended
    (record,) = queue.store.records()
    record.worked = job.deadline
    queue.store.write_record(record)
    async with learning(tmp_path) as queue:
        again = queue.job(job.id)
        assert again
        assert await ended(again) == "failed"
        assert "not done in time" in (again.record.problem or {})["detail"]
        assert again.record.worked >= job.deadline


async def test_a_full_disk_is_waited_for_and_a_picture_to_look_at_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "AWAY_SECONDS", 0.01)
    async with learning(tmp_path) as learner:
        job = await learner.submit(ORDER, b"CLIMB")
        folder = learner.store.folder / job.id
        for part in ("state.partial", "painting.jpg.partial"):  # so that they cannot be written
            (folder / part).mkdir()
        await until(lambda: job.record.previews > 3 or job.is_final)
        assert job.record.deaths == 0
        (folder / "state.partial").rmdir()
        assert await ended(job) == "done"
        assert not learner.store.read(job.id, "painting.jpg")


async def test_a_folder_that_cannot_be_opened_is_said_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "TAKEN_SECONDS", 0.01)
    (tmp_path / "cache").touch()
    learner = LearningQueue(config_of(tmp_path), module=OBEDIENT)
    await learner.startup()
    try:
        await until(lambda: learner.store.flaw)
        with pytest.raises(LearningOff, match="cannot be opened"):
            learner.require()
        (tmp_path / "cache").unlink()
        await until(lambda: learner.is_open)
        learner.require()
    finally:
        await learner.shutdown()


async def test_a_download_that_failed_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "AWAY_SECONDS", 0.01)
    async with learning(tmp_path) as learner:
        tries: list[int] = []
        opened = learner._features.open

        async def away() -> int:
            tries.append(1)
            if len(tries) < 3:
                raise FeaturesAway("the site is away")
            return await opened()

        monkeypatch.setattr(learner._features, "open", away)
        assert await ended(await learner.submit(ORDER, b"canvas")) == "done"
        tries.clear()
        monkeypatch.setattr(queue, "LONGEST_AWAY", -1.0)
        late = await learner.submit(ORDER, b"canvas")
        assert await ended(late) == "failed"
        assert "LearningOff" in (late.record.problem or {})["type"]


@pytest.mark.slow
async def test_kills_after_each_checkpoint_lose_nothing(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        jobs = [await queue.submit(ORDER, b"WAIT %d" % number) for number in range(3)]
        for job in jobs:
            for count in (1, 2, 3):
                state = b"." * count
                await until(lambda job=job, state=state: queue.store.read(job.id, "state") == state)  # type: ignore[misc]
                with suppress(ProcessLookupError):
                    os.kill(job.step, signal.SIGKILL)
            assert await ended(job) == "done"
            assert job.record.deaths > 0
            assert result(queue, job).startswith(b"learnt WAIT")
