"""Define the `styles` command: list, paint and sheet, without any server.

The commands train, learn and optimize are in `styles/training/cli/`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from styles.cli_arguments import FORMATS, check_output, find, kept_file, opened, out_option, shares_of
from styles.contract import DEFAULT_SIZE, MAX_SIZE, MIN_SIZE, StyleOptions
from styles.errors import BadOption
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors, say
from styles.training.cli import optimize as optimize_cli
from styles.training.cli import train as train_cli

if TYPE_CHECKING:
    from styles.imaging.codec import Pixels
    from styles.imaging.contact_sheet import SheetPicture

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
    help="Paint photos in the shipped styles, and train new styles from paintings.",
)
console = Console()

#: Default long side of one picture of a sheet, pixels: a sheet of 16 is 2,700 wide.
SHEET_SIZE = 640
PhotoArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The photo, any common format.")
]
StylesFolder = Annotated[
    Path,
    typer.Option("--styles", exists=True, file_okay=False, help="Folder of styles, one folder each."),
]
DeviceOption = Annotated[str, typer.Option(help="cpu, cuda or cuda:1.")]


@app.command("list")
def list_styles(folder: StylesFolder = style_file.BUILTIN) -> None:
    """Show the styles that can be painted here."""
    table = Table("name", "title", "artist", "year")
    for card in (style.card for style in style_file.shipped(folder)):
        table.add_row(*map(Text, (card.name, card.title, card.artist, card.year)))
    console.print(table)


@app.command()
def paint(
    photo: PhotoArgument,
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
    out: Annotated[Path | None, out_option("PHOTO-STYLE.jpg")] = None,
    size: Annotated[
        int,
        typer.Option(
            metavar="LONG_SIDE",
            help=f"In pixels, {MIN_SIZE} to {MAX_SIZE}; the picture is never larger than the photo.",
        ),
    ] = DEFAULT_SIZE,
    strength: Annotated[float, typer.Option(help="From 0 (the photo) to 1 (the painting).")] = 1.0,
    keep_colors: Annotated[bool, typer.Option("--keep-colors", help="Keep the photo's colours.")] = False,
    device: DeviceOption = "cpu",
    folder: StylesFolder = style_file.BUILTIN,
    config: ConfigFile = CONFIG,
) -> None:
    """Paint one photo, in one style or in a blend of several."""
    from styles.imaging.codec import decode, encode
    from styles.inference.blending import BlendPart
    from styles.inference.blending import blend as blended
    from styles.inference.stylize import stylize

    with one_line_errors():
        file = None if blend else kept_file(style)
        shares = {file.stem: 1.0} if file else shares_of(style, blend, config)
        files = {file.stem: file} if file else {name: find(name, folder).weights for name in shares}
        target = check_output(out or Path(f"{photo.stem}-{'-'.join(shares)}.jpg"), photo)
        options = StyleOptions(strength=strength, keep_colors=keep_colors, size=size)
        started = time.perf_counter()
        ordered = sorted(files.items())
        parts = zip(ordered, opened(ordered, device), strict=True)
        session, conditioning = blended(
            [BlendPart(o.session, o.conditioning, shares[name]) for (name, _), o in parts]
        )
        pixels = decode(photo.read_bytes(), long_side=size)
        painted = stylize(session, [pixels], [conditioning], [options])[0]
        target.write_bytes(encode(painted, FORMATS[target.suffix.lower()]))
    named = ", ".join(name if share == 1 else f"{name} {share:.0%}" for name, share in shares.items())
    _report(target, painted, named, started)


@app.command()
def sheet(
    photo: PhotoArgument,
    out: Annotated[Path | None, out_option("PHOTO-sheet.jpg")] = None,
    size: Annotated[
        int, typer.Option(metavar="LONG_SIDE", help="Of one picture, in pixels; never larger than the photo.")
    ] = SHEET_SIZE,
    columns: Annotated[
        int | None, typer.Option(min=1, help="Pictures side by side; default: what gives the best shape.")
    ] = None,
    device: DeviceOption = "cpu",
    folder: StylesFolder = style_file.BUILTIN,
) -> None:
    """Paint one photo in all styles: one picture with the photo and every painting, and their names."""
    from styles.imaging import contact_sheet as sheets
    from styles.imaging.codec import decode, encode

    with one_line_errors():
        target = check_output(out or Path(f"{photo.stem}-sheet.jpg"), photo)
        options = StyleOptions(size=size)
        started = time.perf_counter()
        styles = style_file.shipped(folder)
        if not styles:
            raise BadOption(f"There are no styles in {folder}: name another folder by --styles.")
        pixels = decode(photo.read_bytes(), long_side=size)
        height, width = pixels.shape[:2]
        sheets.Grid.of(len(styles) + 1, width, height, columns)  # refuses a sheet that would be too large
        painting = _painted(styles, pixels, options, device)
        quiet = not console.is_terminal  # the bar would write an empty line into a file
        bar = track(painting, "Painting", len(styles), console=console, transient=True, disable=quiet)
        pictures = list(bar)
        whole = sheets.sheet(pixels, pictures, columns)
        target.write_bytes(encode(whole, FORMATS[target.suffix.lower()]))
    _report(target, whole, f"{len(styles)} styles", started)


def _painted(
    styles: Sequence[ShippedStyle], photo: Pixels, options: StyleOptions, device: str
) -> Iterator[SheetPicture]:
    """Paint the photo in each style."""
    from styles.imaging.contact_sheet import framed
    from styles.inference.stylize import stylize

    cards = [style.card for style in styles]
    files = [(style.card.name, style.weights) for style in styles]
    for card, style in zip(cards, opened(files, device), strict=True):
        painted = stylize(style.session, [photo], [style.conditioning], [options])[0]
        yield framed(painted, name=card.name, title=card.title, artist=card.artist, year=card.year)


def _report(target: Path, picture: Pixels, styles: str, started: float) -> None:
    height, width = picture.shape[:2]
    seconds = time.perf_counter() - started
    say(console, f"{target}: {width}x{height}, {styles}, {seconds:.1f} s")


app.command()(train_cli.train)
app.command()(train_cli.learn)
app.command()(optimize_cli.optimize)
