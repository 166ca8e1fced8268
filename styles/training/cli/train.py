"""Define `styles train` and `styles learn`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from styles.errors import BadOption
from styles.formats.style_file import BUILTIN
from styles.service.cli import one_line_errors
from styles.training.cli.options import (
    A_FILE,
    A_FOLDER,
    Artist,
    Batch,
    Cards,
    Crop,
    Device,
    FeaturesOption,
    Licence,
    Minutes,
    Name,
    Out,
    PaintingSide,
    PhotosOption,
    Preview,
    Run,
    SaveSeconds,
    Seed,
    Steps,
    StyleWeight,
    Title,
    Year,
    chosen_device,
    facts,
    require_one_or_base,
)

if TYPE_CHECKING:
    from styles.training.run import TrainingRun

console = Console()

#: How long each command trains when nobody says, minutes.
TRAIN_MINUTES, BASE_MINUTES, LEARN_MINUTES, LEARN_MINUTES_ON_GPU = 30.0, 240.0, 5.0, 1 / 6
#: Photos that come with the project, for when nobody names a folder.
PHOTOS = Path(__file__).parent.parent.parent.parent / "docs" / "photos"
#: Folders for styles and for runs when nobody names one.
OUT, RUNS = Path("styles-out"), Path("runs")
#: Adam's rate for a row on a base that stays as it is.
LEARN_RATE = 1e-2
#: Sides of the crops and photos a step; see `objective.py` and `Recipe`.
CROP, BATCH = 512, 1


def train(
    paintings: Annotated[list[Path], typer.Argument(**A_FILE, help="A painting; with --base, several.")],
    photos: PhotosOption = None,
    name: Name = "",
    base: Annotated[bool, typer.Option("--base", help="Train one base for all the paintings.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin from random weights, not --start.")] = False,
    start: Annotated[Path, typer.Option(**A_FOLDER, help="Folder of styles to begin from.")] = BUILTIN,
    out: Out = OUT,
    run: Run = None,
    minutes: Minutes = None,
    steps: Steps = None,
    features: FeaturesOption = None,
    device: Device = "auto",
    crop: Crop = CROP,
    batch: Batch = BATCH,
    painting_side: PaintingSide = None,
    style_weight: StyleWeight = 1.0,
    save_seconds: SaveSeconds = 60.0,
    seed: Seed = 1,
    preview: Preview = None,
    cards: Cards = None,
    title: Title = "",
    artist: Artist = "",
    year: Year = "",
    licence: Licence = "",
) -> None:
    """Train a style from a painting, the whole network, in half an hour.

    With --base, one network for many paintings, whose styles share batches and can be blended; new ones are
    then learnt on it in minutes, by `styles learn`. Stop it whenever you like: the same command goes on from
    the last checkpoint, at most a minute ago.
    """
    from styles.training.recipe import Recipe
    from styles.training.run import TrainingRun, by_name

    with one_line_errors():
        require_one_or_base(len(paintings), base, of_one=name or title or artist or year)
        named = by_name(paintings, name)
        spec = TrainingRun(
            paintings=named,
            photos=photos or default_photos(),
            run=run or RUNS / ("base" if base else next(iter(named))),
            out=out,
            recipe=Recipe(
                minutes=minutes or (BASE_MINUTES if base else TRAIN_MINUTES),
                steps=steps,
                crop=crop,
                batch=batch,
                seed=seed,
            ),
            start=None if fresh else start,
            features=features,
            device=chosen_device(device),
            cards=cards,
            facts=facts(title, artist, year, licence),
            style_weight=style_weight,
            painting_side=painting_side,
            preview=preview,
            save_seconds=save_seconds,
        )
        _run(spec)


def learn(
    painting: Annotated[Path, typer.Argument(**A_FILE, help="The painting.")],
    photos: PhotosOption = None,
    name: Name = "",
    start: Annotated[Path, typer.Option(**A_FOLDER, help="Folder of styles: their base is used.")] = BUILTIN,
    out: Out = OUT,
    run: Run = None,
    minutes: Minutes = None,
    steps: Steps = None,
    features: FeaturesOption = None,
    device: Device = "auto",
    crop: Crop = CROP,
    painting_side: PaintingSide = None,
    style_weight: StyleWeight = 1.0,
    seed: Seed = 1,
    preview: Preview = None,
    cards: Cards = None,
    title: Title = "",
    artist: Artist = "",
    year: Year = "",
    licence: Licence = "",
) -> None:
    """Learn a style from a painting in minutes, on the base of the shipped styles.

    The network stays as it is; only the style's own row of numbers is fitted. It shares batches with the
    shipped styles and blends with them. `styles train` takes longer and is free to paint better. On a slow
    machine crops are made smaller, so that the minutes suffice.
    """
    from styles.training.recipe import Recipe
    from styles.training.run import TrainingRun, by_name

    with one_line_errors():
        device = chosen_device(device)
        named = by_name([painting], name)
        spec = TrainingRun(
            paintings=named,
            photos=photos or default_photos(),
            run=run or RUNS / f"{next(iter(named))}-learnt",
            out=out,
            recipe=Recipe(
                minutes=minutes or (LEARN_MINUTES if device == "cpu" else LEARN_MINUTES_ON_GPU),
                steps=steps,
                crop=crop,
                batch=BATCH,
                row_rate=LEARN_RATE,
                seed=seed,
                learn=True,
            ),
            start=start,
            features=features,
            device=device,
            cards=cards,
            facts=facts(title, artist, year, licence),
            style_weight=style_weight,
            painting_side=painting_side,
            preview=preview,
        )
        _run(spec)


def default_photos() -> Path:
    """Return the photos that come with the project. Raises `BadOption` where there are none."""
    if not PHOTOS.is_dir():
        raise BadOption("Name a folder of photos: --photos DIR.")
    _say(f"No --photos: learning on the few in {PHOTOS}; some hundreds are better.")
    return PHOTOS


def _run(spec: TrainingRun) -> None:
    """Train behind a progress display, and say what came out."""
    from styles.training.cli.display import display
    from styles.training.run import as_typed
    from styles.training.run import train as train_styles

    with display(console) as report:
        spec = replace(spec, command=as_typed(sys.argv[1:], spec))
        written = train_styles(spec, report, _say)
    for folder, losses in written.items():
        _say(f"{folder}: on photos held out {', '.join(f'{k} {v:.2f}' for k, v in losses.items())}")


def _say(line: str) -> None:
    from styles.training.cli.display import say

    say(console, line)
