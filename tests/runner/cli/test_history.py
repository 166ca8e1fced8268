"""What was seen of a balancer, look after look."""

from __future__ import annotations

from runner.cli.history import MAX_LOOKS, History, RecordedStatus
from tests.fakes.runner.statuses import a_runner, a_status


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def test_nothing_yet() -> None:
    assert History("http://x", Clock()).seen() == RecordedStatus(url="http://x", ago=50)


def test_the_rate_is_that_between_two_looks() -> None:
    clock = Clock()
    history = History("http://x", clock)
    for painted, waiting in ((100, 0), (110, 7), (110, 3), (5, 1)):
        history.found(a_status(a_runner(), waiting=waiting, painted=painted))
        clock.now += 2
    seen = history.seen()
    assert list(seen.rates) == [None, 5, 0, None]  # the last is of a balancer that has begun anew
    assert list(seen.queued) == [0, 7, 3, 1]
    assert (seen.ago, seen.missing) == (2, "")


def test_a_balancer_that_is_away_and_comes_back() -> None:
    clock = Clock()
    history = History("http://x", clock)
    status = a_status(a_runner(), painted=1)
    history.found(status)
    clock.now += 3
    history.missed("refused")
    away = history.seen()
    assert (away.status, away.ago, away.missing) == (status, 3, "refused")
    clock.now += 3
    history.found(a_status(a_runner(), painted=2))
    history.found(a_status(a_runner(), painted=2))
    back = history.seen()
    assert (back.missing, list(back.rates)) == ("", [None] * 4)  # the last: no time has gone by
    assert list(back.queued) == [12, None, 12, 12]


def test_a_balancer_of_another_version_is_none() -> None:
    history = History("http://x", Clock())
    runner = a_runner()
    del runner["replacing"]
    unnamed = a_status(a_runner())
    del unnamed["version"]
    for status in ({}, {"queued": 3, "runners": []}, a_status(runner), unnamed):
        history.found(status)
        assert history.seen().missing == "what answers is of another version, or no balancer"
        assert history.seen().status is None


def test_only_the_last_looks_are_kept() -> None:
    history = History("http://x", Clock())
    for _ in range(MAX_LOOKS + 5):
        history.missed("refused")
    assert len(history.seen().rates) == len(history.seen().queued) == MAX_LOOKS
