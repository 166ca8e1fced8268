"""What tests of training train on: a few tiny photos, two paintings and a random loss network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from styles.formats.architecture import Shape
from styles.training.losses import Features

#: A network that trains in milliseconds.
TINY = Shape(quarter=8, eighth=8, sixteenth=16, half=8, inner_blocks=1)


def make_material(folder: Path) -> Path:
    """Writes photos/, wave.png, dots.png and features.safetensors (a random VGG16) into a folder."""
    (folder / "photos").mkdir()
    random = np.random.default_rng(0)
    for index in range(4):
        pixels = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        photo = Image.fromarray(pixels).resize((96, 72), Image.Resampling.BICUBIC)
        photo.save(folder / "photos" / f"{index}.png")
    for name in ("wave", "dots"):
        pixels = random.integers(0, 256, (12, 12, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((64, 64)).save(folder / f"{name}.png")
    torch.manual_seed(0)
    save_file(Features().state_dict(), folder / "features.safetensors")
    return folder
