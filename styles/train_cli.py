"""`styles train` and `styles learn`: the options, the progress bar, the last words."""

from __future__ import annotations

import re
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from styles.checkpoint import BUILTIN
from styles.errors import BadOption
from styles.terminal import one_line_errors

if TYPE_CHECKING:
    from styles.recipe import Progress as TrainingProgress
    from styles.sitting import Sitting

console = Console()

#: How long each command trains when nobody says, minutes.
TRAIN_MINUTES, BASE_MINUTES, LEARN_MINUTES, LEARN_MINUTES_ON_GPU = 30.0, 240.0, 5.0, 1 / 6
#: Photos that come with the project, for when nobody names a folder.
PHOTOS = Path(__file__).parent.parent / "docs" / "photos"

A_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
A_FOLDER: dict[str, Any] = {"exists": True, "file_okay": False}
PhotosOption = Annotated[
    Path | None, typer.Option(**A_FOLDER, help="Folder of photos to learn on, some hundreds of all kinds.")
]
Name = Annotated[str, typer.Option(help="The style's name; default: the painting's file name.")]
Out = Annotated[Path, typer.Option(help="Folder in which the style's folder is written.")]
Run = Annotated[
    Path | None, typer.Option(help="Folder of the run; default runs/NAME. Resumed if there is one.")
]
Minutes = Annotated[float | None, typer.Option(min=0.01, help="How long, all sittings together.")]
Steps = Annotated[int | None, typer.Option(min=1, help="How many steps, instead of minutes.")]
FeaturesOption = Annotated[
    Path | None, typer.Option(**A_FILE, help="VGG16 as safetensors; default: torchvision downloads its own.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:1.")]
Crop = Annotated[int, typer.Option(min=32, help="Size of the training crops, pixels.")]
Batch = Annotated[int, typer.Option(min=1, help="Photos a step.")]
PaintingSide = Annotated[
    int | None, typer.Option(min=16, help="Short side of the painting, 720; more: larger strokes.")
]
StyleWeight = Annotated[float, typer.Option(min=0.0, help="More: more of the painting, less of the photo.")]
SaveSeconds = Annotated[float, typer.Option(help="How often the run is saved, seconds.")]
Seed = Annotated[int, typer.Option(help="Of the crops and the first weights.")]
Preview = Annotated[
    Path | None, typer.Option(**A_FILE, help="Photo for the previews; default: one of yours.")
]
Cards = Annotated[Path | None, typer.Option(**A_FILE, help="TOML: title, artist, year … of each painting.")]
Title = Annotated[str, typer.Option(help="For the card; default: made from the name.")]
Artist = Annotated[str, typer.Option(help="For the card.")]
Year = Annotated[str, typer.Option(help="For the card: of the painting.")]
Licence = Annotated[str, typer.Option(help="For the card: of the style's weights.")]
OUT, RUNS = Path("styles-out"), Path("runs")

#: Adam's rate for a row on a base that stays as it is.
LEARN_RATE = 1e-2
#: What the progress bar says besides.
COLUMNS = (
    TextColumn("{task.percentage:5.1f} %  step {task.fields[step]}  {task.fields[losses]}"),
    TextColumn("{task.fields[left]} left"),
)


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
    crop: Crop = 256,
    batch: Annotated[int, typer.Option(min=1, help="Photos a step.")] = 4,
    painting_side: PaintingSide = None,
    style_weight: StyleWeight = 1.0,
    save_seconds: Annotated[float, typer.Option(help="How often the run is saved, seconds.")] = 60.0,
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
    from styles.recipe import Recipe
    from styles.sitting import Sitting

    with one_line_errors():
        if len(paintings) > 1 and not base:
            raise BadOption("Several paintings share one network: say --base, or train them one by one.")
        if name and base:
            raise BadOption("--name is for one painting; the styles of a base are named for their files.")
        named = {style_name(name or painting.stem): painting for painting in paintings}
        sitting = Sitting(
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
            facts=_facts(title, artist, year, licence),
            style_weight=style_weight,
            painting_side=painting_side,
            preview=preview,
            command=_command(),
            save_seconds=save_seconds,
        )
        _sit(sitting)


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
    crop: Crop = 192,
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
    shipped styles and blends with them. `styles train` takes longer and is free to paint better.
    """
    from styles.recipe import Recipe
    from styles.sitting import Sitting

    with one_line_errors():
        device = chosen_device(device)
        style = style_name(name or painting.stem)
        sitting = Sitting(
            paintings={style: painting},
            photos=photos or default_photos(),
            run=run or RUNS / f"{style}-learnt",
            out=out,
            recipe=Recipe(
                minutes=minutes or (LEARN_MINUTES if device == "cpu" else LEARN_MINUTES_ON_GPU),
                steps=steps,
                crop=crop,
                batch=2,
                row_rate=LEARN_RATE,
                seed=seed,
                learn=True,
            ),
            start=start,
            features=features,
            device=device,
            cards=cards,
            facts=_facts(title, artist, year, licence),
            style_weight=style_weight,
            painting_side=painting_side,
            preview=preview,
            command=_command(),
        )
        _sit(sitting)


def style_name(text: str) -> str:
    """What people will write for the style: lower case, digits and hyphens. Raises `BadOption`."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not name:
        raise BadOption(f"{text!r} makes no name for a style: say --name, with letters or digits.")
    return name


def default_photos() -> Path:
    """The photos that come with the project. Raises `BadOption` where it was installed without them."""
    if not PHOTOS.is_dir():
        raise BadOption("Name a folder of photos: --photos DIR.")
    console.print(f"No --photos: learning on the few in {PHOTOS}; some hundreds are better.")
    return PHOTOS


def chosen_device(device: str) -> str:
    """What `auto` means here. Raises `BadOption` for a GPU that is not there."""
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise BadOption(f"There is no {device} here: torch {torch.__version__} finds no GPU.")
    return device


def _sit(sitting: Sitting) -> None:
    """Trains behind a progress bar, and says what came out."""
    from styles.sitting import train as train_styles

    with Progress(BarColumn(), *COLUMNS, console=console) as bar:
        task = bar.add_task("", total=1.0, step=0, losses="reading the photos", left="?")

        def report(progress: TrainingProgress) -> None:
            losses = "  ".join(f"{key} {value:.3f}" for key, value in progress.losses.items())
            left = time.strftime("%H:%M:%S", time.gmtime(min(progress.seconds_left, 86_399)))
            bar.update(task, completed=progress.share, step=progress.step, losses=losses, left=left)

        written = train_styles(sitting, report)
    for folder, losses in written.items():
        measured = ", ".join(f"{key} {value:.2f}" for key, value in losses.items())
        console.print(f"[green]{folder}[/]: on photos held out {measured}")


def _command() -> str:
    """The command as it was typed, for the card; of paths only the last part."""
    return shlex.join(["styles", *(Path(a).name if "/" in a else a for a in sys.argv[1:])])


def _facts(title: str, artist: str, year: str, licence: str) -> dict[str, str]:
    facts = {"title": title, "artist": artist, "year": year, "licence": licence}
    return {key: value for key, value in facts.items() if value}
