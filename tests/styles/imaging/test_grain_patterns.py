"""Patterns of grain: each can be repeated, is the same each time, and has forms of its kind."""

from __future__ import annotations

import numpy as np
import pytest

from styles.formats.architecture import GrainPattern
from styles.imaging.grain import DEVIATION, add_grain
from styles.imaging.grain_patterns import SIDE, Noise, pattern_noise

#: Light of a pattern, (SIDE, SIDE).
LIGHT = {pattern: pattern_noise(pattern).mean(axis=2) for pattern in GrainPattern}


def slopes(light: Noise) -> tuple[Noise, Noise]:
    """How light changes downwards and to the right."""
    return np.diff(light, axis=0)[:, :-1], np.diff(light, axis=1)[:-1]


@pytest.mark.parametrize("pattern", GrainPattern)
def test_the_edges_of_a_pattern_join(pattern: GrainPattern) -> None:
    twice = np.tile(LIGHT[pattern], (2, 2))
    for light in (twice, twice.T):
        steps = np.abs(np.diff(light, axis=0)).mean(axis=1)
        assert steps[SIDE - 1] < 2 * steps.mean()


@pytest.mark.parametrize("pattern", GrainPattern)
def test_grain_of_each_pattern_is_faint_and_the_same_each_time(pattern: GrainPattern) -> None:
    grey = np.full((SIDE, SIDE, 3), 128, np.uint8)
    noise = add_grain(grey, pattern=pattern).astype(float) - 128
    assert abs(noise.mean()) < 0.1
    assert abs(noise.std() - DEVIATION) < 0.2
    assert np.array_equal(pattern_noise(pattern), pattern_noise(pattern))


def test_bands_lie_level_and_swirls_in_all_directions() -> None:
    down, right = (np.abs(slope).mean() for slope in slopes(LIGHT[GrainPattern.BANDS]))
    assert down > 2 * right
    down, right = (np.abs(slope).mean() for slope in slopes(LIGHT[GrainPattern.SWIRLS]))
    assert 0.7 < down / right < 1.4


def test_swirls_have_one_direction_in_each_place() -> None:
    def coherence(pattern: GrainPattern) -> float:
        """How much of the change lies across one direction, in squares of 32 pixels: 0..1."""
        down, right = (slope[: 31 * 32, : 31 * 32] for slope in slopes(LIGHT[pattern]))
        places = [
            part.reshape(31, 32, 31, 32).mean(axis=(1, 3)) for part in (down**2, right**2, down * right)
        ]
        length = np.hypot(places[0] - places[1], 2 * places[2])
        return float((length / (places[0] + places[1])).mean())

    assert coherence(GrainPattern.SWIRLS) > 1.5 * coherence(GrainPattern.BLOTS)
