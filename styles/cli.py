"""The `styles` command: list, paint and train, without any server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel
from rapidfuzz import process
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from styles import checkpoint
from styles.checkpoint import ShippedStyle
from styles.config import Section, load
from styles.contract import DEFAULT_SIZE, Format, StyleOptions
from styles.errors import BadOption, UnknownStyle
from styles.terminal import one_line_errors

if TYPE_CHECKING:
    from styles.image import Pixels
    from styles.train import Progress as TrainingProgress
    from styles.train import Recipe, Trainer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Paint photos in the shipped styles, and train new styles from paintings.",
)
console = Console()

#: A preview picture is painted this often while a style trains, seconds.
PREVIEW_SECONDS = 240.0
#: A line goes to log.jsonl every this many steps.
LOG_STEPS = 20

#: What `paint` can write, by the file's ending.
FORMATS: dict[str, Format] = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
#: Where the configuration is looked for.
CONFIG = Path("config.toml")

Folder = Annotated[Path, typer.Option("--styles", help="Folder of styles, one folder each.")]


class Defaults(Section):
    """[styles]"""

    default: str = "starry-night"


class Root(BaseModel):
    """The one table that painting without a server needs."""

    styles: Defaults = Defaults()


@app.command("list")
def list_styles(folder: Folder = checkpoint.BUILTIN) -> None:
    """Show the styles that can be painted here."""
    table = Table("name", "title", "artist", "year")
    for style in checkpoint.shipped(folder):
        table.add_row(style.card.name, style.card.title, style.card.artist, style.card.year)
    console.print(table)


@app.command()
def paint(
    photo: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The photo, any common format.")],
    style: Annotated[str, typer.Option(help="Name: see `styles list`; default: the config's.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to; default PHOTO-STYLE.jpg here.")] = None,
    size: Annotated[int, typer.Option(help="Long side in pixels; photos are not enlarged.")] = DEFAULT_SIZE,
    strength: Annotated[float, typer.Option(help="0 is the photo, 1 the painting.")] = 1.0,
    keep_colors: Annotated[bool, typer.Option("--keep-colors", help="Keep the photo's colours.")] = False,
    device: Annotated[str, typer.Option(help="cpu, cuda or cuda:1.")] = "cpu",
    folder: Folder = checkpoint.BUILTIN,
    config: Annotated[Path, typer.Option(metavar="FILE", help="The configuration file.")] = CONFIG,
) -> None:
    """Paint one photo."""
    from styles import paint as painting
    from styles.image import decode, encode

    with one_line_errors():
        style = re.sub(r"[\s_]+", "-", (style or default_style(config)).strip().lower())
        target = out or Path(f"{photo.stem}-{style}.jpg")
        if target.suffix.lower() not in FORMATS:
            raise BadOption(f"{target.name} should end in {', '.join(FORMATS)}.")
        options = StyleOptions(strength=strength, keep_colors=keep_colors, size=size)
        started = time.perf_counter()
        file = checkpoint.read(find(style, folder).weights)
        canvas = painting.open_canvas(file.network, device)
        pixels = decode(photo.read_bytes(), long_side=size)
        painted = painting.stylize(canvas, [pixels], [painting.row_of(file)], [options])[0]
        target.write_bytes(encode(painted, FORMATS[target.suffix.lower()]))
    height, width = painted.shape[:2]
    console.print(f"{target}: {width}x{height}, {style}, {time.perf_counter() - started:.1f} s")


@app.command()
def train(
    paintings: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="A painting, or several.")
    ],
    photos: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of photos to learn on.")],
    name: Annotated[str, typer.Option(help="The style's name; default: the painting's file name.")] = "",
    out: Annotated[Path, typer.Option(help="Folder in which the style's folder is written.")] = Path(
        "styles-out"
    ),
    run: Annotated[Path | None, typer.Option(help="Folder of the run, resumed if there is one.")] = None,
    minutes: Annotated[float, typer.Option(help="How long to train, all sittings together.")] = 120.0,
    steps: Annotated[int | None, typer.Option(help="How many steps instead of minutes.")] = None,
    features: Annotated[
        Path | None, typer.Option(help="VGG16 as safetensors; default: torchvision downloads its own.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    crop: Annotated[int, typer.Option(help="Size of the training crops, pixels.")] = 256,
    batch: Annotated[int, typer.Option(help="Photos a step.")] = 2,
    painting_side: Annotated[
        int, typer.Option(help="Short side of the painting: larger gives larger strokes.")
    ] = 720,
    save_seconds: Annotated[float, typer.Option(help="How often the run is saved, seconds.")] = 60.0,
    seed: Annotated[int, typer.Option(help="Of the crops and the first weights.")] = 1,
    preview: Annotated[
        Path | None, typer.Option(help="Photo for the previews; default: one of yours.")
    ] = None,
    cards: Annotated[
        Path | None, typer.Option(help="TOML with title, artist, year for each painting.")
    ] = None,
) -> None:
    """Train styles from one or more paintings.

    Several share a base network. Stop it whenever you like: the same command goes on from the last
    checkpoint, at most a minute ago.
    """
    from styles import export
    from styles.image import decode
    from styles.losses import load_features
    from styles.train import Recipe, Trainer, load_painting, photos_in

    if name and len(paintings) > 1:
        raise typer.BadParameter("--name is for one painting; several are named for their files.")
    recipe = Recipe(
        minutes=minutes, steps=steps, crop=crop, batch=batch, painting_side=painting_side, seed=seed
    )
    with one_line_errors(ValueError):
        known = export.read_cards(cards or export.CARDS)
        files = {name or painting.stem: painting for painting in paintings}
        pictures = {
            n: load_painting(file, painting_side, known.get(file.stem, {}).get("crop", (0, 0, 1, 1)))
            for n, file in files.items()
        }
        training, held_out = photos_in(photos)
        folder = run or Path("runs") / "-".join(files)
        trainer = Trainer(pictures, training, load_features(features), folder, recipe, _device(device))
        photo = decode((preview or held_out[0]).read_bytes(), long_side=640)
        with (folder / "log.jsonl").open("a") as log, _progress() as bar:
            trainer.run(
                _reporter(bar, log.write),
                save_seconds=save_seconds,
                preview_seconds=PREVIEW_SECONDS,
                preview=_previews(photo),
            )
        measured = trainer.measure(held_out)
        trained = _summary(trainer, recipe, len(training), measured)
        facts = {n: known.get(file.stem, {}) for n, file in files.items()}
        written = export.export(trainer, out, facts, photo, trained)
    for target in written:
        console.print(f"[green]{target}[/]: {json.dumps(measured[target.name])}")


def find(name: str, folder: Path) -> ShippedStyle:
    """The style of that name in a folder. Raises `UnknownStyle` with the nearest names."""
    styles = {style.card.name: style for style in checkpoint.shipped(folder)}
    if name not in styles:
        near = [match for match, *_ in process.extract(name, list(styles), score_cutoff=60)]
        raise UnknownStyle(name, near, sorted(styles))
    return styles[name]


def default_style(file: Path) -> str:
    """The style that the config names for when nobody names one. Raises `ConfigError`."""
    if file == CONFIG and not file.exists():
        return Defaults().default  # `styles` works without any system around it
    return load(file, Root).styles.default


def _device(device: str) -> str:
    import torch

    if device != "auto":
        return device
    return "cuda" if torch.cuda.is_available() else "cpu"


def _progress() -> Progress:
    return Progress(
        BarColumn(),
        TextColumn("{task.percentage:5.1f} %  step {task.fields[step]}  {task.fields[losses]}"),
        TextColumn("{task.fields[left]} left"),
        console=console,
    )


def _reporter(bar: Progress, write: Callable[[str], object]) -> Callable[[TrainingProgress], None]:
    task = bar.add_task("", total=1.0, step=0, losses="", left="?")

    def report(progress: TrainingProgress) -> None:
        losses = "  ".join(f"{key} {value:.3f}" for key, value in progress.losses.items())
        left = time.strftime("%H:%M:%S", time.gmtime(min(progress.seconds_left, 86_399)))
        bar.update(task, completed=progress.share, step=progress.step, losses=losses, left=left)
        if progress.step % LOG_STEPS == 0:
            write(json.dumps({"step": progress.step, "seconds": progress.seconds, **progress.losses}) + "\n")

    return report


def _previews(photo: Pixels) -> Callable[[Trainer], None]:
    from styles.export import preview, style_file
    from styles.image import encode

    def write(trainer: Trainer) -> None:
        for name in trainer.names:
            picture = encode(preview(style_file(trainer, name), photo))
            (trainer.folder / f"preview-{name}-{trainer.progress.step:06d}.jpg").write_bytes(picture)

    return write


def _summary(trainer: Trainer, recipe: Recipe, photos: int, measured: dict[str, dict[str, float]]) -> str:
    """One line for the card: what it took, and what came out, over photos held out."""
    progress = trainer.progress
    loss = {name: round(parts["total"], 3) for name, parts in measured.items()}
    return (
        f"styles train {' '.join(trainer.names)}: {progress.step} steps, {progress.seconds / 60:.0f} min, "
        f"{photos} photos, crop {recipe.crop}, batch {recipe.batch}, painting {recipe.painting_side} px, "
        f"seed {recipe.seed}, held-out loss {loss}"
    )
