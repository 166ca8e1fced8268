"""Runners that die, hang, lie and come back: what becomes of the photos that they held."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from runner.fleet.fleet import MachineLost
from runner.protocol.messages import Outcome, Task
from styles.contract import StyleResult
from styles.errors import Busy, DeadlineExceeded, PainterError, RunnerDied, Unpaintable
from styles.service.logs import current_trace, tracing
from tests.fakes import clock
from tests.fakes.runner.fleet import a_job
from tests.fakes.runner.fleet_in_time import DEADLINE, NETWORK, RESTART, picture
from tests.fakes.runner.world import BATCH, World, in_a_world, many


@in_a_world()
async def test_a_hang_is_a_death_and_what_it_held_is_painted_after_it(world: World) -> None:
    hanging, others = world.submit(word="HANG"), [world.submit("bob") for _ in range(7)]
    with pytest.raises(Unpaintable):
        await hanging
    await asyncio.gather(*others)
    assert world.fleet.deaths == 2  # it was tried alone
    assert world.time() < NETWORK * 3 + 2 * (DEADLINE + RESTART) + 8 * BATCH
    alone = [each for each in world.fleet.begun if len(each.tasks) == 1]
    assert len(alone) >= 4  # the hanging one, and those of its batch


@in_a_world()
async def test_both_batches_of_a_dead_runner_are_painted_photo_by_photo(world: World) -> None:
    jobs = [world.submit(str(number)) for number in range(8)]
    await asyncio.sleep(NETWORK)
    world.fleet.kill("r0")
    await asyncio.gather(*jobs)
    assert [len(each.tasks) for each in world.fleet.begun] == [4] + [1] * 8


@in_a_world()
async def test_a_photo_in_both_batches_died_once(world: World) -> None:
    image = b"the same"
    jobs = [asyncio.create_task(world.balancer.submit(a_job(str(n), image, style="a"))) for n in range(8)]
    await asyncio.sleep(NETWORK)
    world.fleet.kill("r0")
    assert {(await job).image for job in jobs} == {picture(image, "sha256:a-1")}


@in_a_world(runners=2)
async def test_a_suspect_is_with_its_runner_alone(world: World) -> None:
    """Nothing else dies with it, not even what would have been decoded beside it."""
    anns = world.callers(16, 10, many())
    await asyncio.sleep(NETWORK + 0.5)
    with pytest.raises(Unpaintable):
        await world.paint("bob", word="DIE")
    first, again = [b for b in world.fleet.begun if any(i.startswith(b"DIE") for i in b.images)]
    assert len(first.tasks) > 1
    assert again.images == [again.images[0]]
    await asyncio.gather(*anns)
    assert world.fleet.deaths == 2
    # What was under way at the first death is painted once more; at the second there was nothing else.
    begun = Counter(image for each in world.fleet.begun for image in each.images)
    assert sum(times == 2 for times in begun.values()) <= 8 + 1


@in_a_world(runners=4)
async def test_a_photo_that_takes_machines_along_takes_three(world: World) -> None:
    """The first loss proves nothing, the second makes it a suspect, and the third was with it alone."""
    losing, others = world.submit(word="LOSE"), [world.submit(f"{n}") for n in range(40)]
    with pytest.raises(Unpaintable):
        await losing
    await asyncio.gather(*others)
    assert world.fleet.deaths == 3
    lost = [batch for batch in world.fleet.begun if any(i.startswith(b"LOSE") for i in batch.images)]
    assert len(lost[0].tasks) > 1
    (image,) = lost[2].images
    with pytest.raises(Unpaintable):
        await world.balancer.submit(a_job("again", image, style="a"))
    assert world.fleet.deaths == 3


@in_a_world(runners=4)
async def test_machines_that_fail_blame_no_photo(world: World) -> None:
    jobs = [world.submit(str(number)) for number in range(32)]
    await asyncio.sleep(NETWORK)
    for name in ("r0", "r1"):
        world.fleet.kill(name, error=MachineLost)
    await asyncio.gather(*jobs)
    assert world.balancer.quarantine.is_empty
    assert [len(each.tasks) for each in world.fleet.begun if len(each.tasks) == 1] == []


@pytest.mark.parametrize("word", ["FEW", "NONSENSE"])
@pytest.mark.parametrize("runners", [1, 2])
def test_a_runner_that_lies_is_not_believed(word: str, runners: int) -> None:
    async def lie(world: World) -> None:
        lying, others = world.submit(word=word), [world.submit("bob") for _ in range(3)]
        with pytest.raises(Unpaintable):
            await lying
        await asyncio.gather(*others)

    in_a_world(runners)(lie)()


@in_a_world()
async def test_a_slow_photo_delays_but_harms_nobody(world: World) -> None:
    await asyncio.gather(*[world.submit("ann", word="SLOW"), *[world.submit("bob") for _ in range(9)]])
    assert world.fleet.deaths == 0


@in_a_world(runners=2, deadline_seconds=9)
async def test_who_waits_too_long_is_told_so(world: World) -> None:
    jobs = [world.submit(f"{number}", word="SLOW") for number in range(40)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StyleResult, DeadlineExceeded}
    await asyncio.sleep(20)  # until the runners are done with what nobody waits for
    assert all(each.at <= 9 + 4 for each in world.fleet.begun)  # behind the batch before, at the latest


@in_a_world(runners=2)
async def test_drained_everything_is_painted_or_refused(world: World) -> None:
    jobs = [world.submit(str(number)) for number in range(60)]
    await asyncio.sleep(NETWORK + 0.3)
    await world.balancer.drain(20)
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    painted = [outcome for outcome in outcomes if isinstance(outcome, StyleResult)]
    assert len(painted) == sum(len(batch.tasks) for batch in world.fleet.begun)
    assert all(isinstance(o, StyleResult | PainterError) for o in outcomes)
    assert 16 <= len(painted) < 60


class Traced(logging.Handler):
    """Keep each line with the trace that it is marked with."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((current_trace(), record.getMessage()))


@pytest.fixture
def traced(caplog: pytest.LogCaptureFixture) -> Iterator[list[tuple[str, str]]]:
    handler = Traced()
    with caplog.at_level(logging.INFO, "runner.balancer.failed_batches"):
        log = logging.getLogger("runner.balancer.failed_batches")
        log.addHandler(handler)
        yield handler.lines
        log.removeHandler(handler)


def test_each_photo_of_a_batch_that_fails_is_in_the_log_by_its_own_trace(
    traced: list[tuple[str, str]],
) -> None:
    async def die(world: World) -> None:
        async def paint(trace: str) -> None:
            with tracing(trace):  # as the request does
                job = replace(a_job(trace, trace.encode(), style="a"), trace=trace)
                await world.balancer.submit(job)

        jobs = [asyncio.create_task(paint(trace)) for trace in "abcd"]
        await asyncio.sleep(NETWORK)
        world.fleet.kill("r0")
        await asyncio.gather(*jobs)

    in_a_world()(die)()
    assert sorted(trace for trace, line in traced if "died with 4 photos" in line) == list("abcd")
    assert "" not in {trace for trace, _ in traced}


@in_a_world()
async def test_what_works_for_many_photos_has_the_trace_of_none(world: World) -> None:
    seen: list[str] = []
    run = world.fleet.run

    async def watched(name: str, tasks: Sequence[Task]) -> Sequence[Outcome]:
        seen.append(current_trace())
        return await run(name, tasks)

    world.fleet.run = watched  # type: ignore[method-assign, assignment]
    with tracing("another photo's"):
        jobs = [world.submit(str(number)) for number in range(12)]
    await asyncio.gather(*jobs)
    assert set(seen) == {""}


# Anything at all

WORDS = [""] * 40 + ["SLOW", "BAD", "DIE", "HANG", "FEW", "NONSENSE", "BUG"]


@pytest.mark.parametrize("seed", range(12))
def test_every_job_ends_once_in_its_own_picture_or_an_error_with_a_reason(seed: int) -> None:
    """Photos, deaths and callers who leave, at random; some kill, hang or lie."""
    chance = random.Random(seed)

    async def live() -> None:
        runners, credits = chance.choice([(1, 1), (1, 2), (2, 2), (4, 2), (3, 3)])
        world = World(runners, credits=credits, max_queued=chance.choice([30, 1000]), deadline_seconds=60)
        await world.balancer.startup()
        ends: list[tuple[str, type | None]] = []

        async def call(number: int) -> None:
            await asyncio.sleep(chance.uniform(0, 60))
            style = chance.choice([chance.choice("abcdefghxy"), "a,b", "c,d,e"])
            size, word = chance.choice([256, 1024, 1024, 2048]), chance.choice(WORDS)
            paint = world.submit(f"{number % 7}", style, word, size=size)
            if chance.random() < 0.05:
                await asyncio.sleep(chance.uniform(0, 3))
                paint.cancel()
            try:
                await paint
            except PainterError as error:
                ends.append((word, type(error)))
            except asyncio.CancelledError:
                ends.append((word, None))
            else:
                ends.append((word, StyleResult))

        async def kill() -> None:
            for _ in range(10):
                await asyncio.sleep(chance.uniform(0, 12))
                world.fleet.kill(f"r{chance.randrange(runners)}")

        await asyncio.gather(*[call(number) for number in range(300)], kill())
        assert len(ends) == 300
        kinds = {word: {end for each, end in ends if each == word} for word in WORDS}
        assert all(
            StyleResult not in kinds[word] for word in ("BAD", "DIE", "HANG", "FEW", "NONSENSE", "BUG")
        )
        assert kinds[""] <= {StyleResult, None, Busy, DeadlineExceeded, Unpaintable, RunnerDied}
        assert ends.count(("", StyleResult)) > 0
        assert max(Counter(image for each in world.fleet.begun for image in each.images).values()) <= 2
        await asyncio.sleep(2 * DEADLINE)  # what nobody waits for is painted out
        world.idle()
        assert world.fleet.most_held <= credits
        await world.balancer.shutdown()

    clock.run(live())
