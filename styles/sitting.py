"""One sitting of training, from files to files: paintings and photos in, style folders out.

What `styles train` and `styles learn` do once their options are read. A style folder is what
`checkpoint.shipped` reads (card, weights, preview), ready for `styles/builtin` or a registry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch

from styles.checkpoint import StyleFile, read, shipped
from styles.errors import BadOption
from styles.export import export, read_cards, write_previews
from styles.image import decode
from styles.losses import load_features
from styles.photos import load_painting, photos_in
from styles.recipe import Painting, Progress, Recipe
from styles.train import Trainer, network_of

#: Losses by name: total, content, style …
Losses: TypeAlias = Mapping[str, float]

#: A preview picture is painted this often while a style trains, seconds.
PREVIEW_SECONDS = 240.0
#: A line goes to log.jsonl every this many steps.
LOG_STEPS = 20
#: Short side of a painting of which nothing is known, pixels.
PAINTING_SIDE = 720
#: Long side of the preview photo, pixels.
PREVIEW_SIDE = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Everything that a run is asked to do. Paintings go by the name that their style shall have."""

    paintings: Mapping[str, Path]
    photos: Path
    run: Path  # folder of the run, resumed if there is one
    out: Path  # folder in which the style folders are written
    recipe: Recipe
    start: Path | None  # folder of styles to begin from; None: from random weights
    features: Path | None = None  # of VGG16; None: torchvision downloads its own
    device: str = "cpu"
    cards: Path | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # for the card, before what `cards` say
    style_weight: float = 1.0
    painting_side: int | None = None  # short side of the paintings, pixels; None: what `cards` say
    preview: Path | None = None
    command: str = ""
    save_seconds: float = 60.0

    def known(self, name: str) -> dict[str, Any]:
        """What is known of a style's painting: the table of its file's name, and the facts given."""
        table = read_cards(self.cards).get(self.paintings[name].stem, {})
        return {"painting": self.paintings[name].name, **table, **self.facts}

    def side(self, name: str) -> int:
        """Short side to which a painting is resized, which sets how large its strokes come out."""
        return self.painting_side or int(self.known(name).get("side", PAINTING_SIDE))


def train(sitting: Sitting, report: Callable[[Progress], None]) -> dict[Path, Losses]:
    """Trains until the budget is used, and writes the styles: each folder with its held-out losses."""
    training, held_out = photos_in(sitting.photos)
    photo = decode((sitting.preview or held_out[0]).read_bytes(), long_side=PREVIEW_SIDE)
    trainer = _begin(sitting, training)
    with (sitting.run / "log.jsonl").open("a") as log:

        def note(progress: Progress) -> None:
            report(progress)
            if progress.step % LOG_STEPS == 0:
                line = {"step": progress.step, "seconds": progress.seconds, **progress.losses}
                log.write(json.dumps(line) + "\n")
                log.flush()

        trainer.run(
            note,
            save_seconds=sitting.save_seconds,
            preview_seconds=PREVIEW_SECONDS,
            preview=lambda trainer: write_previews(trainer, photo),
        )
    measured = trainer.measure(held_out)
    cards = {
        name: {**sitting.known(name), "trained": _trained(sitting, trainer, name, measured[name])}
        for name in trainer.names
    }
    return {folder: measured[folder.name] for folder in export(trainer, sitting.out, cards, photo)}


def _trained(sitting: Sitting, trainer: Trainer, name: str, losses: Losses) -> str:
    """How a style was trained, for its card: command, steps, photos, losses, seed."""
    progress, recipe = trainer.progress, trainer.recipe
    measured = ", ".join(f"{key} {value:.3f}" for key, value in losses.items())
    return (
        f"{sitting.command}: {progress.step} steps of {recipe.batch} crops of {recipe.crop} pixels "
        f"in {progress.seconds / 60:.0f} min on {trainer.device.type}, {len(trainer.photos.files)} photos, "
        f"painting {sitting.side(name)} pixels, seed {recipe.seed}; held-out {measured}"
    )


def _begin(sitting: Sitting, photos: Sequence[Path]) -> Trainer:
    """The run as it was saved last, or from what it shall begin with."""
    begin = _rows_of_one_base(sitting.start) if sitting.start else {}
    base = next(iter(begin.values()), None)
    trainer = Trainer(
        {name: _painting(sitting, name) for name in sitting.paintings},
        photos,
        load_features(sitting.features),
        sitting.run,
        sitting.recipe,
        sitting.device,
        network_of(base) if base else None,
    )
    if trainer.progress.step == 0 and begin:
        rows = {name: torch.from_numpy(file.row.astype(np.float32)) for name, file in begin.items()}
        for name in trainer.names:
            own = rows.get(name)
            mean = torch.stack(list(rows.values())).mean(dim=0)
            trainer.begin_nearest(name, [*rows.values(), mean] if own is None else [own])
    return trainer


def _painting(sitting: Sitting, name: str) -> Painting:
    known = sitting.known(name)
    crop = known.get("crop", (0, 0, 1, 1))
    return Painting(
        picture=load_painting(sitting.paintings[name], sitting.side(name), crop),
        weight=sitting.style_weight * known.get("weight", 1.0),
    )


def _rows_of_one_base(folder: Path) -> dict[str, StyleFile]:
    """The styles of a folder that share the base of the first, by name. Raises `BadOption` if none."""
    found = {style.card.name: read(style.weights) for style in shipped(folder)}
    if not found:
        raise BadOption(f"There are no styles in {folder} to begin from.")
    base = next(iter(found.values())).base
    return {name: file for name, file in found.items() if file.base == base}
