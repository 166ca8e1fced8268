"""State dicts as people have them: wrapped, prefixed, with moments that nobody needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from styles.errors import BadCheckpoint
from styles.formats import transformer_file
from styles.importing import state_dicts
from tests.fakes.styles.state_dicts import state_dict

Tensors = dict[str, Tensor]


def old(tensors: Tensors) -> Tensors:
    moments = {
        f"{name}.running_{m}": torch.zeros(32) for name in ("in1", "res1.in2") for m in ("mean", "var")
    }
    return {**tensors, **moments, "in1.num_batches_tracked": torch.tensor(3)}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tensors: tensors,
        lambda tensors: {"state_dict": tensors, "epoch": 3},
        lambda tensors: {"epoch": 3, "model": {"state_dict": tensors}},
        lambda tensors: {f"module.{name}": tensor for name, tensor in tensors.items()},
        lambda tensors: {"model": {f"_orig_mod.module.{n}": t for n, t in tensors.items()}},
        old,
        lambda tensors: {n: torch.nn.Parameter(t.double()) for n, t in tensors.items()},
    ],
)
def test_what_people_save_is_understood(tmp_path: Path, wrap: Callable[[Tensors], Any]) -> None:
    tensors = dict(state_dict(3))
    state_dicts.keep(wrap(tensors), tmp_path / "kept")
    kept = transformer_file.read(tmp_path / "kept")
    assert kept.keys() == tensors.keys()
    assert all(np.array_equal(kept[n], tensors[n].numpy().astype(np.float16)) for n in tensors)


def test_a_prefix_that_not_all_have_is_no_prefix(tmp_path: Path) -> None:
    tensors = dict(state_dict())
    tensors["module.in1.bias"] = tensors.pop("in1.bias")
    with pytest.raises(BadCheckpoint, match=r"in1\.bias is missing"):
        state_dicts.keep(tensors, tmp_path / "kept")


def test_names_of_any_length_are_cut(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint) as caught:
        state_dicts.keep({**state_dict(), "x" * 1_000_000: torch.zeros(1)}, tmp_path / "kept")
    assert len(caught.value.message) < 400


def test_nothing_is_left_of_what_was_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint):
        state_dicts.keep({"a": torch.zeros(3)}, tmp_path / "kept")
    assert not list(tmp_path.iterdir())
