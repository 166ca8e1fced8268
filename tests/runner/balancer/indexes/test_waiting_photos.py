"""Photos that wait until their longest wait ends, or something happens."""

from __future__ import annotations

import math

from runner.balancer.indexes.waiting_photos import WaitingPhotos


def waits(waiting: WaitingPhotos[str, str], photo: str, begins: float = math.inf) -> bool:
    return waiting.waits(photo, lambda runner: begins)


def test_a_wait_ends_in_time() -> None:
    waiting: WaitingPhotos[str, str] = WaitingPhotos()
    waiting.add("a", 2.0, 9.0, ["r0"])
    waiting.add("b", 1.0, 9.0, ["r0", "base"])
    assert waiting.expire(0.5) == 1.0
    assert waiting.expire(1.0) == 2.0
    assert (waits(waiting, "a"), waits(waiting, "b")) == (True, False)
    assert waiting.expire(2.0) == math.inf
    assert not waits(waiting, "a")


def test_or_as_soon_as_one_of_its_reasons_comes() -> None:
    waiting: WaitingPhotos[str, str] = WaitingPhotos()
    waiting.add("a", 2.0, 9.0, ["r0", "base"])
    waiting.add("b", 3.0, 9.0, ["r1"])
    waiting.disturb("another")
    waiting.disturb("base")
    waiting.disturb("r0")
    assert (waits(waiting, "a"), waits(waiting, "b")) == (False, True)
    assert waiting.expire(0.0) == 3.0


def test_a_photo_can_wait_again() -> None:
    waiting: WaitingPhotos[str, str] = WaitingPhotos()
    waiting.add("a", 1.0, 9.0, ["r0"])
    waiting.disturb("r0")
    waiting.add("a", 5.0, 9.0, ["r1"])
    waiting.disturb("r0")
    assert waits(waiting, "a")


def test_an_offer_is_compared_once_in_the_photos_turn() -> None:
    waiting: WaitingPhotos[str, str] = WaitingPhotos()
    waiting.add("a", 5.0, 3.0, ["r0", "base"])
    assert waiting.quiet == {"a"}
    waiting.offer("base", "r1")
    assert waiting.quiet == set()
    assert waits(waiting, "a", begins=3.0)  # no sooner
    assert waiting.quiet == {"a"}
    assert waits(waiting, "a", begins=1.0)  # nothing was offered since
    waiting.offer("base", "r2")
    assert not waits(waiting, "a", begins=1.0)
    assert not waits(waiting, "a")
