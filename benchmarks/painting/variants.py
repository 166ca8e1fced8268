"""Make new style files: the shipped ones with other numbers, which cost the same time.

on_the_shipped_base   another row on the base that all shipped styles share
on_its_own_base       another base, with which it shares nothing
transformer_net       a state dict of pytorch/examples' network, as the registry keeps it
publish               one of them, at a registry
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from styles.formats import style_file
from styles.formats.style_file import Array, StyleFile
from styles.importing.importer import keep
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.styles.state_dicts import write_state_dict

#: Writes a style file, another for each number.
Variant = Callable[[Path, int], None]

#: How far the numbers are from the shipped ones, as parts of them: the pictures look the same.
FAR = 0.01


def on_the_shipped_base(file: Path, number: int) -> None:
    """Write the style of this number."""
    style = _shipped(number)
    style_file.write(file, replace(style, row=_changed(style.row, number)))


def on_its_own_base(file: Path, number: int) -> None:
    """Write the style of this number."""
    style = _shipped(number)
    network = {name: _changed(tensor, number) for name, tensor in style.network.items()}
    style_file.write(file, replace(style, network=network))


def transformer_net(file: Path, number: int) -> None:
    """Write the style of this number."""
    with TemporaryDirectory() as folder:
        upload = Path(folder) / "model.pth"
        write_state_dict(upload, seed=number)
        keep(upload, file, None)


def publish(registry: FakeRegistry, name: str, write: Variant, number: int) -> None:
    """Publish the style of this number under a name."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "style.safetensors"
        write(file, number)
        if style_file.architecture_of(file) == style_file.ARCHITECTURE:
            registry.publish_file(name, file)
        else:
            registry.publish(name, file.read_bytes())


def _shipped(number: int) -> StyleFile:
    styles = style_file.shipped()
    return style_file.read(styles[number % len(styles)].weights)


def _changed(tensor: Array, number: int) -> Array:
    noise = np.random.default_rng(number).normal(1, FAR, tensor.shape)
    changed: Array = (tensor * noise).astype(tensor.dtype)
    return changed
