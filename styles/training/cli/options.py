"""Define the options that the training commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from styles.errors import BadOption

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
    float | None, typer.Option(min=0.01, help="All runs together; train 30, --base 240, learn 5.")
]
Steps = Annotated[int | None, typer.Option(min=1, help="How many steps, instead of minutes.")]
FeaturesOption = Annotated[
    Path | None, typer.Option(**A_FILE, help="VGG16 as safetensors; default: torchvision downloads its own.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:1.")]
Crop = Annotated[int, typer.Option(min=64, help="Side of the training crops, pixels; a multiple of 16.")]
Batch = Annotated[int, typer.Option(min=1, help="Photos a step.")]
PaintingSide = Annotated[
    int | None, typer.Option(min=16, help="Short side of the painting, 512; more: larger strokes.")
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


def require_one_or_base(paintings: int, base: bool, *, of_one: str) -> None:
    """Raise `BadOption` for several paintings without --base, and for what is said `of_one` with it."""
    if paintings > 1 and not base:
        raise BadOption("Several paintings share one network: say --base, or train them one by one.")
    if base and of_one:
        raise BadOption(
            "--name, --title, --artist and --year are for one painting: the styles of a base are named "
            "for their files, and what else is known of them is said by --cards FILE."
        )


def chosen_device(device: str) -> str:
    """Return the device that `auto` means here. Raises `BadOption` for a device that is not there."""
    import torch

    from styles.inference.torch_backend.device import require_cuda

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device != "cpu":
        require_cuda(device)
    return device


def facts(title: str, artist: str, year: str, licence: str) -> dict[str, str]:
    """Return what was said for the card."""
    said = {"title": title, "artist": artist, "year": year, "licence": licence}
    return {key: value for key, value in said.items() if value}
