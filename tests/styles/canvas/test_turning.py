"""A canvas that hangs askew by up to 45 degrees is found, and hung with the least turn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from styles.canvas.corners import find
from styles.canvas.perspective import as_corners
from styles.canvas.quadrilateral import WHOLE, Corners
from styles.canvas.turning import turned, turned_back
from tests.fakes.learning.paintings import on_wall, painted


def hung(degrees: int) -> Corners:
    """The corners of a canvas in the middle of a photo of 720 x 560, turned to the right."""
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    corners = np.array([(-180, -140), (180, -140), (180, 140), (-180, 140)]) @ turn
    return as_corners((corners + np.array([360, 280])) / (720, 560))


@pytest.mark.parametrize("degrees", [-40, -20, 36, 44])
def test_a_turned_canvas_is_found_upright(degrees: int) -> None:
    found = find(on_wall(painted(degrees + 50), hung(degrees)))
    assert found.found
    assert np.abs(np.array(found.corners) - np.array(hung(degrees))).max() < 0.015


def test_a_turned_picture_has_no_edges_at_its_borders() -> None:
    wall = np.full((60, 90, 3), 200, np.uint8)
    assert (turned(wall) == 200).all()
    assert turned(wall).shape == (107, 107, 3)


def test_what_is_found_beyond_the_picture_is_nothing() -> None:
    assert turned_back(WHOLE, (90, 60)) is None
    middle = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))
    assert turned_back(middle, (90, 60)) is not None


def test_a_painting_of_diagonals_is_not_cut() -> None:
    stripes = Image.fromarray((np.add.outer(np.arange(280), np.arange(360)) // 20 % 2 * 255).astype(np.uint8))
    assert not find(np.asarray(stripes.convert("RGB"))).found
