"""Define the options that the training commands share."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from styles.errors import BadOption

A_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
A_FOLDER: dict[str, Any] = {"exists": True, "file_okay": False}
FeaturesOption = Annotated[
    Path | None, typer.Option(**A_FILE, help="VGG16 as safetensors; default: torchvision downloads its own.")
]
TrainingDevice = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:1.")]
PaintingSide = Annotated[
    int | None, typer.Option(min=16, help="Short side of the painting, 640; more: larger strokes.")
]
StyleWeight = Annotated[float, typer.Option(min=0.0, help="More: more of the painting, less of the photo.")]
Cards = Annotated[Path | None, typer.Option(**A_FILE, help="TOML: title, artist, year … of each painting.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """Hold the options that `styles train` and `styles learn` share."""

    photos: Annotated[
        Path | None,
        typer.Option(
            **A_FOLDER,
            help="Folder of photos to learn on, some hundreds; default: the few that come with it.",
        ),
    ] = None
    name: Annotated[str, typer.Option(help="The style's name; default: the painting's file name.")] = ""
    out: Annotated[Path, typer.Option(help="Folder in which the style's folder is written.")] = Path(
        "styles-out"
    )
    run: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder of the run, gone on with; default: below runs/."),
    ] = None
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="All runs together; train 30, --base 240, learn 5.")
    ] = None
    steps: Annotated[int | None, typer.Option(min=1, help="How many steps, instead of minutes.")] = None
    features: FeaturesOption = None
    device: TrainingDevice = "auto"
    crop: Annotated[
        int | None,
        typer.Option(min=64, help="Side of the crops, pixels, a multiple of 16; train 512, learn 384."),
    ] = None
    painting_side: PaintingSide = None
    style_weight: StyleWeight = 1.0
    seed: Annotated[int, typer.Option(min=0, help="Of the crops and the first weights.")] = 1
    preview: Annotated[
        Path | None, typer.Option(**A_FILE, help="Photo for the previews; default: one of yours.")
    ] = None
    cards: Cards = None
    title: Annotated[str, typer.Option(help="For the card; default: made from the name.")] = ""
    artist: Annotated[str, typer.Option(help="For the card.")] = ""
    year: Annotated[str, typer.Option(help="For the card: of the painting.")] = ""
    licence: Annotated[str, typer.Option(help="For the card: of the style's weights.")] = ""

    @property
    def facts(self) -> dict[str, str]:
        """Return the options for the card that are given."""
        said = {key: getattr(self, key) for key in ("title", "artist", "year", "licence")}
        return {key: value for key, value in said.items() if value}


def with_training_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `TrainingOptions` besides its own; it takes them as its last argument."""

    @functools.wraps(command)
    def typed(**given: Any) -> None:
        shared = {field.name: given.pop(field.name) for field in fields(TrainingOptions)}
        command(**given, options=TrainingOptions(**shared))

    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for source in (command, TrainingOptions)
        for parameter in inspect.signature(source, eval_str=True).parameters.values()
        if parameter.name != "options"
    ]
    typed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    typed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return typed


def require_one_or_base(paintings: int, base: bool, *, of_one: str) -> None:
    """Raise `BadOption` for several paintings without --base, and for options `of_one` painting with it."""
    if paintings > 1 and not base:
        raise BadOption("Several paintings share one network: say --base, or train them one by one.")
    if base and of_one:
        raise BadOption(
            "--name, --title, --artist and --year are for one painting: the styles of a base are named "
            "for their files, and what else is known of them is said by --cards FILE."
        )


def require_fresh_if_wide(*, fresh: bool, wide: bool) -> None:
    """Raise `BadOption` for --wide without --fresh: no styles to begin from fit a wider network."""
    if wide and not fresh:
        raise BadOption(
            "A wide network begins from random weights: say --wide --fresh, or leave --wide out to begin "
            "from the styles of --start."
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
