"""Train styles once, from files to files: paintings and photos in, style folders out.

This is what `styles train` and `styles learn` do once their options are read. A style folder is what
`style_file.shipped` reads (card, weights, preview), ready for `styles/builtin` or a registry.
"""

from __future__ import annotations

import json
import math
import re
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from styles.errors import BadOption
from styles.imaging.codec import Pixels, decode
from styles.language.blend_syntax import as_name
from styles.training.checkpoint import cut_back, locked
from styles.training.color_matching import match_colors
from styles.training.dataset import read_painting
from styles.training.export import export, make_room, read_cards, write_previews
from styles.training.held_out import photos_in
from styles.training.losses import load_features
from styles.training.recipe import LEARN_VIVIDNESS, Painting, Progress, Recipe
from styles.training.starting_styles import (
    begin_rows,
    network_of,
    random_network,
    rows_of_one_base,
    with_detail,
)
from styles.training.trainer import Trainer

#: Losses by name: total, content, style …
Losses: TypeAlias = Mapping[str, float]

#: A preview picture is painted this often while a style trains, seconds.
PREVIEW_SECONDS = 240.0
#: A line goes to log.jsonl every this many steps.
LOG_STEPS = 20
#: Long side of the preview photo, pixels.
PREVIEW_SIDE = 800
#: Names of the phases, as they are reported; all of them count in the budget.
READING, LOOKING, TRAINING = "reading the photos", "looking at the painting", "training"
MEASURING, WRITING = "measuring", "writing"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """Hold the order for a run. Paintings are keyed by the name of their future style."""

    paintings: Mapping[str, Path]
    photos: Path
    run: Path  #: folder of the run, resumed if there is one
    out: Path  #: folder in which the style folders are written
    recipe: Recipe
    start: Path | None  #: folder of styles to begin from; None: from random weights
    wide: bool = False  #: make a network of the shape `WIDE`, where it begins from random weights
    detail: float | None = None  #: parts of the photo's detail to add; None: as the styles of `start` do
    features: Path | None = None  #: of VGG16; None: torchvision downloads its own
    device: str = "cpu"
    cards: Path | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  #: for the card, before what `cards` say
    style_weight: float = 1.0
    painting_side: int | None = None  #: short side of the paintings, pixels; None: what `cards` say
    preview: Path | None = None
    command: str = ""
    save_seconds: float = 60.0

    @property
    def paths(self) -> set[Path]:
        """Return every file and folder that the run names."""
        others = (self.start, self.features, self.cards, self.preview)
        return {self.photos, self.run, self.out, *self.paintings.values(), *filter(None, others)}

    def known(self, name: str) -> dict[str, Any]:
        """Return the known facts of a style's painting: the table of its file's name, and those given."""
        table = read_cards(self.cards).get(self.paintings[name].stem, {})
        return {"painting": self.paintings[name].name, **table, **self.facts}

    def painting(self, name: str) -> Painting:
        """Read a style's painting; its short side sets how large its strokes come out."""
        file, known = self.paintings[name], self.known(name)
        if self.recipe.learn:
            known = {**LEARN_VIVIDNESS, **known}
        return read_painting(file, known, self.painting_side, self.style_weight)


def by_name(paintings: Sequence[Path], name: str = "") -> dict[str, Path]:
    """Key paintings by `name`, or by their file's name. Raises `BadOption` for two of one name."""
    named: dict[str, Path] = {}
    for painting in paintings:
        style = style_name(name or painting.stem)
        if style in named:
            raise BadOption(f"{named[style]} and {painting} would both be {style}: rename one of the files.")
        named[style] = painting
    return named


def style_name(text: str) -> str:
    """Make a style's name of a text: letters and digits as `as_name` reads them, hyphens for the rest.

    Raises `BadOption` where nothing is left.
    """
    name = re.sub(r"[^a-z0-9]+", "-", as_name(text)).strip("-")
    if not name:
        raise BadOption(f"{text!r} makes no name for a style: say --name, with letters or digits.")
    return name


def as_typed(arguments: Sequence[str], spec: TrainingRun) -> str:
    """Return the command for the card; of the run's own paths only the last part."""
    short = []
    for argument in arguments:
        option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
        short.append(option + equals + ((Path(value) in spec.paths and Path(value).name) or value))
    return shlex.join(["styles", *short])


def train(
    spec: TrainingRun, report: Callable[[Progress], None], say: Callable[[str], None]
) -> dict[Path, Losses]:
    """Train until the budget is used, and write the styles: each folder with its held-out losses.

    `report` is called at the beginning of each phase and after each step, `say` with a sentence now and then.
    """
    since = time.monotonic()
    report(Progress(doing=READING))
    training, held_out = photos_in(spec.photos)
    photo = decode((spec.preview or held_out[0]).read_bytes(), long_side=PREVIEW_SIDE)
    make_room(spec.out, spec.paintings)
    report(Progress(doing=LOOKING))
    with locked(spec.run):
        paintings = {name: spec.painting(name) for name in spec.paintings}
        trainer = _begin(spec, paintings, training, len(held_out), since, say)
        if trainer.finished:
            say(
                f"The run in {spec.run} is finished: its styles are written as they are. "
                "More --minutes or --steps go on with it, another --run begins anew."
            )
        else:
            _train(spec, trainer, photo, report)
        trainer.progress.doing = MEASURING
        report(trainer.progress)
        if len(paintings) == 1 and not spec.recipe.learn:  # a base has one last layer for all its styles
            match_colors(trainer, next(iter(paintings.values())).picture, held_out)
        measured = trainer.measure(held_out[: trainer.progress.photos])
        trainer.progress.doing = WRITING
        report(trainer.progress)
        cards = {
            name: {**spec.known(name), "trained": _trained(spec, trainer, paintings[name], measured[name])}
            for name in trainer.names
        }
        return {folder: measured[folder.name] for folder in export(trainer, spec.out, cards, photo, say)}


def _train(spec: TrainingRun, trainer: Trainer, photo: Pixels, report: Callable[[Progress], None]) -> None:
    """Step to the end, with a log and previews in the run's folder."""
    file = spec.run / "log.jsonl"
    cut_back(file, trainer.progress.step)
    with file.open("a", encoding="utf-8") as log:

        def note(progress: Progress) -> None:
            report(progress)
            if progress.step % LOG_STEPS == 0:
                log.write(log_line(progress))
                log.flush()

        trainer.run(
            note,
            save_seconds=spec.save_seconds,
            preview_seconds=PREVIEW_SECONDS,
            preview=lambda trainer: write_previews(trainer, photo, spec.run),
        )


def log_line(progress: Progress) -> str:
    """Return a step as a line of JSON, with null for numbers that are not finite."""
    losses = {key: value if math.isfinite(value) else None for key, value in progress.losses.items()}
    dropped = {"dropped": progress.dropped} if progress.dropped else {}
    return json.dumps({"step": progress.step, "seconds": progress.seconds, **losses, **dropped}) + "\n"


def _trained(spec: TrainingRun, trainer: Trainer, painting: Painting, losses: Losses) -> str:
    """Describe how a style was trained, for its card: command, steps, photos, losses, seed."""
    progress, recipe = trainer.progress, trainer.recipe
    crops = " and then ".join(map(str, dict.fromkeys((recipe.side, progress.crop))))
    start = trainer.told["base to begin from"]
    begun = f"base {start}" if spec.start else "random weights"
    photos, held_out = progress.photos, trainer.held_out
    few = f", on {photos} of {held_out} photos" if photos is not None and photos < held_out else ""
    dropped = f" ({progress.dropped} of them dropped)" if progress.dropped else ""
    measured = ", ".join(f"{key} {value:.3f}" for key, value in losses.items())
    return (
        f"{spec.command}: {progress.step} steps{dropped} of {recipe.batch} crops of {crops} pixels "
        f"in {progress.seconds / 60:.0f} min on {trainer.device.type}, {len(trainer.photos.files)} photos, "
        f"painting {min(painting.picture.shape[2:])} pixels, its weight {painting.weight:g}, "
        f"seed {recipe.seed}, begun from {begun}; held-out {measured}{few}"
    )


def _begin(
    spec: TrainingRun,
    paintings: Mapping[str, Painting],
    photos: Sequence[Path],
    held_out: int,
    since: float,
    say: Callable[[str], None],
) -> Trainer:
    """Return the run as it was saved last, or a new one."""
    begin = rows_of_one_base(spec.start, say) if spec.start else {}
    base = next(iter(begin.values()), None)
    network = network_of(base) if base else random_network(spec.recipe.seed, wide=spec.wide)
    network = with_detail(network, spec.detail)
    trainer = Trainer(
        paintings,
        photos,
        load_features(spec.features),
        spec.run,
        spec.recipe,
        spec.device,
        network,
        held_out=held_out,
        since=since,
    )
    if trainer.progress.step == 0 and begin:
        begin_rows(trainer, begin)
    return trainer
