"""Textures of paintings: their edges join, they are the same each time, and any painting makes one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from styles.imaging import quilting
from styles.imaging.codec import Pixels
from styles.imaging.quilting import quilt
from tests.fakes.learning.paintings import painted

PAINTING: Pixels = np.asarray(painted(1, (180, 140)))
SIDE = 128


@pytest.fixture(scope="module")
def texture() -> Pixels:
    return quilt(PAINTING, SIDE, 0.3)


def steps(picture: Pixels) -> npt.NDArray[np.int_]:
    """The differences of all pixels to the one at the right."""
    differences: npt.NDArray[np.int_] = np.abs(np.diff(picture.astype(int), axis=1)).max(axis=2)
    return differences


def test_it_has_the_forms_of_the_painting(texture: Pixels) -> None:
    assert texture.shape == (SIDE, SIDE, 3)
    assert steps(texture).mean() == pytest.approx(steps(PAINTING).mean(), rel=0.2)
    assert abs(texture.mean((0, 1)) - PAINTING.mean((0, 1))).max() < 20


def test_no_seam_is_seen() -> None:
    ys, xs = np.mgrid[:140, :180] / 9
    waves = 128 + 100 * np.sin(xs + ys / 2) * np.cos(ys)
    even = np.repeat(waves.astype(np.uint8)[:, :, None], 3, axis=2)
    assert steps(quilt(even, SIDE, 0.3)).max() < 1.5 * steps(even).max()


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
    assert texture.shape == (SIDE, SIDE, 3)
    assert abs(texture.mean((0, 1)) - part.mean((0, 1))).max() < 30
