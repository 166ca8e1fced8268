"""The painting in a picture: straightened, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

import styles.training
from runner.learning.worker.painting_extraction import look_at
from styles.canvas.corners import find
from styles.canvas.quadrilateral import WHOLE
from styles.errors import BadOption, ImageTooLarge
from styles.learning_errors import PaintingBlank, PaintingTooSmall
from tests.fakes.learning.paintings import PLACE, canvas, on_wall, painted, png
from tests.fakes.styles.bombs import BOMBS

PHOTOS = Path(styles.training.__path__[0]) / "photos"


def test_a_canvas_comes_out_straight() -> None:
    seen = look_at(canvas())
    assert seen.found
    assert np.abs(np.array(seen.corners) - np.array(PLACE)).max() < 0.012
    expected = np.asarray(painted().resize(seen.pixels.shape[1::-1]), np.float64)
    assert np.abs(expected - seen.pixels).mean() < 25  # as far as strokes and grain agree
    assert np.abs(expected[::-1] - seen.pixels).mean() > 50


def test_named_corners_are_taken_as_they_are() -> None:
    named = ((0.3, 0.3), (0.8, 0.3), (0.8, 0.8), (0.3, 0.8))
    seen = look_at(canvas(), named)
    assert seen.corners == named
    with pytest.raises(BadOption, match="cannot be the corners"):
        look_at(canvas(), ((0, 0), (0, 1), (1, 1), (1, 0)))


def test_a_canvas_far_away_is_too_small() -> None:
    far = ((0.3, 0.3), (0.66, 0.3), (0.66, 0.64), (0.3, 0.64))
    with pytest.raises(PaintingTooSmall, match=r"1[89]\d of 720x560"):
        look_at(png(Image.fromarray(on_wall(painted(), far))))


def test_of_a_strip_the_middle_is_learnt_from() -> None:
    assert look_at(png(painted(0, (2000, 240)))).pixels.shape == (192, 768, 3)


@pytest.mark.parametrize("side", [90, 210], ids=["too small itself", "large enough itself"])
def test_a_form_of_one_colour_is_not_cut_out_of_its_painting(side: int) -> None:
    square = Image.new("RGB", (420, 420), (232, 228, 214))
    ImageDraw.Draw(square).rectangle((110, 106, 110 + side, 106 + side), fill=(25, 22, 22))
    grain = np.random.default_rng(0).normal(0, 3, (420, 420, 3))
    scan = Image.fromarray((np.asarray(square) + grain).clip(0, 255).astype(np.uint8))
    assert find(np.asarray(scan)).found
    seen = look_at(png(scan))
    assert (seen.found, seen.corners, seen.pixels.shape) == (False, WHOLE, (420, 420, 3))


def test_a_blank_wall_is_refused() -> None:
    wall = np.random.default_rng(0).normal(200, 3, (240, 300, 3)).astype(np.uint8)
    with pytest.raises(PaintingBlank):
        look_at(png(Image.fromarray(wall)))


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_by_their_size(bomb: bytes) -> None:
    with pytest.raises(ImageTooLarge):
        look_at(bomb)


def test_a_photo_of_a_person_and_a_page_of_text_are_learnt_from() -> None:
    """They cannot be told from paintings."""
    person = look_at((PHOTOS / "astronaut.jpg").read_bytes())
    assert (person.found, person.pixels.shape) == (False, (512, 512, 3))
    page = Image.new("RGB", (400, 500), "white")
    for line in range(20, 480, 9):
        ImageDraw.Draw(page).text((25, line), "The quick brown fox jumps over the lazy dog.", fill="black")
    assert look_at(png(page)).pixels.shape[0] >= 400
