"""Define `styles optimize`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from styles.cli_arguments import FORMATS, check_output, out_option
from styles.contract import MIN_SIZE
from styles.errors import BadOption
from styles.service.command_line import one_line_errors, say
from styles.service.optional_libraries import require
from styles.training.cli.options import (
    A_FILE,
    Cards,
    FeaturesOption,
    PaintingSide,
    StyleWeight,
    TrainingDevice,
    chosen_device,
)

console = Console()

#: Steps when neither these nor minutes are named: more change little.
STEPS = 120
#: Most that --size may be, pixels: time and memory grow with the area.
MOST_SIZE = 2048


def optimize(
    photo: Annotated[Path, typer.Argument(**A_FILE, help="The photo, any common format.")],
    painting: Annotated[Path, typer.Option(**A_FILE, help="The painting whose style it shall have.")],
    out: Annotated[Path | None, out_option("PHOTO-PAINTING.jpg")] = None,
    size: Annotated[
        int,
        typer.Option(
            min=MIN_SIZE, max=MOST_SIZE, metavar="LONG_SIDE", help="In pixels; a photo is never enlarged."
        ),
    ] = 1024,
    steps: Annotated[
        int | None, typer.Option(min=1, help=f"How many steps; {STEPS} if you do not say.")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, help="How long, instead of steps.")] = None,
    features: FeaturesOption = None,
    device: TrainingDevice = "auto",
    painting_side: PaintingSide = None,
    style_weight: StyleWeight = 1.0,
    cards: Cards = None,
) -> None:
    """Paint one photo like a painting by optimising its pixels, in some four minutes.

    No style is needed and none is learnt: this is for one perfect picture. `styles learn` makes a style of
    the painting, with which photos take a fraction of a second.
    """
    with one_line_errors():
        require("train", "styles optimize")
    from styles.imaging.codec import decode, encode
    from styles.training.cli.display import display
    from styles.training.dataset import read_painting
    from styles.training.export import read_cards
    from styles.training.losses import load_features
    from styles.training.pixel_optimization import paint_like
    from styles.training.recipe import Progress
    from styles.training.run import LOOKING

    with one_line_errors():
        if steps and minutes:
            raise BadOption("Give --steps or --minutes, not both.")
        target = check_output(out or Path(f"{photo.stem}-{painting.stem}.jpg"), photo)
        pixels = decode(photo.read_bytes(), long_side=size)
        share = _share(started := time.monotonic(), steps, minutes)
        with display(console) as report:
            report(Progress(doing=LOOKING))
            known = read_cards(cards).get(painting.stem, {})
            read = read_painting(painting, known, painting_side, style_weight)
            painted = paint_like(pixels, read, load_features(features), chosen_device(device), report, share)
        target.write_bytes(encode(painted, FORMATS[target.suffix.lower()]))
    height, width = painted.shape[:2]
    say(console, f"{target}: {width}x{height}, like {painting.name}, {time.monotonic() - started:.0f} s")


def _share(started: float, steps: int | None, minutes: float | None) -> Callable[[int], float]:
    """Return the function from steps taken to the share of the budget used."""
    if minutes is None:
        return lambda step: min(1.0, step / (steps or STEPS))
    return lambda _: min(1.0, (time.monotonic() - started) / (60 * minutes))
