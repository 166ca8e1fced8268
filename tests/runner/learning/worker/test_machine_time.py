"""Time counts less while others have the processor."""

from __future__ import annotations

from runner.learning.worker.machine_time import FairClock


def test_time_counts_in_full_on_a_quiet_machine_and_by_its_work_on_a_busy_one() -> None:
    wall, used = 100.0, 0.0
    clock = FairClock(100.0, 2, lambda: wall, lambda: used)
    wall, used = 110.0, 18.0  # 90 % of two cores
    assert clock() == 110.0
    wall, used = 120.0, 20.0  # 10 %: a second of each core counts twice
    assert clock() == 112.0
    wall, used = (
        130.0,
        20.0,
    )  # nothing: a tenth counts in any case
    assert clock() == 113.0
