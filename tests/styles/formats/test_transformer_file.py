"""Kept files of the transformer-net: the shapes of pytorch/examples, and nothing else gets in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from styles.errors import BadCheckpoint
from styles.formats import transformer_file
from styles.formats.style_file import Array
from tests.fakes.styles.state_dicts import state_dict


def tensors() -> dict[str, Array]:
    return {name: tensor.numpy().astype(np.float16) for name, tensor in state_dict().items()}


def test_the_shapes_are_those_of_pytorch_examples() -> None:
    found = {name: tuple(tensor.shape) for name, tensor in state_dict().items()}
    assert transformer_file.shapes() == found
    assert sum(np.prod(shape) for shape in found.values()) == 1_679_235  # as torch counts its parameters


def test_what_is_written_is_read(tmp_path: Path) -> None:
    transformer_file.write(tmp_path / "x", tensors())
    read = transformer_file.read(tmp_path / "x")
    assert all(np.array_equal(read[name], tensor) for name, tensor in tensors().items())
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"in1.bias": np.zeros(32, np.float32)}, "float32, not float16"),
        ({"in1.bias": np.full(32, np.nan, np.float16)}, "not finite"),
        ({"in1.bias": np.zeros(31, np.float16)}, "should have shape"),
        ({"more": np.zeros(31, np.float16)}, "has no more"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, change: dict[str, Array], reason: str) -> None:
    save_file({**tensors(), **change}, tmp_path / "x", {"architecture": "transformer-net"})
    with pytest.raises(BadCheckpoint, match=reason):
        transformer_file.read(tmp_path / "x")


def test_another_architecture_a_large_file_and_none_are_refused(tmp_path: Path) -> None:
    save_file(tensors(), tmp_path / "ours", {"architecture": "style-unet"})
    (tmp_path / "large").write_bytes(bytes(9_000_000))
    for name, reason in (("ours", "style-unet"), ("large", "8 MiB"), ("none", "no safetensors")):
        with pytest.raises(BadCheckpoint, match=reason):
            transformer_file.read(tmp_path / name)


def test_what_is_missing_and_left_over_is_counted() -> None:
    shapes = transformer_file.shapes()
    few = {name: shapes[name] for name in list(shapes)[4:]}
    with pytest.raises(BadCheckpoint, match=r"in1\.weight and 1 more are missing"):
        transformer_file.require_shapes(few)
    with pytest.raises(BadCheckpoint, match=r"has no a or b\."):
        transformer_file.require_shapes({**shapes, "a": (1,), "b": (1,)})
