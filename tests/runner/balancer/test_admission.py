"""Who finds room, while photos wait and while they come in."""

from __future__ import annotations

from typing import Any

import pytest

from runner.balancer import admission as admission_module
from runner.balancer.admission import AdmissionControl
from runner.balancer.pending_job import PendingJob
from runner.balancer.queue import Queue
from runner.config import BalancerConfig
from styles.errors import Busy
from tests.fakes.runner.fleet import a_job
from tests.fakes.runner.queued import a_sheet, photo

MIB = 1 << 20


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class TimedAdmission(AdmissionControl):
    """Room where a photo a second is painted, and the time stands still."""

    def __init__(self, queue: Queue[Any], config: BalancerConfig) -> None:
        self.clock = Clock()
        super().__init__(queue, config, lambda photos: photos, self.clock)


def an_admission(*senders: str, **config: Any) -> TimedAdmission:
    """The room in a queue in which a photo of each of these senders waits."""
    queue: Queue[Any] = Queue()
    for number, sender in enumerate(senders):
        queue.add(photo(sender, id=f"{sender}{number}"))
    limits = BalancerConfig(**{"max_queued": 3, "max_queued_bytes": MIB, **config})
    return TimedAdmission(queue, limits)


def gone(pending_jobs: list[PendingJob]) -> list[str]:
    return [pending.job.id for pending in pending_jobs]


def test_there_is_room_until_it_is_full() -> None:
    admission = an_admission("ann", "bob")
    admission.check("ann", 1)
    assert admission.make_room(a_job(sender="ann")) == []
    with pytest.raises(Busy):
        an_admission("ann", "bob", "ann").check("ann", 1)


def test_who_has_two_more_gives_way_with_their_newest() -> None:
    assert gone(an_admission("ann", "ann", "ann").make_room(a_job(sender="bob"))) == ["ann2"]
    assert gone(an_admission("ann", "ann", "bob").make_room(a_job(sender="cid"))) == ["ann1"]
    with pytest.raises(Busy):
        an_admission("ann", "ann", "bob").make_room(a_job(sender="bob"))


def test_several_give_way_for_a_large_photo() -> None:
    admission = an_admission(*["ann"] * 3)
    large = a_job(sender="bob", image=bytes(MIB - 8))  # those that wait have five bytes each
    assert gone(admission.make_room(large)) == ["ann2", "ann1"]


def test_nobody_gives_way_for_a_photo_that_does_not_fit_in_the_end() -> None:
    admission = an_admission("bob", "ann", "ann", "ann")
    before = list(admission.queue)
    with pytest.raises(Busy):
        admission.make_room(a_job(sender="cid", image=bytes(MIB - 1)))
    assert list(admission.queue) == before
    assert admission.queue.bytes == 5 * len(before)


def test_what_is_being_received_takes_room() -> None:
    admission = an_admission()
    with admission.receiving("ann", 600_000) as need:
        need(600_000)  # as announced
        with pytest.raises(Busy):
            admission.check("bob", 600_000)
        need(900_000)
        assert admission.arriving == 900_000
        with pytest.raises(Busy):
            need(2 * MIB)
    assert admission.arriving == 0


def test_a_reading_that_fails_gives_its_room_back() -> None:
    admission = an_admission()
    with pytest.raises(ConnectionError), admission.receiving("ann", 9):
        raise ConnectionError
    with pytest.raises(Busy), admission.receiving("ann", 2 * MIB):
        raise AssertionError("it is not read")
    assert admission.arriving == 0


def test_what_is_not_in_the_queue_yet_takes_room() -> None:
    admission = an_admission()
    admission.arriving += 600_000
    with pytest.raises(Busy):
        admission.check("bob", 600_000)
    admission.check("bob", 400_000)


def told(admission: AdmissionControl, *senders: str) -> list[float]:
    return [admission.busy(sender).retry_after for sender in senders]


def test_a_refusal_says_when_to_come_again() -> None:
    admission = an_admission("ann", "bob", "cid")
    assert told(admission, "dan") == [1.5]  # half of what waits, at a photo a second
    assert told(admission, *"efg") == [2.5, 3.5, 4.5]  # one after another
    assert (admission.retry_after, admission.retry_after) == (5.5, 5.5)  # to look at it promises nothing
    assert "3 waiting" in admission.busy("dan").detail


def test_who_never_waits_is_told_the_same_and_delays_nobody() -> None:
    admission = an_admission("ann", "bob", "cid", deadline_seconds=120)
    for _ in range(16):
        assert told(admission, "dan", "dan") == [max(101.5 - admission.clock.now, 1)] * 2
        admission.clock.now += 1 / 16
    assert told(admission, "eve") == [1.5]  # a second after dan, and one has passed
    admission.clock.now += 0.5
    assert told(admission, "dan") == [2]  # his time has come, and he is behind eve now


def test_promises_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_module, "MAX_PROMISES", 2)
    admission = an_admission("ann", "bob", "cid")
    assert told(admission, "dan", "eve", "fay", "eve", "dan") == [1.5, 2.5, 3.5, 2.5, 4.5]


def test_a_sheet_that_waits_is_as_many_as_its_pictures() -> None:
    admission, sheet = an_admission("ann"), a_sheet("bob", pictures=9)
    queue: Queue[Any] = admission.queue
    queue.add(sheet)
    assert told(admission, "dan") == [5]
    queue.remove(sheet)
    assert queue.pictures == 1


def test_never_at_once_and_never_after_the_deadline() -> None:
    assert told(an_admission(), "dan") == [1]
    admission = an_admission("ann", "bob", "cid", deadline_seconds=4)
    assert max(told(admission, *"defghijkl")) == 4


def test_what_was_promised_passes() -> None:
    admission = an_admission("ann", "bob", "cid")
    assert told(admission, *"defghijkl")[-1] == 9.5
    admission.clock.now += 9.5
    assert told(admission, "mia") == [1.5]
