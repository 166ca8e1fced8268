"""Pictures of nothing, and odd pictures that are none."""

from __future__ import annotations

import numpy as np
import pytest

from registry.validation.image_checks import flaw, unchanged
from styles.imaging.codec import Pixels

NOISE = np.random.default_rng(0)


def flat(*colour: int) -> Pixels:
    return np.full((30, 40, 3), colour, np.uint8)


def between(low: int, high: int) -> Pixels:
    return NOISE.integers(low, high, (30, 40, 3), dtype=np.uint8, endpoint=True)


def specked(picture: Pixels, value: int) -> Pixels:
    picture[3, 4] = value
    return picture


@pytest.mark.parametrize(
    ("picture", "wrong"),
    [
        (flat(12, 200, 40), "paints one colour, rgb(12, 200, 40)"),
        (between(100, 102), "paints one colour"),
        (flat(0, 0, 0), "paints one colour, rgb(0, 0, 0)"),
        (between(0, 7), "paints everything black"),
        (specked(flat(0, 0, 0), 255), "paints everything black"),
        (between(248, 255), "paints everything white"),
    ],
)
def test_nothing(picture: Pixels, wrong: str) -> None:
    assert flaw(picture).startswith(wrong)


@pytest.mark.parametrize(
    "picture",
    [
        between(0, 255),
        between(100, 110),  # nearly no contrast
        between(0, 30),  # night
        between(0, 1) * np.uint8(255),  # a woodcut
        np.dstack([between(0, 255)[..., 0], *[flat(0, 0, 0)[..., 0]] * 2]),  # all red
    ],
)
def test_odd(picture: Pixels) -> None:
    assert flaw(picture) == ""


def test_the_photo_itself() -> None:
    photo = between(0, 255)
    assert unchanged(photo, photo)
    assert not unchanged(photo ^ np.uint8(1), photo)
    assert not unchanged(255 - photo, photo)
