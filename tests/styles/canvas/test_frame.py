"""Frames with ridges around paintings are told to a hundredth; a painting without a frame is not cut."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.canvas.corners import find
from styles.canvas.frame import inside_frame
from tests.fakes.learning.paintings import framed, mondrian, on_wall, painted

GOLD, WHITE, BLACK = (178, 140, 70), (244, 242, 236), (24, 23, 22)
FRAMED = {
    "gold": (framed(painted(6), 30, GOLD, ridges=60), 30),
    "a mat in wood": (framed(framed(painted(7), 24, WHITE), 12, (95, 62, 35), ridges=40), 36),
    "a mat in black": (framed(framed(painted(12), 40, WHITE), 8, BLACK), 48),
}


@pytest.mark.parametrize(("picture", "width"), FRAMED.values(), ids=FRAMED)
def test_a_frame_that_fills_a_picture_is_told(picture: Image.Image, width: int) -> None:
    inner = inside_frame(np.asarray(picture))
    x, y = width / picture.width, width / picture.height
    assert inner is not None
    assert np.abs(np.array(inner) - ((x, y), (1 - x, y), (1 - x, 1 - y), (x, 1 - y))).max() < 0.012


def test_a_frame_with_ridges_on_a_wall_is_left_out() -> None:
    picture, width = FRAMED["gold"]
    found = find(on_wall(picture, ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)), glare=True))
    x, y = width / picture.width, width / picture.height
    within = np.array(((x, y), (1 - x, y), (1 - x, 1 - y), (x, 1 - y))) * 0.8 + 0.1
    assert found.found
    assert np.abs(np.array(found.corners) - within).max() < 0.012


UNFRAMED = {
    "strokes": painted(8),
    "a Mondrian": mondrian(),
    "noise": Image.effect_noise((300, 200), 80).convert("RGB"),
    "a frame on three sides": framed(painted(9), 30, GOLD, ridges=60).crop((30, 0, 420, 340)),
    "a frame of four colours": Image.composite(
        framed(painted(10), 30, GOLD),
        framed(painted(10), 30, (40, 60, 120)),
        Image.linear_gradient("L").resize((420, 340)),
    ),
    "a light border that fades": Image.composite(
        painted(11),
        Image.new("RGB", (360, 280), WHITE),
        Image.radial_gradient("L").resize((360, 280)).point(lambda v: 255 - v),
    ),
}


@pytest.mark.parametrize("picture", UNFRAMED.values(), ids=UNFRAMED)
def test_a_painting_without_a_frame_is_not_cut(picture: Image.Image) -> None:
    assert inside_frame(np.asarray(picture)) is None
