"""Crops that are cut ahead are those that would be cut now."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from styles.errors import NotAnImage
from styles.imaging.underpainting import underpainting_of
from styles.training.dataset import PhotoDataset
from styles.training.gpu.prefetch import AHEAD, Prefetch
from styles.training.held_out import photos_in
from tests.fakes.styles.style_files import random_underpainting

FORMS = [underpainting_of(random_underpainting(seed)) for seed in range(2)]


def test_batches_are_the_same_in_any_order(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    photos = PhotoDataset(files, 1, (0.6, 1.0), FORMS)
    ahead = Prefetch(photos)
    for step, crop in ((0, 32), (1, 32), (2, 48), (9, 48), (3, 32)):
        assert torch.equal(ahead.batch(step, 2, crop), photos.batch(step, 2, crop))


class Counted(PhotoDataset):
    """Photos that count what is cut."""

    cut: list[int]

    def batch(self, step: int, count: int, crop: int) -> torch.Tensor:
        self.cut.append(step)
        return super().batch(step, count, crop)


def test_what_is_cut_ahead_is_not_cut_again(material: Path) -> None:
    photos = Counted(photos_in(material / "photos")[0], 1, (0.6, 1.0), FORMS)
    photos.cut = []
    ahead = Prefetch(photos)
    for step in range(4):
        ahead.batch(step, 1, 32)
    assert {0, 1, 2, 3} <= set(photos.cut) <= set(range(3 + AHEAD))
    assert len(photos.cut) == len(set(photos.cut))


def test_photos_that_cannot_be_read_are_told_to_who_waits(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(NotAnImage):
        Prefetch(PhotoDataset([tmp_path / "a.png"], 1, (0.6, 1.0), FORMS)).batch(0, 1, 32)
