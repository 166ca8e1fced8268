"""Crops to measure on: the same each time, with the grain of the network, of photos that can be read."""

from __future__ import annotations

from pathlib import Path

import torch

from styles.formats.architecture import GrainPattern
from styles.training.dataset import photos_in
from styles.training.held_out import MEASURED_CROP, held_out_batches


def test_crops_are_the_same_each_time_and_have_the_grain(material: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    files = [tmp_path / "broken.jpg", *photos_in(material / "photos")[0][:1]]
    ((number, (plain, grained)),) = held_out_batches(files, GrainPattern.BLOTS)
    ((_, (again, swirls)),) = held_out_batches(files, GrainPattern.SWIRLS)
    assert number == 1
    assert plain.shape == (1, 3, MEASURED_CROP, MEASURED_CROP)
    assert torch.equal(plain, again)
    assert not torch.equal(grained, plain)
    assert not torch.equal(grained, swirls)
