"""Check the arguments of the `styles` commands: the style or file, the blend, the target.

Each error gives the reason and the remedy, before anything is painted.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pydantic import BaseModel
from rapidfuzz import process

from styles.contract import Format
from styles.errors import BadCheckpoint, BadOption, UnknownStyle
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle
from styles.formats.transformer_file import ARCHITECTURE as TRANSFORMER_NET
from styles.service.command_line import CONFIG
from styles.service.config import StylesConfig, load

if TYPE_CHECKING:
    from styles.inference.open import OpenedStyle

#: Formats that can be written, by the file's ending.
FORMATS: dict[str, Format] = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}


def out_option(default: str) -> Any:
    """Make the option `--out` of a command that writes a picture."""
    return typer.Option(metavar="FILE", help=f"Where to, .jpg or .png; default: {default} in this folder.")


class PaintingConfigFile(BaseModel):
    """Hold the only table of config.toml that painting without a server needs."""

    styles: StylesConfig = StylesConfig()


def shares_of(style: str, blend: str | None, config: Path) -> dict[str, float]:
    """Return the shares of the styles to paint in, by name. Raises `BadOption`, `ConfigError`."""
    from styles.language.blend_syntax import as_name, read

    if blend is None:
        return {as_name(style or default_style(config)): 1.0}
    if style:
        raise BadOption("Give --style or --blend, not both: a blend names all its styles.")
    return read(blend)


def kept_file(style: str) -> Path | None:
    """Return the path of a kept file, or None for a style's name, which has neither dots nor slashes.

    Raises `BadOption` where the file is missing, or no kept file.
    """
    if "." not in style and os.sep not in style:
        return None
    path = Path(style)
    if not path.is_file():
        raise BadOption(f"There is no file “{style}”; name one, or a style of `styles list`.")
    with contextlib.suppress(BadCheckpoint):
        if style_file.architecture_of(path) in (style_file.ARCHITECTURE, TRANSFORMER_NET, "onnx"):
            return path
    raise BadOption(
        f"{style} is no file as a registry keeps it. Publish it, and name the file that the registry "
        "made of it, or name a style of `styles list`."
    )


def check_output(target: Path, photo: Path) -> Path:
    """Check the path of a picture before it is painted. Raises `BadOption` where it cannot be written."""
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
    """Find a style in a folder. Raises `UnknownStyle` with all names of the folder, the nearest first."""
    styles = {style.card.name: style for style in style_file.shipped(folder)}
    if name not in styles:
        near = [match for match, *_ in process.extract(name, list(styles), score_cutoff=60)]
        raise UnknownStyle(name, near, [*near, *sorted(styles.keys() - set(near))])
    return styles[name]


def opened(files: Sequence[tuple[str, Path]], device: str) -> Iterator[OpenedStyle]:
    """Open styles by name and file, with one session a base. Raises `BadCheckpoint` with the name."""
    from styles.inference.open import open_style
    from styles.inference.openvino_backend.memory_release import ActiveModel
    from styles.inference.session import InferenceSession

    active_model, sessions = ActiveModel(), dict[str, InferenceSession]()
    for name, file in files:
        try:
            style = open_style(file, device, sessions=sessions, active_model=active_model)
        except BadCheckpoint as error:
            raise BadCheckpoint(f"{name}: {error.message}", error.detail) from error
        yield style


def default_style(file: Path) -> str:
    """Return the config's default style. Raises `ConfigError`."""
    if file == CONFIG and not file.exists():
        return StylesConfig().default  # `styles` works without a configuration
    return load(file, PaintingConfigFile).styles.default
