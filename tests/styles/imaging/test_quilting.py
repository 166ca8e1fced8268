"""Textures of paintings: their edges join, they are the same each time, and any painting makes one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from styles.imaging import quilting
from styles.imaging.codec import Pixels
from styles.imaging.quilting import quilt
from tests.fakes.learning.paintings import painted

PAINTING: Pixels = np.asarray(painted(1, (180, 140)))
SIDE = 128


@pytest.fixture(scope="module")
def texture() -> Pixels:
    return quilt(PAINTING, SIDE, 0.3)


def pieces(picture: Pixels) -> list[bytes]:
    """All squares of 5 pixels."""
    return [square.tobytes() for row in sliding_window_view(picture, (5, 5), (0, 1)) for square in row]


def test_it_is_the_painting_as_it_is_but_for_the_seams(texture: Pixels) -> None:
    assert texture.shape == (SIDE, SIDE, 3)
    known = set(pieces(PAINTING))
    found = pieces(texture)
    assert sum(piece in known for piece in found) > 0.2 * len(found)  # patches overlap by 0.4 of each side
    assert len(set(found)) > 0.5 * len(found)  # of many places


def test_its_edges_join(texture: Pixels) -> None:
    for each in (texture.astype(int), texture.transpose(1, 0, 2).astype(int)):
        unrelated = np.abs(each - np.roll(each, SIDE // 2, 0)).mean()
        assert np.abs(each[0] - each[-1]).mean() < 0.6 * unrelated


def test_it_is_the_same_each_time_however_the_painting_lies_in_memory(texture: Pixels) -> None:
    assert np.array_equal(quilt(np.asfortranarray(PAINTING), SIDE, 0.3), texture)
    assert not np.array_equal(quilt(PAINTING, SIDE, 0.3, seed=2), texture)


@pytest.mark.parametrize(
    ("height", "width", "share"), [(1, 1, 0.16), (5, 170, 0.16), (140, 3, 1.0), (20, 20, 9.0)]
)
def test_a_small_or_narrow_painting_makes_one_too(
    monkeypatch: pytest.MonkeyPatch, height: int, width: int, share: float
) -> None:
    monkeypatch.setattr(quilting, "TRIED", 20)
    part = PAINTING[:height, :width]
    texture = quilt(part, SIDE, share)
    assert part.min() <= texture.min() <= texture.max() <= part.max()
