"""Time counts less while others have the processor."""

from __future__ import annotations

import time

import pytest

from runner.learning.worker.machine_time import FairClock, pace_of, tried_pace, tried_share


def test_time_counts_in_full_on_a_quiet_machine_and_by_its_work_on_a_busy_one() -> None:
    wall, used = 100.0, 0.0
    clock = FairClock(100.0, 2, lambda: wall, lambda: used)
    wall, used = 110.0, 18.0  # 90 % of two cores
    assert clock() == 110.0
    wall, used = 120.0, 20.0  # 10 %: a second of each core counts twice
    assert clock() == 112.0
    wall, used = 130.0, 20.0  # nothing: a tenth counts in any case
    assert clock() == 113.0


@pytest.mark.parametrize(("share", "pace"), [(1.0, 1.0), (0.5, 1.0), (0.25, 2.0), (0.01, 10.0), (0.0, 10.0)])
def test_the_pace_is_that_of_the_clock(share: float, pace: float) -> None:
    wall, used = 100.0, 0.0
    clock = FairClock(100.0, 2, lambda: wall, lambda: used)
    wall, used = 110.0, 2 * 10.0 * share
    assert pace_of(share) == pace
    assert (clock() - 100.0) * pace == pytest.approx(10.0)


def test_a_share_is_tried_with_all_cores() -> None:
    began = time.process_time()
    share = tried_share(2, seconds=0.05)
    assert 0 < share <= 1.05  # the clocks are read one after the other
    assert time.process_time() > began
    assert 1 <= tried_pace(2, seconds=0.01) <= 10
