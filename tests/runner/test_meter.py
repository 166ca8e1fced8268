"""Counters and the recent rate."""

from __future__ import annotations

from runner.fleet import RunnerState
from runner.meter import Meter, prometheus
from runner.tasks import Report
from styles.errors import NotAnImage


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_is_the_recent_one() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert meter.seconds_for(10) == 10  # nothing is known yet
    for second in range(20):
        clock.now = second / 4
        meter.finished(0.1)
    clock.now = 5
    assert meter.seconds_for(8) == 8 / 4
    clock.now = 500
    assert meter.seconds_for(8) == 8


def test_the_text_for_prometheus() -> None:
    meter = Meter()
    meter.dispatched(0.5)
    meter.finished(0.25)
    meter.refused(NotAnImage())
    runner = RunnerState(name="r", device="cpu", pid=1, state="busy", restarts=3, report=Report())
    lines = prometheus(meter, 7, 2, [runner]).splitlines()
    for line in (
        "painter_queued 7",
        "painter_in_flight 2",
        "painter_painted_total 1",
        "painter_queue_seconds_total 0.5",
        "painter_engine_seconds_total 0.25",
        "painter_runners_up 1",
        "painter_restarts_total 3",
        'painter_failed_total{error="NotAnImage"} 1',
    ):
        assert line in lines
    assert all(line.startswith("#") or len(line.split(" ")) == 2 for line in lines)
