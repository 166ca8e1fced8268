"""What measures the balancer measures it rightly: runners that do nothing, batches noted, an echo."""

from __future__ import annotations

import pytest

from benchmarks.serving.balancer_latency import Times, _against
from benchmarks.serving.echo import Echo
from benchmarks.serving.fairness import begins_of
from benchmarks.serving.served import NULL, SentBatch, a_job, keep_busy, served
from styles.errors import Busy
from tests.fakes.waiting import until


async def test_photos_come_back_and_their_batches_are_noted() -> None:
    async with served(NULL) as ours:
        result = await ours.balancer.submit(a_job(b"photo", ours.styles[0]))
        assert result.image == b"photo"
        (batch,) = ours.fleet.batches
        assert batch.photos == [b"photo"]
        assert batch.answered is not None
        assert batch.answered > batch.sent


async def test_many_senders_never_let_up() -> None:
    async with served(NULL) as ours:
        async with keep_busy(ours.balancer.submit, [b"photo"], ours.styles, 8) as busy:
            await until(lambda: len(busy.seconds) > 40)
        assert len(ours.balancer.queue) == 0


async def test_a_refusal_ends_a_measurement() -> None:
    async with served(NULL, max_queued=1) as ours:
        with pytest.raises(Busy):
            async with keep_busy(ours.balancer.submit, [b"photo"], ours.styles, 8):
                await until(lambda: ours.balancer.stats.failed)


def test_a_peer_that_is_missing_leaves_its_target_to_be_seen() -> None:
    times = Times(of={}, missing={"ray": "not installed"}, parts=[])
    entry = _against("a photo", "submit", times, "ray", "Ray", 3.0).entry()
    assert (entry.target, entry.missing) == ("at least 3x faster", "not installed")


async def test_an_echo() -> None:
    async with Echo(5) as echo:
        assert await echo.call(b"photo") == b"photo"


def test_a_batch_begins_when_the_one_before_it_at_its_runner_is_answered() -> None:
    first = SentBatch(runner="a", photos=[], sent=1.0, answered=4.0)
    second = SentBatch(runner="a", photos=[], sent=2.0, answered=6.0)
    elsewhere = SentBatch(runner="b", photos=[], sent=3.0)
    assert [begin for _, begin in begins_of([first, second, elsewhere])] == [1.0, 4.0, 3.0]
