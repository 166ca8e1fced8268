"""How long a person waits for a painting that is learnt, on a machine that does something else too."""

from __future__ import annotations

import pytest

from runner.learning.expected_times import pace_at, status
from runner.learning.job import JobRecord, LearningJob
from runner.learning.messages import LearningOrder, LearningProgress
from runner.learning.waiting_jobs import WaitingJobs


def job(id: str, minutes: float = 5.0, *, is_picture: bool = False) -> LearningJob:
    order = LearningOrder(minutes=minutes, is_picture=is_picture)
    return LearningJob(record=JobRecord(id=id, order=order, came=0.0))


@pytest.mark.parametrize(("load", "pace"), [(0.0, 1.0), (1.0, 1.0), (1.5, 2.0), (2.0, 3.16), (17.0, 3.16)])
def test_a_loaded_machine_takes_longer(load: float, pace: float) -> None:
    assert pace_at(load, cores=2) == pytest.approx(pace, rel=0.01)


def test_the_pace_that_was_met_counts_for_all_jobs() -> None:
    waiting, running = WaitingJobs(lambda _owner: 0), job("running")
    first, second = job("first"), job("second", minutes=2.0)
    for each in (first, second):
        waiting.put(each)

    def seconds(each: LearningJob) -> float:
        return float(status(each, [running], waiting, ["cuda:0"])["seconds_left"])

    assert [seconds(each) for each in (running, first, second)] == [300.0, 600.0, 720.0]
    for now, counted in ((100.0, 20.0), (105.0, 25.0)):
        running.pace.note(now, counted)
    running.seconds_left = 275.0
    assert seconds(running) == 275.0  # five seconds tell nothing yet
    running.pace.note(130.0, 30.0)  # ten seconds of its clock in thirty
    running.seconds_left = 270.0
    assert [seconds(running), seconds(first)] == [810.0, 3 * 570.0]


def test_the_pace_that_a_process_tried_counts_until_one_is_met() -> None:
    waiting, running = WaitingJobs(lambda _owner: 0), job("running")
    running.went_on(LearningProgress(phase="finding the painting", pace=3.0))
    running.went_on(LearningProgress(phase="looking at the painting"))
    first = job("first")
    waiting.put(first)
    told = [status(each, [running], waiting, ["cpu"])["seconds_left"] for each in (running, first)]
    assert told == [900.0, 1800.0]
    for now, counted in ((100.0, 10.0), (120.0, 20.0)):
        running.pace.note(now, counted)
    assert running.pace.met == 2.0
    running.went_on(LearningProgress(phase="finding the painting", pace=4.0))  # another process goes on
    assert running.pace.met == 4.0


def test_a_pace_is_met_while_a_process_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    running, now = job("running"), 100.0
    monkeypatch.setattr("runner.learning.job.time.monotonic", lambda: now)
    for seconds, left in ((17.0, 283.0), (21.0, 160.0)):  # what is left is an estimate, which may leap
        running.went_on(LearningProgress(phase="training", seconds=seconds, seconds_left=left))
        now += 16.0
    assert running.pace.met == 4.0
    running.went_on(LearningProgress(phase="measuring", seconds=300.0, seconds_left=1.0))
    assert running.pace.met == 4.0


def test_a_picture_is_done_after_its_minutes_at_any_pace() -> None:
    waiting, running = WaitingJobs(lambda _owner: 0), job("running", is_picture=True)
    running.went_on(LearningProgress(phase="finding the painting"))
    picture, style = job("picture", is_picture=True), job("style")
    for each in (picture, style):
        waiting.put(each)
    style.pace.tried = 3.0
    told = [status(each, [running], waiting, ["cpu"])["seconds_left"] for each in (running, picture, style)]
    assert told == [300.0, 600.0, 600.0 + 3 * 300.0]
