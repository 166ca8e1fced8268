"""Photos that wait until their patience ends, or something happens."""

from __future__ import annotations

import math

from runner.balancer.indexes.waiting import WaitingPhotos


def test_a_wait_ends_in_time() -> None:
    waiting: WaitingPhotos[str] = WaitingPhotos()
    waiting.add("a", 2.0, ["r0"])
    waiting.add("b", 1.0, ["r0", "base"])
    assert waiting.expire(0.5) == 1.0
    assert waiting.expire(1.0) == 2.0
    assert ("a" in waiting, "b" in waiting) == (True, False)
    assert waiting.expire(2.0) == math.inf
    assert "a" not in waiting


def test_or_as_soon_as_one_of_its_reasons_comes() -> None:
    waiting: WaitingPhotos[str] = WaitingPhotos()
    waiting.add("a", 2.0, ["r0", "base"])
    waiting.add("b", 3.0, ["r1"])
    waiting.disturb("another")
    waiting.disturb("base")
    waiting.disturb("r0")
    assert ("a" in waiting, "b" in waiting) == (False, True)
    assert waiting.expire(0.0) == 3.0


def test_a_photo_can_wait_again() -> None:
    waiting: WaitingPhotos[str] = WaitingPhotos()
    waiting.add("a", 1.0, ["r0"])
    waiting.disturb("r0")
    waiting.add("a", 5.0, ["r1"])
    waiting.disturb("r0")
    assert "a" in waiting
