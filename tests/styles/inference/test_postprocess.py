"""Strength and colours."""

from __future__ import annotations

import numpy as np
import pytest

from styles.contract import StyleOptions
from styles.imaging.codec import Pixels
from styles.inference import postprocess as finishing
from styles.inference.postprocess import postprocess


def photo(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_strength_goes_from_the_photo_to_the_painting() -> None:
    before, after = photo(8, 8, 1), photo(8, 8, 2)
    assert np.array_equal(postprocess(after, before, StyleOptions(strength=0)), before)
    assert np.array_equal(postprocess(after, before, StyleOptions(strength=1)), after)
    half = postprocess(after, before, StyleOptions(strength=0.5)).astype(int)
    assert np.abs(half - (before.astype(int) + after) / 2).max() <= 1


@pytest.mark.parametrize("options", [StyleOptions(strength=0.3), StyleOptions(keep_colors=True)])
def test_finish_goes_band_by_band_and_leaves_no_row_out(
    options: StyleOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = photo(37, 8, 1), photo(37, 8, 2)
    at_once = postprocess(after, before, options)
    monkeypatch.setattr(finishing, "BAND", 5)
    assert np.array_equal(postprocess(after, before, options), at_once)


def test_keep_colors_takes_light_from_the_painting_and_colour_from_the_photo() -> None:
    red = np.full((4, 4, 3), (200, 40, 40), np.uint8)
    grey = np.full((4, 4, 3), 90, np.uint8)
    kept = postprocess(grey, red, StyleOptions(keep_colors=True))[0, 0].astype(int)
    assert kept[0] > kept[1] + 60
    assert abs(kept @ (0.299, 0.587, 0.114) - 90) < 3


def test_colours_that_are_kept_are_those_of_the_photo_within_rounding() -> None:
    before, after = (photo(40, 30, seed) // 2 + 64 for seed in (1, 2))
    kept = postprocess(after, before, StyleOptions(keep_colors=True)).astype(int)
    light = np.array([0.299, 0.587, 0.114])
    wanted = before + ((after.astype(int) - before) @ light)[..., None]
    assert np.abs(kept - wanted.clip(0, 255)).max() <= 2


def test_black_and_white_stay_within_a_byte() -> None:
    black, white = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)
    assert np.array_equal(postprocess(white, black, StyleOptions(keep_colors=True)), white)
    assert np.array_equal(postprocess(black, white, StyleOptions(keep_colors=True)), black)
    assert np.array_equal(postprocess(white, white, StyleOptions(keep_colors=True, strength=0.5)), white)
