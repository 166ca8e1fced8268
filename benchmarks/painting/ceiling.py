"""Compare a style's network with the optimised pixels of the same photos, on the objective of training.

    python -m benchmarks.painting.ceiling PAINTING… --photos PHOTOS --features FILE

Optimised pixels are what the objective asks for, without a network in between. A ratio of 1 would be a
network that paints every photo as well as minutes of optimising do. The photos are held-out ones, cut as in
training's own measurement, and both are judged by the same pieces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import Tensor

from styles.formats import style_file
from styles.formats.style_file import BUILTIN, StyleFile
from styles.imaging.underpainting import underpainting_of
from styles.networks.precision import fast_type
from styles.training.dataset import read_painting
from styles.training.export import read_cards
from styles.training.held_out import MEASURED_SEED, held_out_crops, photos_in
from styles.training.losses import load_features
from styles.training.objective import Objective, Target
from styles.training.pixel_optimization import optimize, transfer
from styles.training.recipe import Painting, Progress
from styles.training.starting_styles import network_of

#: Random pieces by which each picture is judged.
PIECES = 8


def main(
    paintings: list[Path],
    photos: Annotated[Path, typer.Option(help="Folder of photos; every fiftieth is held out.")],
    features: Annotated[Path | None, typer.Option(help="VGG16 as safetensors.")] = None,
    styles: Annotated[Path, typer.Option(help="Folder of the styles of these paintings.")] = BUILTIN,
    held_out: Annotated[int, typer.Option(help="How many photos.")] = 3,
    steps: Annotated[int, typer.Option(help="Steps for the pixels of each.")] = 200,
) -> None:
    """Print the totals of network and pixels and their ratio, for each painting."""
    objective = Objective(load_features(features), type=fast_type("cpu"))
    files = photos_in(photos)[1][:held_out]
    cards = read_cards(None)
    for file in paintings:
        painting = read_painting(file, cards.get(file.stem, {}))
        target = objective.target(painting.picture, painting.weight)
        style = style_file.read(styles / file.stem / "weights.safetensors")
        totals = [_totals(objective, target, painting, style, photo, steps) for photo in files]
        network, pixels = np.mean(totals, axis=0)
        print(f"{file.stem}: network {network:.2f}, pixels {pixels:.2f}, ratio {network / pixels:.2f}")


def _totals(
    objective: Objective, target: Target, painting: Painting, style: StyleFile, photo: Path, steps: int
) -> tuple[float, float]:
    """Return the totals of one photo, painted by the network and by optimising its pixels."""
    network = network_of(style)
    _, crop = next(held_out_crops([photo], [underpainting_of(style.underpainting)]))
    row = torch.from_numpy(style.row.astype(np.float32))[None]
    with torch.no_grad():
        painted = network(crop, row)
    begin = transfer(crop, painting.picture)
    optimized = optimize(objective, crop, target, begin, _silent, lambda step: min(1.0, step / steps))
    return _judged(objective, target, painted, crop), _judged(objective, target, optimized, crop)


def _judged(objective: Objective, target: Target, painted: Tensor, photo: Tensor) -> float:
    random = np.random.default_rng(MEASURED_SEED)
    with torch.no_grad():
        totals = [objective.losses(painted, photo, [target], random)["total"] for _ in range(PIECES)]
    return float(torch.stack(totals).mean())


def _silent(_: Progress) -> None:
    """Report nothing: a photo takes two minutes."""


if __name__ == "__main__":
    typer.run(main)
