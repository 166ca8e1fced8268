"""Photos and paintings as training sees them: sizes, held-out photos, the same crops for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from styles.errors import NotAnImage
from styles.photos import Photos, cut, load_painting, photos_in


def test_cut_is_a_square_of_the_asked_size() -> None:
    random = np.random.default_rng(0)
    for size in [(20, 90), (64, 64), (300, 40)]:
        pixels = np.zeros((*size, 3), np.uint8)
        assert cut(pixels, random, 48, (0.6, 1.4)).shape == (48, 48, 3)


def test_every_fiftieth_photo_is_held_out(tmp_path: Path) -> None:
    for index in range(101):
        (tmp_path / f"{index:03d}.jpg").touch()
    (tmp_path / "notes.txt").touch()
    training, held_out = photos_in(tmp_path)
    assert [f.name for f in held_out] == ["000.jpg", "050.jpg", "100.jpg"]
    assert len(training) == 98
    assert not set(training) & set(held_out)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnImage, match="no photos"):
        photos_in(tmp_path)


def test_crops_are_the_same_for_a_seed_and_step_and_others_for_others(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    photos = Photos(files, 1, (0.6, 1.0))
    plain, grained = photos.batch(5, 2, 32)
    assert plain.shape == grained.shape == (2, 3, 32, 32)
    assert torch.equal(plain, Photos(files, 1, (0.6, 1.0)).batch(5, 2, 32)[0])
    assert not torch.equal(plain, photos.batch(6, 2, 32)[0])
    assert not torch.equal(plain, Photos(files, 2, (0.6, 1.0)).batch(5, 2, 32)[0])


def test_the_network_sees_grain_that_the_losses_do_not(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    plain, grained = Photos(files, 1, (0.6, 1.0)).batch(0, 2, 32)
    difference = (grained - plain).abs().mean()
    assert 1 / 255 < difference < 16 / 255


def test_a_painting_loses_its_border_and_gets_its_short_side(tmp_path: Path) -> None:
    picture = Image.new("RGB", (100, 60), (255, 255, 255))
    picture.paste((200, 0, 0), (10, 0, 90, 60))
    picture.save(tmp_path / "framed.png")
    painting = load_painting(tmp_path / "framed.png", 30, (0.1, 0, 0.9, 1))
    assert painting.shape == (1, 3, 30, 40)
    assert float(painting[:, 1:].max()) < 0.1  # no white is left
