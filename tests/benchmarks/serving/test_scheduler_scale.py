"""A small run of what measures the scheduler at scale."""

from __future__ import annotations

from benchmarks.serving.scheduler_scale import measured


def test_it_paints_and_measures() -> None:
    result = measured(2, photos=60)
    assert result.cpu_seconds > 0
    assert result.rate > 10
    assert 0 < result.fill <= 1
