"""Counters and the recent rate."""

from __future__ import annotations

from dataclasses import replace

from prometheus_client import CollectorRegistry

from runner.balancer.stats import Meter
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
    meter = Meter(clock)
    meter.finished(0.25, RUNNER)
    meter.refused(NotAnImage())
    clock.now = 100
    meter.refused(Busy(1, "full"))
    meter.refused(Busy(1, "full"))
    assert (meter.painted, meter.uptime) == (1, 100)
    assert meter.photos == {("cuda-0-1", "cuda:0"): 1}
    assert meter.failed == {"NotAnImage": 1, "Busy": 2}
    assert meter.failing.values() == ["Busy", "Busy"]


def test_since_when_a_runner_is_what_it_is() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert meter.since(RUNNER) == 0
    for clock.now, state in ((1, RUNNER), (2, RUNNER), (3, replace(RUNNER, pid=2)), (4, RUNNER)):
        meter.saw([state, replace(state, name="other")])
    clock.now = 9
    assert meter.since(RUNNER) == 5
    meter.saw([replace(RUNNER, state="down")])
    assert meter.since(RUNNER) == 0
    assert meter.since(replace(RUNNER, name="other")) == 5


def test_the_distributions() -> None:
    meter = Meter(Clock())
    meter.dispatched(3, 4)
    meter.dispatched(1, 1)
    meter.began([0.5, 0.002, 0.3])
    meter.began([0.5])
    meter.finished(0.25, RUNNER)
    meter.answered(0.7)
    assert sample(meter.registry, "queue_seconds_bucket", le="0.0025") == 1
    assert sample(meter.registry, "queue_seconds_bucket", le="0.5") == 4
    assert sample(meter.registry, "queue_seconds_sum") == 1.302
    assert sample(meter.registry, "batch_photos_bucket", le="1.0") == 1
    assert sample(meter.registry, "batch_photos_sum") == 4
    assert sample(meter.registry, "batch_fill_bucket", le="0.75") == 1
    assert sample(meter.registry, "batch_fill_sum") == 1.75
    assert sample(meter.registry, "engine_seconds_bucket", le="0.25", device="cuda:0") == 1
    assert sample(meter.registry, "photo_seconds_sum") == 0.7
    assert (meter.sizes.values(), meter.fills.values()) == ([3, 1], [0.75, 1])
    assert meter.waits.values() == [0.5, 0.002, 0.3, 0.5]
    assert meter.engine.values() == [0.25]
