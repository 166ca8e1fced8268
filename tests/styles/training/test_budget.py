"""Minutes: crops that fit into them, photos that can be measured in them, and what is kept for the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styles.training.budget import LEAST_CROP, WANTED_STEPS, crop_for, photos_to_measure, reserve
from styles.training.recipe import Progress, Recipe


@pytest.mark.parametrize(
    ("step_seconds", "crop"), [(1.0, 512), (1.9, 512), (2.1, 384), (4.0, 272), (60.0, LEAST_CROP)]
)
def test_crops_are_as_large_as_the_time_allows(step_seconds: float, crop: int) -> None:
    found = crop_for(512, step_seconds, 300.0)
    assert abs(found - crop) <= 16
    assert found % 16 == 0
    if found > LEAST_CROP:
        assert 300 / (step_seconds * (found / 512) ** 2) >= WANTED_STEPS * 0.99


def test_a_crop_that_is_small_already_stays() -> None:
    assert crop_for(64, 60.0, 300.0) == 64


def test_as_many_photos_are_measured_as_the_budget_has_time_for() -> None:
    assert photos_to_measure(22, 1, 0.5, 300) == 22
    assert photos_to_measure(22, 1, 4.5, 300) == 10
    assert photos_to_measure(22, 2, 4.5, 300) == 5
    assert photos_to_measure(22, 1, 1000, 300) == 1


def test_what_is_kept_for_the_end_counts_each_photo_and_style() -> None:
    assert reserve(10, 2, 1.0) - reserve(5, 2, 1.0) == 10
    assert reserve(0, 3, 1.0) > reserve(0, 2, 1.0) > 0


def test_training_ends_before_the_minutes_do() -> None:
    recipe = Recipe(minutes=5)
    assert recipe.progress(1, 135, 30) == 0.5
    assert recipe.progress(1, 270, 30) == 1
    assert recipe.progress(1, 1, 400) == 1
    assert replace(recipe, least_steps=5).progress(1, 270, 30) == 0.2  # a machine that is busy all the time
    assert Recipe(steps=4).progress(1, 1e6, 1e6) == 0.25


def test_the_time_left_has_the_end_in_it() -> None:
    assert Progress(seconds=60, share=0.5, reserve=10).seconds_left == 70
    assert Progress().seconds_left == float("inf")
