"""Crops that are cut ahead are those that would be cut now."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from styles.errors import NotAnImage
from styles.training.dataset import PhotoDataset, photos_in
from styles.training.gpu.prefetch import AHEAD, Prefetch


def test_batches_are_the_same_in_any_order(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    photos = PhotoDataset(files, 1, (0.6, 1.0))
    ahead = Prefetch(photos)
    for step, crop in ((0, 32), (1, 32), (2, 48), (9, 48), (3, 32)):
        for found, wanted in zip(ahead.batch(step, 2, crop), photos.batch(step, 2, crop), strict=True):
            assert torch.equal(found, wanted)


class Counted(PhotoDataset):
    """Photos that count what is cut."""

    cut: list[int]

    def batch(self, step: int, count: int, crop: int) -> tuple[torch.Tensor, torch.Tensor]:
        self.cut.append(step)
        return super().batch(step, count, crop)


def test_what_is_cut_ahead_is_not_cut_again(material: Path) -> None:
    photos = Counted(photos_in(material / "photos")[0], 1, (0.6, 1.0))
    photos.cut = []
    ahead = Prefetch(photos)
    for step in range(4):
        ahead.batch(step, 1, 32)
    assert {0, 1, 2, 3} <= set(photos.cut) <= set(range(3 + AHEAD))
    assert len(photos.cut) == len(set(photos.cut))


def test_photos_that_cannot_be_read_are_told_to_who_waits(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(NotAnImage):
        Prefetch(PhotoDataset([tmp_path / "a.png"], 1, (0.6, 1.0))).batch(0, 1, 32)
