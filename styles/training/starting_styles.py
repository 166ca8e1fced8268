"""Find the beginning of a run: the base of a folder of styles, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from styles.errors import BadOption
from styles.formats.architecture import DETAIL, WIDE, Shape
from styles.formats.style_file import StyleFile, read, shipped
from styles.networks.style_unet import StyleUNet
from styles.training.trainer import PIECES, Trainer

#: Side of the crop on which the nearest row is chosen, pixels: `learn` does it in its five minutes.
NEAREST_CROP = 256


def rows_of_one_base(folder: Path, say: Callable[[str], None]) -> dict[str, StyleFile]:
    """Read the styles of a folder on the base that most of them share. Raises `BadOption` if none."""
    bases: dict[str, dict[str, StyleFile]] = {}
    for style in shipped(folder):
        file = read(style.weights)
        bases.setdefault(file.base, {})[style.card.name] = file
    if not bases:
        raise BadOption(f"There are no styles in {folder} to begin from.")
    most = max(map(len, bases.values()))
    largest = [styles for styles in bases.values() if len(styles) == most]
    if len(largest) > 1:
        groups = ", on another ".join(" and ".join(styles) for styles in largest)
        raise BadOption(f"No base in {folder} has the most styles; on one are {groups}. Say another --start.")
    if len(bases) > 1:
        say(f"Of {len(bases)} bases in {folder}, it begins with that of {', '.join(largest[0])}.")
    return largest[0]


def network_of(style: StyleFile) -> StyleUNet:
    """Make a network of a style file's base, to train on."""
    network = StyleUNet(Shape.of(style.network))
    network.load_state_dict({name: torch.from_numpy(t.astype("f4")) for name, t in style.network.items()})
    return network


def random_network(seed: int, *, wide: bool) -> StyleUNet:
    """Make a network of random weights, those of the seed: a run that goes on begins with the same ones."""
    torch.manual_seed(seed)
    return StyleUNet(WIDE if wide else None)


def with_detail(network: StyleUNet, parts: float | None) -> StyleUNet:
    """Return a network of the same weights that adds so much of the photo's detail, 0 to 1.

    None: as before.
    """
    if parts is None:
        return network
    weights = {name: tensor for name, tensor in network.state_dict().items() if name != DETAIL}
    if parts != 1:
        weights[DETAIL] = torch.tensor([parts])
    other = StyleUNet(replace(network.shape, scales_detail=DETAIL in weights))
    other.load_state_dict(weights)
    return other


def begin_rows(trainer: Trainer, styles: Mapping[str, StyleFile]) -> None:
    """Let each style of a new run begin from its own row, or else from the nearest one or their mean."""
    rows = {name: torch.from_numpy(file.row.astype(np.float32)) for name, file in styles.items()}
    mean = torch.stack(list(rows.values())).mean(dim=0)
    for name in trainer.names:
        if name in rows:
            trainer.begin(name, rows[name])
        else:
            begin_nearest(trainer, name, [*rows.values(), mean])


def begin_nearest(trainer: Trainer, name: str, rows: Sequence[Tensor]) -> None:
    """Let a style begin from the one of some rows (R,) that paints its painting best as it is."""
    index = trainer.names.index(name)
    photo = trainer.photos.for_each(0, min(NEAREST_CROP, trainer.recipe.side))[index, None]

    def cost(row: Tensor) -> float:
        trainer.begin(name, row)
        with torch.no_grad():
            pieces = np.random.default_rng(PIECES)
            return float(trainer.losses(photo, [index], pieces)["total"])

    trainer.begin(name, min(rows, key=cost))
