"""Write the styles of a training run as folders: weights in float16, a card, a preview.

A folder is what `style_file.shipped` reads, ready to be shipped in `styles/builtin` or given to a registry.
It is swapped in whole, and all those of a run when the last is written. Until then they are one level deeper,
NAME.partial/new, where nobody takes them for styles.
"""

from __future__ import annotations

import math
import os
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from styles.contract import Card, StyleOptions
from styles.errors import BadOption
from styles.formats import style_file as style_files
from styles.formats.style_file import StyleFile
from styles.imaging.codec import Pixels, encode
from styles.inference.open import conditioning_of, open_session
from styles.inference.stylize import stylize
from styles.training.objective import LossWeights
from styles.training.trainer import Trainer

#: What is known of the paintings that the shipped styles come from.
CARDS = Path(__file__).parent.parent / "paintings.toml"
#: What a table of a cards file says for the style's card; `year = 1893` is text too.
TEXTS = ("title", "artist", "year", "licence", "description")
#: The least that its numbers may be: the painting's short side, pixels, the weight of its style, and how
#: vivid it is made.
LEAST = {"side": 16, "weight": 0, "contrast": 0, "saturation": 0, "patch": 0.05}
#: Parts of the painting: the one it is learnt from, and of that the one its underpainting is made of.
PARTS = ("crop", "forms")
#: The least that such a part may be on each side, in parts of the whole.
LEAST_PART = 0.02
#: The losses whose weights it may say.
LOSSES = frozenset(field.name for field in fields(LossWeights))
#: What a style folder holds, and nothing besides.
FILES = frozenset({"style.toml", "weights.safetensors", "preview.jpg"})


def read_cards(file: Path | None) -> dict[str, dict[str, Any]]:
    """Read a table for each painting: `TEXTS`, and numbers that `styles/paintings.toml` explains.

    Texts that stand before the first table are for all. Without a file, those of the shipped styles. Raises
    `BadOption` for any other file.
    """
    file = file or CARDS
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadOption(f"{file} is no TOML file: {error}.") from error
    tables = {key: value for key, value in content.items() if isinstance(value, dict)}
    shared = {key: value for key, value in content.items() if key not in tables}
    return {name: _table(f"{file}, [{name}]", {**shared, **table}) for name, table in tables.items()}


def _table(where: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a table that are known here. Raises `BadOption` for numbers that make no sense."""
    known: dict[str, Any] = {key: str(table[key]) for key in TEXTS if key in table}
    known |= {key: table[key] for key in (*LEAST, *PARTS, "white", "losses") if key in table}
    for key, least in LEAST.items():
        if not least <= _number(known.get(key, least)) < math.inf:
            raise BadOption(f"{where}: {key} must be a number from {least} on, not {known[key]!r}.")
    for key in PARTS:
        part = known.get(key, [0, 0, 1, 1])
        left, top, right, bottom = map(_number, part if isinstance(part, list) and len(part) == 4 else "????")
        sides = ((left, right), (top, bottom))
        if not all(start >= 0 and end <= 1 and end - start >= LEAST_PART for start, end in sides):
            raise BadOption(
                f"{where}: {key} must be four parts of the size, left, top, right and bottom, such as "
                f"[0.02, 0, 0.98, 1], not {part!r}."
            )
    white = known.get("white", [255, 255, 255])
    if not (isinstance(white, list) and len(white) == 3 and all(0 < _number(part) <= 255 for part in white)):
        raise BadOption(f"{where}: white must be a colour, such as [228, 222, 200], not {white!r}.")
    losses = known.get("losses", {})
    are_known = isinstance(losses, dict) and losses.keys() <= LOSSES
    if not (are_known and all(_number(weight) >= 0 for weight in losses.values())):
        raise BadOption(
            f"{where}: losses must be weights from 0 on, such as {{ content = 0.8 }}, "
            f"of {', '.join(sorted(LOSSES))}; not {losses!r}."
        )
    return known


def _number(value: object) -> float:
    """Return a number, or NaN for any other value: NaN compares with nothing."""
    return value if isinstance(value, int | float) else math.nan


def make_room(folder: Path, names: Iterable[str]) -> None:
    """Make the folder that styles go to. Raises `BadOption` where `export` would fail in the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadOption(f"Styles cannot be written to {folder}: say another --out.", str(error)) from error
    if not os.access(folder, os.W_OK):
        raise BadOption(f"Nothing may be written to {folder}: say another --out.")
    for target in (folder / name for name in names):
        if target.exists() and not (target.is_dir() and {file.name for file in target.iterdir()} <= FILES):
            raise BadOption(f"{target} is there and no style, so it is not replaced: say another --out.")


def export(
    trainer: Trainer,
    folder: Path,
    cards: Mapping[str, Mapping[str, Any]],
    photo: Pixels,
    say: Callable[[str], None],
) -> list[Path]:
    """Write every style of a run below `folder`; `photo` (H, W, 3) is painted for the previews.

    `cards` maps a style's name to the values of its card. Existing styles of the same name are replaced, and
    `say` reports each. Returns the folders.
    """
    styles = averages(trainer)
    partial = [
        _write(styles[name], name, folder, cards.get(name, {}), picture)
        for name, picture in previews(styles, photo).items()
    ]
    return [_swap(new, say) for new in partial]


def _write(style: StyleFile, name: str, folder: Path, facts: Mapping[str, Any], picture: bytes) -> Path:
    """Write one style's folder, beside where it will be."""
    partial = folder / f"{name}.partial"
    if partial.exists():
        shutil.rmtree(partial)
    new = partial / "new"
    new.mkdir(parents=True)
    style_files.write(new / "weights.safetensors", style)
    texts = {key: value for key, value in facts.items() if isinstance(value, str)}
    # A file's name may hold bytes that are no text, which no card can hold: “?” stands for them.
    texts = {key: text.encode("utf-8", "replace").decode("utf-8") for key, text in texts.items()}
    card = {"title": name.replace("-", " ").title(), **texts, "name": name, "base": style.base}
    style_files.write_card(new / "style.toml", Card.from_mapping(card))
    (new / "preview.jpg").write_bytes(picture)
    return new


def _swap(new: Path, say: Callable[[str], None]) -> Path:
    partial = new.parent
    target = partial.with_suffix("")
    if target.exists():
        say(f"{target} was there already: that style is replaced.")
        target.rename(partial / "old")
    new.rename(target)
    shutil.rmtree(partial)
    return target


def averages(trainer: Trainer) -> dict[str, StyleFile]:
    """Return the styles of a run by name, in float16: the moving average of their weights."""
    with trainer.learner.averaged():
        network = {key: _half(tensor) for key, tensor in trainer.network.state_dict().items()}
        rows = _half(trainer.rows)
    return {
        name: StyleFile(network=network, row=row, underpainting=kept)
        for row, (name, kept) in zip(rows, trainer.kept_underpaintings.items(), strict=True)
    }


def _half(tensor: Tensor) -> style_files.Array:
    array: style_files.Array = tensor.detach().float().cpu().numpy().astype(np.float16)
    return array


def write_previews(trainer: Trainer, photo: Pixels, folder: Path) -> None:
    """Paint a photo (H, W, 3) in every style of a run as it stands, into a folder."""
    for name, picture in previews(averages(trainer), photo).items():
        (folder / f"preview-{name}-{trainer.progress.step:06d}.jpg").write_bytes(picture)


def previews(styles: Mapping[str, StyleFile], photo: Pixels) -> dict[str, bytes]:
    """Paint a photo (H, W, 3) in styles of one base, as a runner would; return JPEGs by name."""
    session = open_session(next(iter(styles.values())).network)
    seen = map(conditioning_of, styles.values())
    painted = (stylize(session, [photo], [each], [StyleOptions()])[0] for each in seen)
    return dict(zip(styles, map(encode, painted), strict=True))
