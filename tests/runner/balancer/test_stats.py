"""Counters and the recent rate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from runner.balancer.stats import MAX_VALUES, WINDOW_SECONDS, SlidingWindow, Stats, mean, quantiles
from runner.fleet.fleet import RunnerState
from runner.protocol.messages import Report
from styles.errors import Busy, NotAnImage

RUNNER = RunnerState(name="cuda-0-1", device="cuda:0", pid=1, state="ready", restarts=3, report=Report())


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def sample(registry: CollectorRegistry, name: str, **labels: str) -> float:
    value = registry.get_sample_value(f"painter_{name}", labels)
    assert value is not None
    return value


def test_photos_and_failures_are_counted() -> None:
    clock = Clock()
    stats = Stats(clock)
    stats.finished(0.25, RUNNER)
    stats.refused(NotAnImage())
    clock.now = 100
    stats.refused(Busy(1, "full"))
    stats.refused(Busy(1, "full"))
    assert (stats.painted, stats.uptime) == (1, 100)
    assert stats.photos == {("cuda-0-1", "cuda:0"): 1}
    assert stats.failed == {"NotAnImage": 1, "Busy": 2}
    assert stats.failing.values() == ["Busy", "Busy"]


def test_since_when_a_runner_is_what_it_is() -> None:
    clock = Clock()
    stats = Stats(clock)
    assert stats.since(RUNNER) == 0
    for clock.now, state in ((1, RUNNER), (2, RUNNER), (3, replace(RUNNER, pid=2)), (4, RUNNER)):
        stats.saw([state, replace(state, name="other")])
    clock.now = 9
    assert stats.since(RUNNER) == 5
    stats.saw([replace(RUNNER, state="down")])
    assert stats.since(RUNNER) == 0
    assert stats.since(replace(RUNNER, name="other")) == 5


def test_the_distributions() -> None:
    stats = Stats(Clock())
    stats.dispatched(3, 4)
    stats.dispatched(1, 1)
    for seconds in (0.5, 0.002, 0.3, 0.5):
        stats.waits.add(seconds)
    stats.finished(0.25, RUNNER)
    stats.answers.add(0.7)
    assert sample(stats.registry, "queue_seconds_bucket", le="0.0025") == 1
    assert sample(stats.registry, "queue_seconds_bucket", le="0.5") == 4
    assert sample(stats.registry, "queue_seconds_sum") == 1.302
    assert sample(stats.registry, "batch_photos_bucket", le="1.0") == 1
    assert sample(stats.registry, "batch_photos_sum") == 4
    assert sample(stats.registry, "batch_fill_bucket", le="0.75") == 1
    assert sample(stats.registry, "batch_fill_sum") == 1.75
    assert sample(stats.registry, "engine_seconds_bucket", le="0.25", device="cuda:0") == 1
    assert sample(stats.registry, "photo_seconds_sum") == 0.7
    assert (stats.sizes.values(), stats.fills.values()) == ([3, 1], [0.75, 1])
    assert stats.waits.values() == [0.5, 0.002, 0.3, 0.5]
    assert stats.engine.values() == [0.25]


def test_a_minute_is_remembered() -> None:
    clock = Clock()
    window: SlidingWindow[str] = SlidingWindow(clock)
    assert (window.values(), window.rate()) == ([], 0)
    window.add("first")
    clock.now += WINDOW_SECONDS
    window.add("second")
    assert window.values() == ["first", "second"]
    clock.now += 0.5
    assert window.values() == ["second"]


def test_the_rate_is_of_a_minute_or_of_what_there_was() -> None:
    clock = Clock()
    window: SlidingWindow[int] = SlidingWindow(clock)
    for number in range(20):
        window.add(number)
    assert window.rate() == 20  # in its first second
    clock.now += 10
    assert window.rate() == 2
    clock.now += 50
    assert window.rate() == pytest.approx(1 / 3)
    clock.now += 1
    assert window.rate() == 0


def test_of_too_many_the_last_are_kept() -> None:
    clock = Clock()
    window: SlidingWindow[int] = SlidingWindow(clock)
    clock.now += 30
    for number in range(MAX_VALUES * 2):
        clock.now += 1 / 1024
        window.add(number)
    assert window.values() == list(range(MAX_VALUES, MAX_VALUES * 2))
    assert window.rate() == pytest.approx(1024, rel=0.01)


def test_quantiles_and_mean() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert quantiles(values, 0.01, 0.5, 0.95, 1) == [1, 50, 95, 100]
    assert quantiles([7.0], 0.5) == [7]
    assert mean(values) == 50.5
    assert (quantiles([], 0.5), mean([])) == ([None], None)
