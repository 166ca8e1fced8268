"""What a style is trained on: random crops of a folder of photos, and the painting at its size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from styles.errors import NotAnImage
from styles.grain import SIDE, add_grain
from styles.image import Pixels, decode

#: Every this many photos, sorted by name, one is kept out of training and only measured.
HELD_OUT_EVERY = 50
#: Photo file endings that `photos_in` takes.
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")


def photos_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """(training, held out) photo files of a folder, by name. Raises `NotAnImage` if there are none."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in PHOTO_SUFFIXES)
    if not files:
        raise NotAnImage(f"no photos in {folder}")
    if len(files) == 1:
        return files, files
    return [f for i, f in enumerate(files) if i % HELD_OUT_EVERY], files[::HELD_OUT_EVERY]


class Photos:
    """Random crops of photos, the same ones for the same seed and step."""

    def __init__(self, files: Sequence[Path], seed: int, scale: tuple[float, float]) -> None:
        """`scale`: photos are resized by a random factor between these."""
        self.files = list(files)
        self.seed = seed
        self.scale = scale

    def batch(self, step: int, count: int, crop: int) -> tuple[Tensor, Tensor]:
        """Crops (count, 3, crop, crop) in 0..1: as they are, and with grain as the network sees them."""
        random = np.random.default_rng([self.seed, step])
        plain, grained = [], []
        for _ in range(count):
            file = self.files[random.integers(len(self.files))]
            pixels = cut(decode(file.read_bytes()), random, crop, self.scale)
            top, left = random.integers(SIDE, size=2)
            plain.append(to_tensor(pixels))
            grained.append(to_tensor(add_grain(pixels, top, left)))
        return torch.cat(plain), torch.cat(grained)


def cut(pixels: Pixels, random: np.random.Generator, crop: int, scale: tuple[float, float]) -> Pixels:
    """A random square of a photo, resized and mirrored at random: (crop, crop, 3)."""
    image = Image.fromarray(pixels)
    share = max(random.uniform(*scale), crop / min(image.size))
    width, height = (max(crop, round(side * share)) for side in image.size)
    left, top = random.integers(width - crop + 1), random.integers(height - crop + 1)
    x, y = image.width / width, image.height / height
    box = (left * x, top * y, (left + crop) * x, (top + crop) * y)
    square = image.resize((crop, crop), Image.Resampling.BICUBIC, box=box)
    if random.random() < 0.5:
        square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(square)


def load_painting(file: Path, short_side: int, crop: Sequence[float] = (0, 0, 1, 1)) -> Tensor:
    """A painting (1, 3, H, W) in 0..1, its border cut off and its short side `short_side` long.

    A median of 3x3 pixels takes away the grain of canvas and camera, which is learnt as a hatching.
    """
    image = Image.fromarray(decode(file.read_bytes()))
    box = (image.width * crop[0], image.height * crop[1], image.width * crop[2], image.height * crop[3])
    width, height = box[2] - box[0], box[3] - box[1]
    scale = short_side / min(width, height)
    size = (round(width * scale), round(height * scale))
    resized = image.resize(size, Image.Resampling.LANCZOS, box=box)
    return to_tensor(np.asarray(resized.filter(ImageFilter.MedianFilter(3))))


def to_tensor(pixels: Pixels) -> Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) float in 0..1."""
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
