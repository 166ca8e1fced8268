"""Pictures that wait: what teaches nothing is refused before its turn, and everything else keeps waiting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runner.learning import corners
from runner.learning.early_refusals import is_certain
from styles.errors import BalancerUnavailable, ImageTooLarge, NotAnImage, PainterError, RunnerDied
from styles.learning_errors import CornersTimeout, PaintingBlank, PaintingTooSmall
from tests.fakes.learning.obedient_process import CORNERS
from tests.fakes.learning.queues import ORDER, ended, learning
from tests.fakes.waiting import until


async def test_what_teaches_nothing_is_refused_while_another_painting_is_learnt(tmp_path: Path) -> None:
    async with learning(tmp_path) as queue:
        running = await queue.submit(ORDER, b"HANG")
        await until(lambda: running.step)
        deadly, bad, good = [await queue.submit(ORDER, picture) for picture in (b"DIE", b"BAD", b"canvas")]
        assert await ended(bad) == "failed"
        assert bad.record.problem
        assert bad.record.problem["detail"] == PaintingBlank.sentence
        assert queue.ended["failed"] == 1
        await until(lambda: good.record.corners == CORNERS)
        assert queue.store.read(good.id, "thumbnail.jpg") == b"can"  # for the page of who waits
        assert [queue.status(job)["position"] for job in (deadly, good)] == [0, 1]
        assert running.record.state == "running"
        await until(lambda: [path.name for path in (queue.store.folder / bad.id).iterdir()] == ["job.json"])


async def test_pictures_wait_while_many_are_looked_through_at_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corners, "MOST_CORNERS", 0)
    monkeypatch.setattr(corners, "AGAIN_SECONDS", 0.01)
    async with learning(tmp_path) as queue:
        running = await queue.submit(ORDER, b"HANG")
        await until(lambda: running.step)
        bad = await queue.submit(replace(ORDER, is_picture=True), b"BAD", b"face")
        await until(queue._waiting.unseen.empty)
        assert queue.status(bad)["position"] == 0
        monkeypatch.setattr(corners, "MOST_CORNERS", 1)
        assert await ended(bad) == "failed"


def died() -> PainterError:
    error = NotAnImage("it killed the process")
    error.__cause__ = RunnerDied("it has ended")
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PaintingTooSmall("1x10000"), True),
        (NotAnImage("a text"), True),
        (ImageTooLarge("a bomb"), True),
        (died(), False),
        (CornersTimeout("no corners in 30 s"), False),
        (BalancerUnavailable("away"), False),
    ],
)
def test_a_refusal_is_certain_that_every_attempt_would_repeat(error: PainterError, expected: bool) -> None:
    assert is_certain(error) is expected
