"""From a training run to style folders: weights in float16, a card, a preview.

What is written is what `checkpoint.shipped` reads: a folder a style, ready to be shipped in
`styles/builtin` or given to a registry.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from styles import checkpoint
from styles.checkpoint import StyleFile
from styles.contract import Card, StyleOptions
from styles.image import Pixels, encode
from styles.paint import open_canvas, row_of, stylize
from styles.train import Trainer

#: What is known of the paintings that the shipped styles come from.
CARDS = Path(__file__).parent / "paintings.toml"


def read_cards(file: Path | None) -> Mapping[str, dict[str, Any]]:
    """A table a painting: title, artist, year, `crop` (left, top, right, bottom as shares), `side`,
    `weight`.

    Without a file, that of the shipped styles.
    """
    file = file or CARDS
    return tomllib.loads(file.read_text(encoding="utf-8"))


def style_file(trainer: Trainer, name: str) -> StyleFile:
    """One style of a run as it stands, in float16."""
    network = {key: _half(tensor) for key, tensor in trainer.network.state_dict().items()}
    return StyleFile(network=network, row=_half(trainer.rows[trainer.names.index(name)]))


def _half(tensor: Tensor) -> checkpoint.Array:
    array: checkpoint.Array = tensor.detach().float().cpu().numpy().astype(np.float16)
    return array


def export(
    trainer: Trainer, folder: Path, cards: Mapping[str, Mapping[str, Any]], photo: Pixels
) -> list[Path]:
    """Writes every style of a run below `folder`; `photo` (H, W, 3) is painted for the previews.

    `cards` maps a style's name to what its card says besides. Returns the folders.
    """
    written = []
    for name in trainer.names:
        style = style_file(trainer, name)
        facts = {"title": name.replace("-", " ").title(), "licence": "CC0-1.0", **cards.get(name, {})}
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        checkpoint.write(target / "weights.safetensors", style)
        card = Card.from_mapping({**facts, "name": name, "base": style.base})
        checkpoint.write_card(target / "style.toml", card)
        (target / "preview.jpg").write_bytes(encode(preview(style, photo)))
        written.append(target)
    return written


def write_previews(trainer: Trainer, photo: Pixels) -> None:
    """Paints a photo (H, W, 3) in every style of a run as it stands, into the run's folder."""
    for name in trainer.names:
        picture = encode(preview(style_file(trainer, name), photo))
        (trainer.folder / f"preview-{name}-{trainer.progress.step:06d}.jpg").write_bytes(picture)


def preview(style: StyleFile, photo: Pixels) -> Pixels:
    """A photo (H, W, 3) painted in the style, at its own size, as a runner would."""
    canvas = open_canvas(style.network)
    return stylize(canvas, [photo], [row_of(style)], [StyleOptions()])[0]
