"""Cut the crops that styles are measured on, the same in all runs, so that losses compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from torch import Tensor

from styles.errors import NotAnImage
from styles.formats.architecture import GrainPattern
from styles.training.dataset import PhotoDataset
from styles.training.recipe import Recipe

#: Side of the crops, pixels, and their seed.
MEASURED_CROP, MEASURED_SEED = 512, 1


def held_out_batches(
    files: Sequence[Path], grain: GrainPattern
) -> Iterator[tuple[int, tuple[Tensor, Tensor]]]:
    """Cut one crop out of each held-out photo that can be read; with its number.

    Shapes are those of `PhotoDataset.batch`, for one photo.
    """
    for number, file in enumerate(files):
        try:
            photo = PhotoDataset([file], MEASURED_SEED, Recipe().photo_scale, grain)
            batch = photo.batch(number, 1, MEASURED_CROP)
        except NotAnImage:  # it was logged, and `photos_in` saw that the first one can be read
            continue
        yield number, batch
