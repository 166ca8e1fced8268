"""Define `styles train` and `styles learn`."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from styles.formats.style_file import BUILTIN
from styles.service.command_line import one_line_errors, say
from styles.service.optional_libraries import require
from styles.training.cli.options import (
    A_FILE,
    A_FOLDER,
    TrainingOptions,
    chosen_device,
    require_fresh_if_wide,
    require_one_or_base,
    with_training_options,
)

if TYPE_CHECKING:
    from styles.training.recipe import Recipe

console = Console()

#: How long each command trains when nobody says, minutes.
TRAIN_MINUTES, BASE_MINUTES, LEARN_MINUTES, LEARN_MINUTES_ON_GPU = 30.0, 240.0, 5.0, 1 / 6
#: Photos that come with the project, for when nobody names a folder.
PHOTOS = Path(__file__).parent.parent / "photos"
#: Folder for runs when nobody names one.
RUNS = Path("runs")


@with_training_options
def train(
    paintings: Annotated[list[Path], typer.Argument(**A_FILE, help="A painting; with --base, several.")],
    base: Annotated[bool, typer.Option("--base", help="Train one base for all the paintings.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin from random weights, not --start.")] = False,
    start: Annotated[Path, typer.Option(**A_FOLDER, help="Folder of styles to begin from.")] = BUILTIN,
    wide: Annotated[
        bool,
        typer.Option(
            "--wide", help="With --fresh, a wider network: finer strokes, in 1.2 times the time to paint."
        ),
    ] = False,
    detail: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Add this much of the photo's fine lines; default: as --start does."),
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Photos a step.")] = 1,
    piece: Annotated[
        int, typer.Option(min=64, help="Side of the part of a crop that must have all of the painting.")
    ] = 320,
    save_seconds: Annotated[float, typer.Option(help="How often the run is saved, seconds.")] = 60.0,
    *,
    options: TrainingOptions,
) -> None:
    """Train a style from a painting, the whole network, in half an hour.

    With --base, one network for many paintings, whose styles share batches and can be blended; new ones are
    then learnt on it in minutes, by `styles learn`. Stop it whenever you like: the same command goes on from
    the last checkpoint, at most a minute ago.
    """
    with one_line_errors():
        require("train", "styles train")
    from styles.training.recipe import TRAIN_CROP, Recipe
    from styles.training.run import by_name

    with one_line_errors():
        require_one_or_base(
            len(paintings), base, of_one=options.name or options.title or options.artist or options.year
        )
        require_fresh_if_wide(fresh=fresh, wide=wide)
        named = by_name(paintings, options.name)
        recipe = Recipe(
            minutes=options.minutes or (BASE_MINUTES if base else TRAIN_MINUTES),
            steps=options.steps,
            crop=options.crop or TRAIN_CROP,
            batch=batch,
            piece=piece,
            seed=options.seed,
        )
        run = "base" if base else next(iter(named))
        device = chosen_device(options.device)
        begin = None if fresh else start
        _run(options, named, recipe, run, begin, device, save_seconds, wide=wide, detail=detail)


@with_training_options
def learn(
    painting: Annotated[Path, typer.Argument(**A_FILE, help="The painting.")],
    start: Annotated[Path, typer.Option(**A_FOLDER, help="Folder of styles: their base is used.")] = BUILTIN,
    *,
    options: TrainingOptions,
) -> None:
    """Learn a style from a painting in minutes, on the base of the shipped styles.

    The network stays as it is; only the style's own row of numbers is fitted. It shares batches with the
    shipped styles and blends with them. `styles train` takes longer and is free to paint better. On a slow
    machine crops are made smaller, so that the minutes suffice.
    """
    with one_line_errors():
        require("train", "styles learn")
    from styles.training.recipe import learning_recipe
    from styles.training.run import by_name

    with one_line_errors():
        device = chosen_device(options.device)
        named = by_name([painting], options.name)
        recipe = learning_recipe(
            minutes=options.minutes or (LEARN_MINUTES if device == "cpu" else LEARN_MINUTES_ON_GPU),
            steps=options.steps,
            crop=options.crop,
            seed=options.seed,
        )
        _run(options, named, recipe, f"{next(iter(named))}-learnt", start, device)


def default_photos() -> Path:
    """Return the photos that come with the project, and say so."""
    say(console, f"No --photos: learning on the few in {PHOTOS}; some hundreds are better.")
    return PHOTOS


def _run(
    options: TrainingOptions,
    paintings: dict[str, Path],
    recipe: Recipe,
    run: str,
    start: Path | None,
    device: str,
    save_seconds: float = 60.0,
    *,
    wide: bool = False,
    detail: float | None = None,
) -> None:
    """Train behind a progress display, in the folder `run` by default, and print the losses."""
    from styles.training.cli.display import display
    from styles.training.run import TrainingRun, as_typed
    from styles.training.run import train as train_styles

    spec = TrainingRun(
        paintings=paintings,
        photos=options.photos or default_photos(),
        run=options.run or RUNS / run,
        out=options.out,
        recipe=recipe,
        start=start,
        wide=wide,
        detail=detail,
        features=options.features,
        device=device,
        cards=options.cards,
        facts=options.facts,
        style_weight=options.style_weight,
        painting_side=options.painting_side,
        preview=options.preview,
        save_seconds=save_seconds,
    )
    with display(console) as report:
        spec = replace(spec, command=as_typed(sys.argv[1:], spec))
        written = train_styles(spec, report, partial(say, console))
    for folder, losses in written.items():
        say(console, f"{folder}: on photos held out {', '.join(f'{k} {v:.2f}' for k, v in losses.items())}")
