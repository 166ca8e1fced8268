"""How long a person waits for a painting that is learnt, on a machine that does something else too."""

from __future__ import annotations

import pytest

from runner.learning.expected_times import pace_at, status
from runner.learning.job import JobRecord, LearningJob
from runner.learning.messages import LearningOrder
from runner.learning.waiting_jobs import WaitingJobs


def job(id: str, minutes: float = 5.0) -> LearningJob:
    return LearningJob(record=JobRecord(id=id, order=LearningOrder(minutes=minutes), came=0.0))


@pytest.mark.parametrize(("load", "pace"), [(0.0, 1.0), (1.0, 1.0), (1.5, 2.0), (2.0, 10.0), (17.0, 10.0)])
def test_a_loaded_machine_takes_longer(load: float, pace: float) -> None:
    assert pace_at(load, cores=2) == pytest.approx(pace)


def test_the_pace_that_was_met_counts_for_all_jobs() -> None:
    waiting, running = WaitingJobs(lambda _owner: 0), job("running")
    first, second = job("first"), job("second", minutes=2.0)
    for each in (first, second):
        waiting.put(each)

    def seconds(each: LearningJob) -> float:
        return float(status(each, [running], waiting, ["cuda:0"])["seconds_left"])

    assert [seconds(each) for each in (running, first, second)] == [300.0, 600.0, 720.0]
    for now, left in ((100.0, 280.0), (105.0, 275.0)):
        running.pace.note(now, left)
    running.seconds_left = 275.0
    assert seconds(running) == 275.0  # five seconds tell nothing yet
    running.pace.note(130.0, 270.0)  # ten seconds of its clock in thirty
    running.seconds_left = 270.0
    assert [seconds(each) for each in (running, first)] == [810.0, 3 * 570.0]
    running.pace.note(500.0, 290.0)  # another process goes on from a checkpoint
    assert running.pace.met is None
