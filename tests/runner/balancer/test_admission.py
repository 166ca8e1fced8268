"""Who finds room, while photos wait and while they come in."""

from __future__ import annotations

from typing import Any

import pytest

from runner.balancer import admission as room_module
from runner.balancer.admission import Room
from runner.balancer.pending_job import Ticket
from runner.balancer.queue import Queue
from runner.config import BalancerConfig
from styles.errors import Busy
from tests.fakes.runner.fleet import a_job
from tests.runner.balancer.test_queue import a_sheet, photo

MIB = 1 << 20


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class TimedRoom(Room):
    """Room where a photo a second is painted, and the time stands still."""

    def __init__(self, queue: Queue[Any], config: BalancerConfig) -> None:
        self.clock = Clock()
        super().__init__(queue, config, lambda photos: photos, self.clock)


def a_room(*senders: str, **config: Any) -> TimedRoom:
    """The room in a queue in which a photo of each of these senders waits."""
    queue: Queue[Any] = Queue()
    for number, sender in enumerate(senders):
        queue.add(photo(sender, id=f"{sender}{number}"))
    limits = BalancerConfig(**{"max_queued": 3, "max_queued_bytes": MIB, **config})
    return TimedRoom(queue, limits)


def gone(tickets: list[Ticket]) -> list[str]:
    return [ticket.job.id for ticket in tickets]


def test_there_is_room_until_it_is_full() -> None:
    room = a_room("ann", "bob")
    room.check("ann", 1)
    assert list(room.make(a_job(sender="ann"))) == []
    with pytest.raises(Busy):
        a_room("ann", "bob", "ann").check("ann", 1)


def test_who_has_two_more_gives_way_with_their_newest() -> None:
    assert gone(list(a_room("ann", "ann", "ann").make(a_job(sender="bob")))) == ["ann2"]
    assert gone(list(a_room("ann", "ann", "bob").make(a_job(sender="cid")))) == ["ann1"]
    with pytest.raises(Busy):
        list(a_room("ann", "ann", "bob").make(a_job(sender="bob")))


def test_several_give_way_for_a_large_photo() -> None:
    room = a_room(*["ann"] * 3)
    large = a_job(sender="bob", image=bytes(MIB - 8))  # those that wait have five bytes each
    assert gone(list(room.make(large))) == ["ann2", "ann1"]


def test_what_is_being_received_takes_room() -> None:
    room = a_room()
    with room.receiving("ann", 600_000) as need:
        need(600_000)  # as announced
        with pytest.raises(Busy):
            room.check("bob", 600_000)
        need(900_000)
        assert room.arriving == 900_000
        with pytest.raises(Busy):
            need(2 * MIB)
    assert room.arriving == 0


def test_a_reading_that_fails_gives_its_room_back() -> None:
    room = a_room()
    with pytest.raises(ConnectionError), room.receiving("ann", 9):
        raise ConnectionError
    with pytest.raises(Busy), room.receiving("ann", 2 * MIB):
        raise AssertionError("it is not read")
    assert room.arriving == 0


def test_what_is_not_in_the_queue_yet_takes_room() -> None:
    room = a_room()
    with room.keeping(600_000):
        with pytest.raises(Busy):
            room.check("bob", 600_000)
        room.check("bob", 400_000)
    assert room.arriving == 0


def told(room: Room, *senders: str) -> list[float]:
    return [room.busy(sender).retry_after for sender in senders]


def test_a_refusal_says_when_to_come_again() -> None:
    room = a_room("ann", "bob", "cid")
    assert told(room, "dan") == [1.5]  # half of what waits, at a photo a second
    assert told(room, *"efg") == [2.5, 3.5, 4.5]  # one after another
    assert (room.retry_after, room.retry_after) == (5.5, 5.5)  # to look at it promises nothing
    assert "3 waiting" in room.busy("dan").detail


def test_who_never_waits_is_told_the_same_and_delays_nobody() -> None:
    room = a_room("ann", "bob", "cid", deadline_seconds=120)
    for _ in range(16):
        assert told(room, "dan", "dan") == [max(101.5 - room.clock.now, 1)] * 2
        room.clock.now += 1 / 16
    assert told(room, "eve") == [1.5]  # a second after dan, and one has passed
    room.clock.now += 0.5
    assert told(room, "dan") == [2]  # his time has come, and he is behind eve now


def test_promises_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_module, "MAX_PROMISES", 2)
    room = a_room("ann", "bob", "cid")
    assert told(room, "dan", "eve", "fay", "eve", "dan") == [1.5, 2.5, 3.5, 2.5, 4.5]


def test_a_sheet_that_waits_is_as_many_as_its_pictures() -> None:
    room, sheet = a_room("ann"), a_sheet("bob", pictures=9)
    queue: Queue[Any] = room.queue
    queue.add(sheet)
    assert told(room, "dan") == [5]
    queue.remove(sheet)
    assert queue.pictures == 1


def test_never_at_once_and_never_after_the_deadline() -> None:
    assert told(a_room(), "dan") == [1]
    room = a_room("ann", "bob", "cid", deadline_seconds=4)
    assert max(told(room, *"defghijkl")) == 4


def test_what_was_promised_passes() -> None:
    room = a_room("ann", "bob", "cid")
    assert told(room, *"defghijkl")[-1] == 9.5
    room.clock.now += 9.5
    assert told(room, "mia") == [1.5]
