"""Time counts less while others have the processor."""

from __future__ import annotations

import threading
import time

import pytest

from runner.learning.worker.machine_time import (
    FairClock,
    begun_clock,
    pace_of,
    times_of,
    tried_pace,
    tried_share,
)


def test_time_counts_in_full_on_a_quiet_machine_and_by_its_work_on_a_busy_one() -> None:
    wall, used = 100.0, 0.0
    clock = FairClock(2, lambda: wall, lambda: used)
    wall, used = 110.0, 18.0  # 90 % of two cores
    assert clock() == 10.0
    wall, used = 120.0, 20.0  # 10 %: a second of each core counts twice
    assert clock() == 12.0
    wall, used = 130.0, 20.0  # nothing: a tenth counts in any case
    assert clock() == 13.0
    clock.most_times = 4
    wall, used = 140.0, 20.0
    assert clock() == 15.5


@pytest.mark.parametrize(("minutes", "longest"), [(0.1, 1), (5, 50), (30, 90), (120, 180)])
def test_minutes_last_longer_but_no_process_holds_a_device_for_a_day(minutes: float, longest: float) -> None:
    assert minutes * times_of(minutes) == pytest.approx(longest)


def test_a_gpu_counts_every_second() -> None:
    before = time.monotonic()
    clock = begun_clock("cuda", 2)
    seconds = clock()
    assert 0.0 <= seconds <= clock() <= time.monotonic() - before
    assert isinstance(begun_clock("cpu", 2), FairClock)


@pytest.mark.parametrize(("share", "pace"), [(1.0, 1.0), (0.5, 1.0), (0.25, 2.0), (0.01, 10.0), (0.0, 10.0)])
def test_the_pace_is_that_of_the_clock(share: float, pace: float) -> None:
    wall, used = 100.0, 0.0
    clock = FairClock(2, lambda: wall, lambda: used)
    wall, used = 110.0, 2 * 10.0 * share
    assert pace_of(share) == pace
    assert clock() * pace == pytest.approx(10.0)


class Machine:
    """The clocks of a machine on which a process gets the same share of its cores in every second.

    A look at the wall's clock takes a second, so that a try has the same looks on every machine. Threads
    besides the main one wait at their first look until as many as there are cores are at work.
    """

    def __init__(self, cores: int, share: float) -> None:
        self._rate, self._seconds = cores * share, 0.0
        self._lock, self._begun = threading.Lock(), threading.local()
        self.all_cores = threading.Barrier(cores, timeout=60)

    def wall(self) -> float:
        is_new = threading.current_thread() is not threading.main_thread() and not vars(self._begun)
        if is_new:
            self._begun.yes = True
            self.all_cores.wait()
        with self._lock:
            self._seconds += 1.0
            return self._seconds

    def processor(self) -> float:
        return self._seconds * self._rate


@pytest.mark.parametrize(("share", "pace"), [(1.0, 1.0), (0.5, 2.0), (0.2, 5.0), (0.01, 10.0)])
def test_a_share_is_tried_with_all_cores(share: float, pace: float) -> None:
    machine = Machine(2, share)
    assert tried_share(2, 1000.0, machine.wall, machine.processor) == pytest.approx(share, rel=0.01)
    assert not machine.all_cores.broken
    machine = Machine(2, share)
    assert tried_pace(2, 1000.0, machine.wall, machine.processor) == pytest.approx(pace, rel=0.01)
