"""The `styles` command: list, paint and sheet, without any server; train and learn are in `train_cli.py`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel
from rapidfuzz import process
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from styles import checkpoint, train_cli
from styles.checkpoint import ShippedStyle, StyleFile
from styles.config import DEFAULT_STYLE, Section, load
from styles.contract import DEFAULT_SIZE, MAX_SIZE, MIN_SIZE, Format, StyleOptions
from styles.errors import BadCheckpoint, BadOption, UnknownStyle
from styles.terminal import one_line_errors
from styles.transformer_file import ARCHITECTURE as TRANSFORMER_NET

if TYPE_CHECKING:
    from styles.image import Pixels
    from styles.sheet import Picture

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Paint photos in the shipped styles, and train new styles from paintings.",
)
console = Console()

#: Long side of one picture of a sheet when nobody says otherwise, pixels: a sheet of 16 is 2,700 wide.
SHEET_SIZE = 640
#: What can be written, by the file's ending.
FORMATS: dict[str, Format] = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
#: Where the configuration is looked for.
CONFIG = Path("config.toml")

Photo = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The photo, any common format.")]
Folder = Annotated[
    Path,
    typer.Option("--styles", exists=True, file_okay=False, help="Folder of styles, one folder each."),
]
Device = Annotated[str, typer.Option(help="cpu, cuda or cuda:1.")]


class Defaults(Section):
    """[styles]"""

    default: str = DEFAULT_STYLE


class Root(BaseModel):
    """The one table that painting without a server needs."""

    styles: Defaults = Defaults()


@app.command("list")
def list_styles(folder: Folder = checkpoint.BUILTIN) -> None:
    """Show the styles that can be painted here, and which can be blended."""
    table = Table("name", "title", "artist", "year")
    bases: dict[str, list[str]] = {}
    for style in checkpoint.shipped(folder):
        card = style.card
        table.add_row(*map(Text, (card.name, card.title, card.artist, card.year)))
        bases.setdefault(card.base, []).append(card.name)
    console.print(table)
    for names in bases.values():
        if len(names) > 1:
            _say(f"On one base, so that --blend mixes them: {', '.join(names)}.")


@app.command()
def paint(
    photo: Photo,
    style: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="A name of `styles list`, or a file as a registry keeps it, of any network: "
            "candy.safetensors, candy.onnx, ./candy. Default: the config's style.",
        ),
    ] = "",
    blend: Annotated[
        str | None,
        typer.Option(
            metavar="NAME:W,…",
            help="Several styles in one, by weight: starry-night:0.6,great-wave:0.4. Only the weights' "
            "proportions count; without one it is 1.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to, .jpg or .png; default: PHOTO-STYLE.jpg in this folder."),
    ] = None,
    size: Annotated[
        int,
        typer.Option(
            metavar="LONG_SIDE",
            help=f"In pixels, {MIN_SIZE} to {MAX_SIZE}; a photo is reduced to it, never enlarged.",
        ),
    ] = DEFAULT_SIZE,
    strength: Annotated[float, typer.Option(help="From 0, the photo, to 1, the painting.")] = 1.0,
    keep_colors: Annotated[bool, typer.Option("--keep-colors", help="Keep the photo's colours.")] = False,
    device: Device = "cpu",
    folder: Folder = checkpoint.BUILTIN,
    config: Annotated[Path, typer.Option(metavar="FILE", help="The configuration file.")] = CONFIG,
) -> None:
    """Paint one photo, in one style or in a blend of several."""
    from styles import paint as painting
    from styles.blend import mix
    from styles.image import decode, encode

    with one_line_errors():
        file = None if blend else kept_file(style)
        shares = {file.stem: 1.0} if file else wanted(style, blend, config)
        found = {} if file else {name: find(name, folder) for name in shares}
        target = checked(out or Path(f"{photo.stem}-{'-'.join(shares)}.jpg"), photo)
        options = StyleOptions(strength=strength, keep_colors=keep_colors, size=size)
        started = time.perf_counter()
        if file:
            opened = painting.open_style(file, device)
            row, canvas = opened.row, opened.canvas
        else:
            files = {name: read(style) for name, style in found.items()}
            row = mix(files, shares)
            canvas = painting.open_canvas(next(iter(files.values())).network, device)
        pixels = decode(photo.read_bytes(), long_side=size)
        painted = painting.stylize(canvas, [pixels], [row], [options])[0]
        target.write_bytes(encode(painted, FORMATS[target.suffix.lower()]))
    parts = ", ".join(name if share == 1 else f"{name} {share:.0%}" for name, share in shares.items())
    _report(target, painted, parts, started)


@app.command()
def sheet(
    photo: Photo,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to, .jpg or .png; default: PHOTO-sheet.jpg in this folder."),
    ] = None,
    size: Annotated[
        int, typer.Option(metavar="LONG_SIDE", help="Of one picture, in pixels; photos are not enlarged.")
    ] = SHEET_SIZE,
    columns: Annotated[
        int | None, typer.Option(min=1, help="Pictures side by side; default: what gives the best shape.")
    ] = None,
    device: Device = "cpu",
    folder: Folder = checkpoint.BUILTIN,
) -> None:
    """Paint one photo in all styles: one picture with the photo and every painting, and their names."""
    from styles import sheet as sheets
    from styles.image import decode, encode

    with one_line_errors():
        target = checked(out or Path(f"{photo.stem}-sheet.jpg"), photo)
        options = StyleOptions(size=size)
        started = time.perf_counter()
        styles = checkpoint.shipped(folder)
        if not styles:
            raise BadOption(f"There are no styles in {folder}: name another folder by --styles.")
        pixels = decode(photo.read_bytes(), long_side=size)
        height, width = pixels.shape[:2]
        sheets.Grid.of(len(styles) + 1, width, height, columns)  # too large is told before, not after
        painting = _painted(styles, pixels, options, device)
        quiet = not console.is_terminal  # or an empty line goes into a file
        bar = track(painting, "Painting", len(styles), console=console, transient=True, disable=quiet)
        pictures = list(bar)
        whole = sheets.sheet(pixels, pictures, columns)
        target.write_bytes(encode(whole, FORMATS[target.suffix.lower()]))
    _report(target, whole, f"{len(styles)} styles", started)


def _painted(
    styles: Sequence[ShippedStyle], photo: Pixels, options: StyleOptions, device: str
) -> Iterator[Picture]:
    """The photo in each style; those of one base share a canvas, which takes longer to make than to use."""
    from styles.lettering import legible
    from styles.paint import Canvas, open_canvas, row_of, stylize
    from styles.sheet import Picture

    canvases: dict[str, Canvas] = {}
    for style in styles:
        file, card = read(style), style.card
        if file.base not in canvases:
            canvases[file.base] = open_canvas(file.network, device)
        painted = stylize(canvases[file.base], [photo], [row_of(file)], [options])[0]
        title = card.title if legible(card.title) else card.name
        yield Picture(title, ", ".join(t for t in (card.artist, card.year) if t and legible(t)), painted)


def wanted(style: str, blend: str | None, config: Path) -> dict[str, float]:
    """The shares of the styles to paint in, by name. Raises `BadOption`, `ConfigError`."""
    from styles.blend import as_name, read

    if blend is None:
        return {as_name(style or default_style(config)): 1.0}
    if style:
        raise BadOption("Give --style or --blend, not both: a blend names all its styles.")
    return read(blend)


def kept_file(style: str) -> Path | None:
    """The kept file that is meant, None where it is a name, which has neither dots nor slashes.

    Raises `BadOption` for a file that is not there, or that `styles.paint.open_style` does not know.
    """
    if "." not in style and os.sep not in style:
        return None
    path = Path(style)
    if not path.is_file():
        raise BadOption(f"There is no file “{style}”; name one, or a style of `styles list`.")
    if not is_kept(path):
        raise BadOption(
            f"{style} is no file as a registry keeps it. Publish it, and name the file that the registry "
            "made of it, or name a style of `styles list`."
        )
    return path


def is_kept(path: Path) -> bool:
    """Whether it begins as one of the kept files; all of it is checked when it is opened."""
    try:
        return checkpoint.architecture_of(path) in (checkpoint.ARCHITECTURE, TRANSFORMER_NET, "onnx")
    except BadCheckpoint:
        return False


def checked(target: Path, photo: Path) -> Path:
    """Where a picture goes, before it is painted. Raises `BadOption` where it cannot or must not go."""
    if target.suffix.lower() not in FORMATS:
        raise BadOption(f"{target.name} should end in {', '.join(FORMATS)}.")
    if not target.parent.is_dir():
        raise BadOption(f"There is no folder “{target.parent}”: make it, or name another by --out.")
    if target.is_dir():
        raise BadOption(f"{target} is a folder: name a file by --out.")
    if target.exists() and target.samefile(photo):
        raise BadOption(f"{target} is the photo itself, which stays as it is: name another file by --out.")
    return target


def find(name: str, folder: Path) -> ShippedStyle:
    """The style of that name in a folder. Raises `UnknownStyle`, all names in it, the nearest first."""
    styles = {style.card.name: style for style in checkpoint.shipped(folder)}
    if name not in styles:
        near = [match for match, *_ in process.extract(name, list(styles), score_cutoff=60)]
        raise UnknownStyle(name, near, [*near, *sorted(styles.keys() - set(near))])
    return styles[name]


def read(style: ShippedStyle) -> StyleFile:
    """The weights of a style. Raises `BadCheckpoint`, which says whose they are."""
    try:
        return checkpoint.read(style.weights)
    except BadCheckpoint as error:
        raise BadCheckpoint(f"{style.card.name}: {error.message}", error.detail) from error


def default_style(file: Path) -> str:
    """The style that the config names for when nobody names one. Raises `ConfigError`."""
    if file == CONFIG and not file.exists():
        return Defaults().default  # `styles` works without any system around it
    return load(file, Root).styles.default


def _report(target: Path, picture: Pixels, what: str, started: float) -> None:
    height, width = picture.shape[:2]
    seconds = time.perf_counter() - started
    _say(f"{target}: {width}x{height}, {what}, {seconds:.1f} s")


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)  # [1] in a file's name is no markup


app.command()(train_cli.train)
app.command()(train_cli.learn)
