"""Crops to measure on: the same each time, with the forms of each style, of photos that can be read."""

from __future__ import annotations

from pathlib import Path

import torch

from styles.imaging.underpainting import underpainting_of
from styles.training.held_out import MEASURED_CROP, held_out_crops, photos_in
from tests.fakes.styles.style_files import random_underpainting


def test_crops_are_the_same_each_time_and_have_the_forms_of_each_style(
    material: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    files = [tmp_path / "broken.jpg", *photos_in(material / "photos")[0][:1]]
    one, two = (underpainting_of(random_underpainting(seed)) for seed in (1, 2))
    ((number, crops),) = held_out_crops(files, [one, two])
    ((_, turned),) = held_out_crops(files, [two, one])
    assert number == 1
    assert crops.shape == (2, 3, MEASURED_CROP, MEASURED_CROP)
    assert torch.equal(crops, turned.flip(0))
    assert not torch.equal(crops[0], crops[1])
