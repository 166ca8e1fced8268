"""Guesses at first, and then what was measured."""

from __future__ import annotations

import pytest

from runner.balancer import cost_model
from runner.balancer.cost_model import (
    FIRST_NETWORK,
    FIRST_PHOTO,
    FIRST_PIXEL,
    FIRST_ROW,
    CostModel,
    LinearFit,
)

PIXELS = 1 << 20
CPU, GPU = ("cpu", ("base", 1024)), ("cuda:0", ("base", 1024))


def test_a_guess_is_given_up_at_the_first_measurement() -> None:
    measured = CostModel()
    assert measured.seconds(CPU, PIXELS) == pytest.approx(FIRST_PIXEL * PIXELS)
    measured.painted(CPU, 2 * PIXELS, 6)
    assert measured.seconds(CPU, PIXELS) == pytest.approx(3)


def test_the_newest_count_most() -> None:
    measured = CostModel()
    for seconds in [1] * 20 + [2] * 10:
        measured.painted(CPU, PIXELS, seconds)
    assert 1.9 < measured.seconds(CPU, PIXELS) < 2


def test_devices_are_known_apart_and_kinds_take_after_their_device() -> None:
    measured = CostModel()
    measured.painted(GPU, PIXELS, 0.004)
    other = ("cuda:0", ("another", 512))
    assert measured.seconds(other, PIXELS) == pytest.approx(0.004)
    assert measured.seconds(CPU, PIXELS) == pytest.approx(FIRST_PIXEL * PIXELS)


def test_rows_and_networks_are_known_apart() -> None:
    measured = CostModel()
    for _ in range(40):
        measured.loaded(3, 0.03, network=False)
    assert measured.row == pytest.approx(0.01, rel=0.01)
    assert measured.network == FIRST_NETWORK
    for _ in range(40):
        measured.loaded(1, 5, network=True)
    assert measured.network == pytest.approx(5, rel=0.01)
    assert measured.row < FIRST_ROW


def test_what_a_photo_takes_is_what_its_runner_was_busy() -> None:
    measured = CostModel()
    for _ in range(40):
        measured.ended(4, 2)
    assert measured.photo == pytest.approx(0.5, rel=0.01)


def test_one_large_photo_or_a_sheet_does_not_make_everybody_wait() -> None:
    measured = CostModel()
    for _ in range(40):
        measured.ended(4, 0.4)
    measured.ended(1, 1.6)
    assert measured.photo == pytest.approx(0.1 + 1.5 / 32)
    for _ in range(20):
        measured.ended(4, 0.4)
    measured.ended(24, 2.4)
    assert measured.photo == pytest.approx(0.1, rel=0.05)


def test_the_first_that_are_painted_count_alike() -> None:
    measured = CostModel()
    measured.ended(4, 8)
    measured.ended(5, 5)
    assert measured.photo == pytest.approx((FIRST_PHOTO + 8 + 5) / 10)


def test_kinds_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_model, "MAX_KINDS", 2)
    measured = CostModel()
    for size in (64, 128, 64, 256):  # 64 was seen after 128
        measured.painted(("cpu", ("base", size)), PIXELS, 1)
    for _ in range(20):
        measured.painted(CPU, PIXELS, 9)
    kinds = [("cpu", ("base", size)) for size in (64, 128, 256)]
    assert [round(measured.seconds(kind, PIXELS)) for kind in kinds] == [9, 9, 1]  # as their device, or known


def test_what_every_batch_costs_is_told_from_what_goes_with_its_pixels() -> None:
    fit = LinearFit()
    for size in [1, 2, 3, 4] * 5:
        fit.add(size, 0.3 + 0.1 * size)
    assert fit.fixed() == pytest.approx(0.3)
    for size in [1, 2, 3, 4] * 50:
        fit.add(size, 0.2 * size)
    assert fit.fixed() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("sizes", [[], [4], [4] * 50, [100, 101, 99] * 9])
def test_of_batches_of_one_size_nothing_can_be_told(sizes: list[int]) -> None:
    fit = LinearFit()
    for size in sizes:
        fit.add(size, 1)
    assert fit.fixed() is None


@pytest.mark.parametrize(
    ("fixed", "worth"), [(0.0, False), (0.01, False), (0.05, True), (1.0, True), (-0.1, False)]
)
def test_it_is_worth_filling_a_batch_where_each_costs_something(fixed: float, worth: bool) -> None:
    measured = CostModel()
    assert measured.worth_filling(CPU, 4 * PIXELS)  # nobody knows yet
    for photos in [1, 2, 4] * 9:
        measured.painted(CPU, photos * PIXELS, fixed + 0.1 * photos)
    assert measured.worth_filling(CPU, 4 * PIXELS) == worth
