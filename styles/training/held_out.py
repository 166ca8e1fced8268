"""Hold photos out of training, and cut the crops that styles are measured on: the same in all runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from torch import Tensor

from styles.errors import BadOption, ImageTooLarge, NotAnImage
from styles.imaging.underpainting import Underpainting
from styles.training.dataset import PhotoDataset, read, tell
from styles.training.recipe import Recipe

#: Every this many photos, sorted by name, one is kept out of training and only measured.
HELD_OUT_EVERY = 50
#: Photo file endings that `photos_in` takes.
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
#: Side of the crops, pixels, and their seed.
MEASURED_CROP, MEASURED_SEED = 512, 1


def photos_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """List the (training, held out) photo files of a folder, by name; the first held out can be read.

    Files that begin with a dot, as the Finder leaves beside photos, are left out. Raises `BadOption` if no
    photo can be read.
    """
    found = (f for f in folder.rglob("*") if f.suffix.lower() in PHOTO_SUFFIXES and f.name[0] != ".")
    files = sorted(f for f in found if f.is_file())
    while files and not _is_readable(files[0]):
        del files[0]
    if not files:
        raise BadOption(f"There is no photo in {folder} that can be read: name another folder by --photos.")
    if len(files) == 1:
        return files, files
    return [f for i, f in enumerate(files) if i % HELD_OUT_EVERY], files[::HELD_OUT_EVERY]


def _is_readable(file: Path) -> bool:
    """Return whether a photo can be read; if not, log it."""
    try:
        read(file)
    except (NotAnImage, ImageTooLarge, OSError) as error:
        tell(error)
        return False
    return True


def held_out_crops(
    files: Sequence[Path], underpaintings: Sequence[Underpainting]
) -> Iterator[tuple[int, Tensor]]:
    """Cut one crop out of each held-out photo that can be read; with its number.

    The crop comes with the forms of each style: (styles, 3, crop, crop) in 0..1.
    """
    for number, file in enumerate(files):
        photo = PhotoDataset([file], MEASURED_SEED, Recipe().photo_scale, underpaintings)
        try:
            crops = photo.for_each(number, MEASURED_CROP)
        except NotAnImage:  # it was logged, and `photos_in` saw that the first one can be read
            continue
        yield number, crops
