"""Grain: faint, always the same, the same for a part of a photo as for the whole."""

from __future__ import annotations

import numpy as np

from styles.imaging.grain import DEVIATION, add_grain
from styles.imaging.grain_patterns import SIDE

GREY = np.full((2 * SIDE + 40, SIDE + 30, 3), 128, np.uint8)


def test_grain_is_faint_and_of_mean_nothing() -> None:
    noise = add_grain(GREY[:SIDE, :SIDE]).astype(int) - 128
    assert abs(noise.mean()) < 0.1
    assert abs(noise.std() - DEVIATION) < 0.1


def test_grain_has_forms_as_large_as_a_swirl() -> None:
    noise = add_grain(GREY[:SIDE, :SIDE]).astype(float) - 128
    squares = noise.reshape(SIDE // 32, 32, SIDE // 32, 32, 3).mean(axis=(1, 3))
    assert squares.std() > 0.45 * DEVIATION


def test_grain_has_forms_as_small_as_a_stroke() -> None:
    noise = add_grain(GREY[:SIDE, :SIDE]).astype(float) - 128
    within = noise.reshape(SIDE // 16, 16, SIDE // 16, 16, 3).std(axis=(1, 3)).mean()
    assert within > 0.45 * DEVIATION


def test_a_part_has_the_grain_of_the_whole() -> None:
    whole = add_grain(GREY)
    part = add_grain(GREY[SIDE - 20 : 2 * SIDE + 20, 10:50], top=SIDE - 20, left=10)
    assert np.array_equal(part, whole[SIDE - 20 : 2 * SIDE + 20, 10:50])


def test_the_edges_of_the_tile_join() -> None:
    grain = add_grain(GREY).astype(int)
    steps = np.abs(np.diff(grain, axis=0)).mean(axis=(1, 2))
    assert steps[SIDE - 1] < 2 * steps[:SIDE].mean()
    steps = np.abs(np.diff(grain, axis=1)).mean(axis=(0, 2))
    assert steps[SIDE - 1] < 2 * steps[:SIDE].mean()


def test_grain_is_added_wherever_there_is_room() -> None:
    photo = np.random.default_rng(3).integers(0, 256, (70, SIDE + 9, 3), dtype=np.uint8)
    noise = add_grain(np.full_like(photo, 128)).astype(int) - 128
    assert np.array_equal(add_grain(photo), (photo + noise).clip(0, 255))


def test_black_and_white_stay_within_a_byte() -> None:
    dark = add_grain(np.zeros((64, 64, 3), np.uint8))
    light = add_grain(np.full((64, 64, 3), 255, np.uint8))
    assert 0 < dark.max() < 5 * DEVIATION
    assert 255 - 5 * DEVIATION < light.min() < 255


def test_the_photo_itself_is_not_touched() -> None:
    photo = GREY[:50, :50].copy()
    add_grain(photo)
    assert (photo == 128).all()
