"""The soak in small: runners killed while many send, and a judge who knows a wrong picture.

At length: `python -m benchmarks soak`.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.reporting.findings import Finding, Profile
from benchmarks.soak.chaos import Blows, blow
from benchmarks.soak.clients import Crowd
from benchmarks.soak.counts import BROKEN, Counts, Fate
from benchmarks.soak.photos import Pool, Truths
from benchmarks.soak.run import HEADINGS, Story, report
from benchmarks.soak.system import System
from runner.process.engine import BatchItem, Engine
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleOptions
from styles.formats import style_file
from styles.service.problems import PREFIX as PROBLEM
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
    shipped = style_file.shipped()[0]
    style = engine.load("sha256:1", shipped.weights)
    one, other = pool.photos[:2]
    items = [BatchItem(style=style, image=photo.jpeg, options=StyleOptions()) for photo in (one, other)]
    right, another = engine.run_batch(items)
    assert isinstance(right, PaintedPhoto)
    assert isinstance(another, PaintedPhoto)
    name = shipped.card.name
    assert truths.judge(one, name, right.image) == ""
    assert truths.judge(one, name, another.image).startswith("another photo")
    wrong = next(style for style in truths.styles if style != name)
    assert truths.judge(one, wrong, right.image) == f"in {name}, not in {wrong}"
    assert "away from" in truths.judge(one, name, one.jpeg) or "not in" in truths.judge(one, name, one.jpeg)


def a_story(*fates: tuple[str, Fate, str]) -> tuple[list[Finding], list[str]]:
    """What is told of a hundred photos that are painted and of these, and the rules that are missed."""
    counts = Counts()
    for kind, fate, why in [("a photo", Fate.PAINTED, "")] * 100 + list(fates):
        counts.add(kind, fate, why)
    counts.seconds.append(0.1)
    story = Story(
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
    lines = report(story)
    entries = [line.entry() for line in lines if not isinstance(line, Profile)]
    return lines, [entry.measure for entry in entries if entry.reached is False]


def test_a_harmless_photo_may_be_refused_now_and_then_and_not_often() -> None:
    refused = ("a photo", Fate.REFUSED, "Unpaintable")
    late = ("a photo", Fate.REFUSED, "DeadlineExceeded")
    harmful = ("a photo that kills", Fate.REFUSED, "Unpaintable")
    left = ("a photo whose sender leaves", Fate.LEFT, "")
    assert a_story(refused, *[harmful] * 50, *[left] * 50)[1] == []
    assert a_story(refused, refused)[1] == [
        "harmless photos refused as unpaintable: two runners that held them were killed"
    ]
    assert a_story(*[late] * 3)[1] == ["harmless photos painted in the end"]


async def test_a_client_that_is_refused_for_now_comes_again_when_told(pool: Pool, truths: Truths) -> None:
    async def refuse(request: web.Request) -> web.Response:
        jobs.append(request.query["job"])
        problem = {"type": f"{PROBLEM}{next(reasons)}"}
        headers = {"Retry-After": "0.01"} if problem["type"].endswith("Busy") else {}
        return web.json_response(problem, status=503, headers=headers)

    jobs, reasons = list[str](), iter(["Busy", "RunnerDied", "Busy", "Unpaintable"])
    app = web.Application()
    app.router.add_post("/v1/stylize", refuse)
    async with TestServer(app) as server:
        crowd = Crowd(str(server.make_url("")).rstrip("/"), pool, truths, 1)
        async with aiohttp.ClientSession() as crowd._session:
            request = crowd._request("a photo", pool.photos[0], "sender")
            assert await crowd._ask("a photo", request) == "Unpaintable"
    assert len(jobs) == 4
    assert len(set(jobs)) == 1
    assert crowd.counts.again == 3
    assert crowd.counts.total(Fate.REFUSED) == crowd.counts.total() == 1


def test_a_broken_rule_is_told() -> None:
    lines, missed = a_story(("a photo", Fate.WRONG, "in mosaic, not in candy"))
    assert missed == ["pictures of another photo or in another style"]
    kinds, broken = (line for line in lines if isinstance(line, Profile))
    assert kinds.headings == HEADINGS
    assert broken.rows == [["a photo, wrong: in mosaic, not in candy"]]
