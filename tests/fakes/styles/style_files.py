"""Style files with random weights, for tests that need a style but not a beautiful one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from styles.contract import Card
from styles.formats import style_file
from styles.formats.architecture import DETAIL, Shape
from styles.formats.style_file import KEPT_SHAPE, ShippedStyle, StyleFile
from styles.imaging.codec import Pixels

SMALL = Shape(
    quarter=8,
    eighth=8,
    sixteenth=16,
    half=8,
    inner_blocks=1,
    quarter_blocks=1,
    scales_detail=True,
)


def random_style(seed: int = 0, *, base_seed: int = 0) -> StyleFile:
    """A small network's style; styles of one `base_seed` share a base."""
    random = np.random.default_rng(base_seed)
    network = {
        name: (random.standard_normal(size) * 0.3).astype(np.float16) for name, size in _sizes().items()
    }
    network[DETAIL] = np.full(1, 0.75, np.float16)
    row = 1 + 0.3 * np.random.default_rng([seed, 1]).standard_normal(SMALL.row)
    return StyleFile(network=network, row=row.astype(np.float16), underpainting=random_underpainting(seed))


@cache
def _sizes() -> Mapping[str, tuple[int, ...]]:
    """The size of each weight of a small network; to build one takes longer than to fill it."""
    from styles.networks.style_unet import StyleUNet

    return {name: tuple(weight.shape) for name, weight in StyleUNet(SMALL).state_dict().items()}


@cache
def random_underpainting(seed: int = 0) -> Pixels:
    """Squares of random colours, as a style file keeps them."""
    squares = np.random.default_rng([seed, 2]).integers(88, 169, (32, 32, 3), dtype=np.uint8)
    return np.repeat(np.repeat(squares, KEPT_SHAPE[0] // 32, axis=0), KEPT_SHAPE[1] // 32, axis=1)


def make_shipped(folder: Path, name: str, seed: int = 0, *, base_seed: int = 0) -> ShippedStyle:
    """Writes a style folder as `styles/builtin` holds them: card, weights and a preview."""
    folder = folder / name
    folder.mkdir(parents=True)
    style = random_style(seed, base_seed=base_seed)
    card = Card(name=name, title=name.title(), artist="Nobody", licence="CC0-1.0", base=style.base)
    shipped = ShippedStyle(card=card, weights=folder / "weights.safetensors", preview=folder / "preview.jpg")
    style_file.write(shipped.weights, style)
    style_file.write_card(folder / "style.toml", card)
    Image.new("RGB", (64, 48), (200, 80, 40)).save(shipped.preview)
    return shipped
