"""Small runs of what measures the scheduler at scale."""

from __future__ import annotations

import cProfile

from benchmarks.serving.scheduler_scale import HELD, WAITING, measured


def test_it_paints_and_measures() -> None:
    result = measured(2, photos=60)
    assert result.cpu_seconds > 0
    assert result.rate > 10
    assert 0 < result.fill <= 1


def calls(runners: int) -> float:
    """Calls of functions for a photo, which no load disturbs."""
    warm = round(HELD * runners * WAITING)
    with cProfile.Profile() as profile:
        measured(runners, photos=warm)
    return sum(entry.callcount for entry in profile.getstats()) / (2 * warm)


def test_eight_times_the_runners_take_no_more_calls_than_by_a_logarithm() -> None:
    """Up to 16 runners are all looked at. A look at all 256 would take some eight times the calls."""
    assert calls(256) < 1.6 * calls(32)  # log 256 / log 32
