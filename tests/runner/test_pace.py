"""Guesses at first, and then what was measured."""

from __future__ import annotations

import pytest

from runner import pace
from runner.pace import FIRST_NETWORK, FIRST_PIXEL, FIRST_ROW, Pace

PIXELS = 1 << 20
CPU, GPU = ("cpu", ("base", 1024)), ("cuda:0", ("base", 1024))


def test_a_guess_is_given_up_at_the_first_measurement() -> None:
    measured = Pace()
    assert measured.seconds(CPU, PIXELS) == pytest.approx(FIRST_PIXEL * PIXELS)
    measured.painted(CPU, 2 * PIXELS, 6)
    assert measured.seconds(CPU, PIXELS) == pytest.approx(3)


def test_the_newest_count_most() -> None:
    measured = Pace()
    for seconds in [1] * 20 + [2] * 10:
        measured.painted(CPU, PIXELS, seconds)
    assert 1.9 < measured.seconds(CPU, PIXELS) < 2


def test_devices_are_known_apart_and_kinds_take_after_their_device() -> None:
    measured = Pace()
    measured.painted(GPU, PIXELS, 0.004)
    other = ("cuda:0", ("another", 512))
    assert measured.seconds(other, PIXELS) == pytest.approx(0.004)
    assert measured.seconds(CPU, PIXELS) == pytest.approx(FIRST_PIXEL * PIXELS)


def test_rows_and_networks_are_known_apart() -> None:
    measured = Pace()
    for _ in range(40):
        measured.loaded(3, 0.03, network=False)
    assert measured.row == pytest.approx(0.01, rel=0.01)
    assert measured.network == FIRST_NETWORK
    for _ in range(40):
        measured.loaded(1, 5, network=True)
    assert measured.network == pytest.approx(5, rel=0.01)
    assert measured.row < FIRST_ROW


def test_what_a_photo_takes_is_what_its_runner_was_busy() -> None:
    measured = Pace()
    for _ in range(40):
        measured.ended(4, 2)
    assert measured.photo == pytest.approx(0.5, rel=0.01)


def test_kinds_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MAX_KINDS", 2)
    measured = Pace()
    for size in (64, 128, 64, 256):  # 64 was seen after 128
        measured.painted(("cpu", ("base", size)), PIXELS, 1)
    for _ in range(20):
        measured.painted(CPU, PIXELS, 9)
    kinds = [("cpu", ("base", size)) for size in (64, 128, 256)]
    assert [round(measured.seconds(kind, PIXELS)) for kind in kinds] == [9, 9, 1]  # as their device, or known
