"""The options of `styles train` and `styles learn`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    pass

A_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
A_FOLDER: dict[str, Any] = {"exists": True, "file_okay": False}
PhotosOption = Annotated[
    Path | None,
    typer.Option(
        **A_FOLDER, help="Folder of photos to learn on, some hundreds; default: the few that come with it."
    ),
]
Name = Annotated[str, typer.Option(help="The style's name; default: the painting's file name.")]
Out = Annotated[Path, typer.Option(help="Folder in which the style's folder is written.")]
Run = Annotated[
    Path | None, typer.Option(file_okay=False, help="Folder of the run, gone on with; default: below runs/.")
]
Minutes = Annotated[
    float | None, typer.Option(min=0.01, help="All sittings together; train 30, --base 240, learn 5.")
]
Steps = Annotated[int | None, typer.Option(min=1, help="How many steps, instead of minutes.")]
FeaturesOption = Annotated[
    Path | None, typer.Option(**A_FILE, help="VGG16 as safetensors; default: torchvision downloads its own.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:1.")]
Crop = Annotated[int, typer.Option(min=64, help="Side of the training crops, pixels; a multiple of 4.")]
Batch = Annotated[int, typer.Option(min=1, help="Photos a step.")]
PaintingSide = Annotated[
    int | None, typer.Option(min=16, help="Short side of the painting, 720; more: larger strokes.")
]
StyleWeight = Annotated[float, typer.Option(min=0.0, help="More: more of the painting, less of the photo.")]
SaveSeconds = Annotated[float, typer.Option(help="How often the run is saved, seconds.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the crops and the first weights.")]
Preview = Annotated[
    Path | None, typer.Option(**A_FILE, help="Photo for the previews; default: one of yours.")
]
Cards = Annotated[Path | None, typer.Option(**A_FILE, help="TOML: title, artist, year … of each painting.")]
Title = Annotated[str, typer.Option(help="For the card; default: made from the name.")]
Artist = Annotated[str, typer.Option(help="For the card.")]
Year = Annotated[str, typer.Option(help="For the card: of the painting.")]
Licence = Annotated[str, typer.Option(help="For the card: of the style's weights.")]
