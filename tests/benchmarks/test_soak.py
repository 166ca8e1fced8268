"""The soak in small: runners killed while many send, and a judge who knows a wrong picture.

At length: `python -m benchmarks soak`.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from benchmarks.report import Profile
from benchmarks.soak.chaos import Blows, blow
from benchmarks.soak.clients import Crowd
from benchmarks.soak.counts import BROKEN, Counts, Fate
from benchmarks.soak.photos import Pool, Truths
from benchmarks.soak.run import HEADINGS, Story, told
from benchmarks.soak.system import System
from runner.engine import Engine, Item, Painted
from styles import checkpoint
from styles.contract import StyleOptions
from tests.fakes.waiting import until

#: Runners killed, and answers between two of them.
KILLS, BETWEEN = 4, 12


@pytest.fixture(scope="module")
def pool() -> Pool:
    return Pool(9)


@pytest.fixture(scope="module")
def truths(pool: Pool) -> Truths:
    return Truths(pool.photos)


async def test_runners_are_killed_and_every_photo_is_answered(truths: Truths, tmp_path: Path) -> None:
    dice, blows = random.Random(1), Blows()
    async with System(tmp_path) as system:
        crowd = Crowd(system.url, Pool(9), truths, 1)
        sending = asyncio.create_task(crowd.run(8))
        for number in range(1, KILLS + 1):
            await until(lambda number=number: sending.done() or crowd.counts.total() > number * BETWEEN, 120)  # type: ignore[misc]
            await blow(system, dice, blows, 0.0)
        crowd.stopping.set()
        await sending
        status = await system.settled()
        assert await system.stop_balancer() == 0
    assert crowd.counts.broken == []
    assert crowd.counts.total(*BROKEN) == 0
    assert crowd.counts.total(Fate.PAINTED) > BETWEEN
    assert blows.killed >= KILLS - 1  # one may have been down already
    assert sum(runner["restarts"] for runner in status["runners"]) >= blows.killed
    assert system.left_behind() == []
    assert system.faults() == []


def test_the_judge_knows_a_wrong_picture(pool: Pool, truths: Truths) -> None:
    engine = Engine("cpu")
    shipped = checkpoint.shipped()[0]
    style = engine.load("sha256:1", shipped.weights)
    one, other = pool.photos[:2]
    items = [Item(style=style, image=photo.jpeg, options=StyleOptions()) for photo in (one, other)]
    right, another = engine.run_batch(items)
    assert isinstance(right, Painted)
    assert isinstance(another, Painted)
    name = shipped.card.name
    assert truths.judge(one, name, right.image) == ""
    assert truths.judge(one, name, another.image).startswith("another photo")
    wrong = next(style for style in truths.styles if style != name)
    assert truths.judge(one, wrong, right.image) == f"in {name}, not in {wrong}"
    assert "away from" in truths.judge(one, name, one.jpeg) or "not in" in truths.judge(one, name, one.jpeg)


def test_a_broken_rule_is_told() -> None:
    counts = Counts()
    counts.add("a photo", Fate.PAINTED)
    counts.add("a photo", Fate.WRONG, "in mosaic, not in candy")
    counts.seconds.append(0.1)
    lines = told(
        Story(
            minutes=1,
            every=5,
            counts=counts,
            blows=Blows(),
            restarts=0,
            caught=0,
            memory=(1, 1),
            exit_status=0,
            left_behind=[],
            faults=[],
        )
    )
    missed = [line.entry() for line in lines if not isinstance(line, Profile)]
    assert [entry.measure for entry in missed if entry.reached is False] == [
        "pictures of another photo or in another style"
    ]
    kinds, broken = (line for line in lines if isinstance(line, Profile))
    assert kinds.headings == HEADINGS
    assert broken.rows == [["a photo, wrong: in mosaic, not in candy"]]
