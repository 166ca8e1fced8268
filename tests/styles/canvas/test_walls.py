"""Paintings that are hard to see: small on a plain wall, and on bricks. Nothing else is cut for them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.canvas.corners import find
from styles.canvas.quadrilateral import WHOLE
from styles.imaging.codec import Pixels
from tests.fakes.learning.paintings import on_wall, painted

FAR = ((0.4, 0.36), (0.58, 0.38), (0.57, 0.62), (0.41, 0.6))


def bricks(size: tuple[int, int], *, spread: float = 0.0) -> Image.Image:
    """A wall of bricks in three shades of red, which vary by a part of them, with joints."""
    random, wall = np.random.default_rng(3), Image.new("RGB", size, (196, 170, 150))
    for row, y in enumerate(range(0, size[1], 24)):
        for x in range(-(row % 2) * 30, size[0], 60):
            shade = (150, 62, 48), (142, 56, 44), (134, 52, 40)
            colour = np.array(shade[random.integers(3)]) * (1 + random.normal(0, spread))
            wall.paste(tuple(colour.clip(0, 255).astype(int).tolist()), (x, y, x + 57, y + 21))
    return wall


def near(photo: Pixels, corners: object) -> bool:
    found = find(photo)
    return found.found and bool(np.abs(np.array(found.corners) - np.array(corners)).max() < 0.012)


def test_a_small_canvas_is_found_where_it_is_alone_on_its_wall() -> None:
    photo = on_wall(painted(6), FAR, size=(1200, 900))
    assert near(photo, FAR)
    crowded = Image.fromarray(photo)
    crowded.paste(painted(7, (1200, 200)), (0, 700))
    assert find(np.asarray(crowded)).corners == WHOLE


@pytest.mark.parametrize("spread", [0.0, 0.08])
def test_a_canvas_on_bricks_is_found(spread: float) -> None:
    photo = bricks((800, 600), spread=spread)
    photo.paste(painted(8, (480, 380)), (160, 110))
    assert near(np.asarray(photo), [(0.2, 0.183), (0.8, 0.183), (0.8, 0.817), (0.2, 0.817)])


@pytest.mark.parametrize("spread", [0.0, 0.08])
def test_bricks_alone_are_a_painting_like_any_other(spread: float) -> None:
    assert not find(np.asarray(bricks((800, 600), spread=spread))).found
