"""The real process, from a picture to a style: what it learns, what it refuses, and what it survives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from runner.learning.job import LearningJob
from runner.learning.messages import LearningProgress
from runner.learning.queue import LearningQueue
from runner.learning.worker.main import yield_to_others
from runner.learning.worker.settings import Rank
from styles.errors import ImageTooLarge, NotAnImage
from styles.formats import style_file
from styles.imaging.codec import decode, encode
from styles.learning_errors import PaintingBlank, PaintingTooSmall
from tests.fakes.learning.paintings import canvas, png
from tests.fakes.learning.queues import ORDER, TINY, ended, learning
from tests.fakes.styles.bombs import BOMBS
from tests.fakes.styles.style_files import random_style
from tests.fakes.waiting import until

CLEAN = "runner.learning.worker.main"


def kill(queue: LearningQueue, job: LearningJob) -> None:
    """Kills the process of a job as the kernel would where memory ends."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for pid in children:
        if TINY in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(int(pid), 9)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[LearningProgress]:
    """All that processes tell of how far they are."""
    told: list[LearningProgress] = []
    went_on = LearningJob.went_on

    def noted(job: LearningJob, progress: LearningProgress) -> None:
        told.append(progress)
        went_on(job, progress)

    monkeypatch.setattr(LearningJob, "went_on", noted)
    return told


async def killed_at_work(
    queue: LearningQueue, job: LearningJob, told: list[LearningProgress]
) -> tuple[LearningProgress, LearningProgress]:
    """Kills a process after some steps; returns the step of its checkpoint, and the first of the next one."""
    await until(lambda: job.is_final or job.step > 2, 120)  # the checkpoint of a step before it is kept
    saved = next(progress for progress in told if progress.step)
    kill(queue, job)
    begun = len(told)
    await until(lambda: job.is_final or any(each.step for each in told[begun + 1 :]), 120)
    while told[begun].phase == "training":  # what was on its way
        begun += 1
    return saved, next(progress for progress in told[begun:] if progress.step)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
async def test_a_painting_becomes_a_style_although_its_process_is_killed(
    tmp_path: Path, material: Path, told: list[LearningProgress]
) -> None:
    async with learning(tmp_path, TINY, material / "features.safetensors") as queue:
        job = await queue.submit(ORDER, canvas())
        saved, again = await killed_at_work(queue, job, told)
        assert again.step > 2
        assert again.share > saved.share
        assert await ended(job) == "done", job.record.problem
        assert job.record.summary
        assert job.record.summary["steps"] >= again.step
        (tmp_path / "style").write_bytes(queue.store.read(job.id, "result"))
        learnt = style_file.read(tmp_path / "style")
        assert learnt.base == random_style().base == job.record.summary["base"]
        assert decode(queue.store.read(job.id, "preview.jpg")).shape == (36, 64, 3)
        assert job.record.previews >= 2
        assert job.record.corners != ((0, 0), (1, 0), (1, 1), (0, 1))
        assert decode(queue.store.read(job.id, "thumbnail.jpg")).shape == (498, 640, 3)
        assert [progress.pace for progress in told if progress.phase == "finding the painting"].count(
            None
        ) == 0


@pytest.mark.slow
async def test_a_photo_becomes_one_picture_although_its_process_is_killed(
    tmp_path: Path, material: Path, told: list[LearningProgress]
) -> None:
    async with learning(tmp_path, TINY, material / "features.safetensors") as queue:
        photo = encode(decode((material / "photos" / "0.png").read_bytes()))
        job = await queue.submit(type(ORDER)(minutes=0.2, is_picture=True), canvas(), photo)
        saved, again = await killed_at_work(queue, job, told)
        assert again.step > 2
        assert again.share > saved.share
        assert await ended(job) == "done", job.record.problem
        assert job.record.summary
        assert job.record.summary["steps"] >= again.step
        assert decode(queue.store.read(job.id, "result")).shape == (72, 96, 3)
        assert decode(queue.store.read(job.id, "preview.jpg")).shape == (72, 96, 3)


HOSTILE = {
    "a text": (b"hello, painter", NotAnImage),
    "nothing that is whole": (canvas()[:2000], NotAnImage),
    "a bomb": (BOMBS["png"], ImageTooLarge),
    "a thread": (png(Image.new("RGB", (10_000, 1), "red")), PaintingTooSmall),
    "a stamp": (png(Image.effect_noise((199, 400), 90)), PaintingTooSmall),
    "a wall": (png(Image.new("RGB", (400, 400), "white")), PaintingBlank),
}


@pytest.mark.parametrize(("picture", "error"), HOSTILE.values(), ids=HOSTILE)
async def test_what_teaches_nothing_is_refused_by_the_real_process(
    tmp_path: Path, picture: bytes, error: type[Exception]
) -> None:
    async with learning(tmp_path, CLEAN) as queue:
        with pytest.raises(error):
            await queue.finder.find(picture)


async def test_a_photo_is_looked_at_beside_the_painting_and_named_corners_are_taken(tmp_path: Path) -> None:
    async with learning(tmp_path, CLEAN) as queue:
        named = ((0.3, 0.3), (0.8, 0.3), (0.8, 0.8), (0.3, 0.8))
        assert (await queue.finder.find(canvas(), canvas(1), named)).corners == named
        with pytest.raises(NotAnImage):
            await queue.finder.find(canvas(), b"hello, painter")


@pytest.mark.parametrize(
    ("rank", "scheduler", "nice"),
    [
        (Rank.USUAL, "SCHED_OTHER", 0),
        (Rank.LOW, "SCHED_OTHER", 10),
        (Rank.IDLE, "SCHED_IDLE", 0),
    ],
)
def test_it_yields_by_its_rank(rank: Rank, scheduler: str, nice: int) -> None:
    before = os.nice(0)
    if not os.fork():
        yield_to_others(rank)
        is_right = os.sched_getscheduler(0) == getattr(os, scheduler) and os.nice(0) == min(before + nice, 19)
        os._exit(0 if is_right else 1)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
