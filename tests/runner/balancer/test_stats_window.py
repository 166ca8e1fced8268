"""What came in the last minute."""

from __future__ import annotations

import pytest

from runner.balancer.stats import MAX_VALUES, WINDOW_SECONDS, SlidingWindow, mean, quantiles


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


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
