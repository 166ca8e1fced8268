"""Paintings in photos of them: each is found to a hundredth of the picture, and none is cut."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.canvas.corners import FoundPainting, find
from styles.canvas.quadrilateral import WHOLE
from styles.imaging.codec import Pixels
from tests.fakes.learning.paintings import PLACE, framed, mondrian, on_wall, painted

SLANTED = ((0.25, 0.1), (0.75, 0.2), (0.8, 0.9), (0.2, 0.78))
FRAME = ((20, 20), (380, 20), (380, 300), (20, 300))


def is_near(found: FoundPainting, corners: object, within: float = 0.012) -> bool:
    return found.found and bool(np.abs(np.array(found.corners) - np.array(corners)).max() < within)


PHOTOS = {
    "on a wall": (on_wall(painted()), PLACE),
    "slanted": (on_wall(painted(1), SLANTED), SLANTED),
    "with glare": (on_wall(painted(2), glare=True), PLACE),
    "in bad light": (on_wall(painted(3), noise=5.0), PLACE),
    "a Mondrian": (on_wall(mondrian(), PLACE), PLACE),
    "on plaster": (on_wall(painted(4), SLANTED, noise=11.0), SLANTED),
    "of many strokes": (on_wall(painted(5, (720, 560)), SLANTED, glare=True), SLANTED),
}


@pytest.mark.parametrize(("photo", "corners"), PHOTOS.values(), ids=PHOTOS)
def test_a_canvas_is_found(photo: Pixels, corners: object) -> None:
    found = find(photo)
    assert is_near(found, corners), found


def test_a_frame_is_left_out() -> None:
    whole = framed(painted(), 20, (70, 45, 20))
    inside = np.array(FRAME) / whole.size
    left, top = PLACE[0]
    place = ((left, top), (0.8, top), (0.8, 0.8), (left, 0.8))
    wanted = np.array([left, top]) + inside * (0.8 - left, 0.8 - top)
    assert is_near(find(on_wall(whole, place)), wanted, 0.015)


def test_the_margins_of_a_scan_are_left_out() -> None:
    scan = Image.new("RGB", (600, 500), (250, 250, 246))
    scan.paste(painted(), (100, 90))
    wanted = np.array([(100, 90), (460, 90), (460, 370), (100, 370)]) / (600, 500)
    assert is_near(find(np.asarray(scan)), wanted)


NOT_CUT = {
    "strokes": painted(),
    "a Mondrian": mondrian(),
    "one colour": Image.new("RGB", (300, 200), (90, 90, 90)),
    "noise": Image.effect_noise((300, 200), 80).convert("RGB"),
    "a strip": painted(0, (900, 60)),
}


@pytest.mark.parametrize("painting", NOT_CUT.values(), ids=NOT_CUT)
def test_what_is_a_painting_throughout_is_not_cut(painting: Image.Image) -> None:
    assert find(np.asarray(painting)) == FoundPainting(corners=WHOLE, found=False)
