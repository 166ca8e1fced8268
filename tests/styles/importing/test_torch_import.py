"""Torch's files: read in both forms, and judged before anything in them is believed.

State dicts as people have them: wrapped, prefixed, with moments that nobody needs.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from styles.errors import BadCheckpoint
from styles.formats import transformer_file
from styles.importing import torch_import
from tests.fakes.styles.state_dicts import state_dict, write_state_dict

Tensors = dict[str, Tensor]


@pytest.mark.parametrize("legacy", [False, True])
def test_both_forms_are_read(tmp_path: Path, legacy: bool) -> None:
    write_state_dict(tmp_path / "x", legacy)
    read = torch_import.read(tmp_path / "x")
    assert read.keys() == state_dict().keys()
    assert all(torch.equal(read[name], tensor) for name, tensor in state_dict().items())


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_state_dict(tmp_path / "x")
    monkeypatch.setattr(torch_import, "MAX_BYTES", 5 << 20)
    with pytest.raises(BadCheckpoint, match="larger than 5 MiB"):
        torch_import.read(tmp_path / "x")


@pytest.mark.parametrize(
    ("limit", "reason"), [("MAX_ENTRIES", "entries"), ("MAX_PICKLE", "other than a state dict")]
)
def test_a_zip_with_too_much_in_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    write_state_dict(tmp_path / "x")
    monkeypatch.setattr(torch_import, limit, 60)
    with pytest.raises(BadCheckpoint, match=reason):
        torch_import.read(tmp_path / "x")


def test_a_pickle_in_a_zip_that_names_no_tensors_is_cut_short(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00")
    with pytest.raises(BadCheckpoint, match="cut short"):
        torch_import.read(tmp_path / "x")


def test_what_is_logged_is_short_and_plain(tmp_path: Path) -> None:
    torch.save(torch.nn.Conv2d(3, 3, 3), tmp_path / "x")
    with pytest.raises(BadCheckpoint) as caught:
        torch_import.read(tmp_path / "x")
    assert "\x1b" not in caught.value.detail
    assert len(caught.value.detail) <= torch_import.MAX_DETAIL


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
    torch_import.keep(wrap(tensors), tmp_path / "kept")
    kept = transformer_file.read(tmp_path / "kept")
    assert kept.keys() == tensors.keys()
    assert all(np.array_equal(kept[n], tensors[n].numpy().astype(np.float16)) for n in tensors)


def test_a_prefix_that_not_all_have_is_no_prefix(tmp_path: Path) -> None:
    tensors = dict(state_dict())
    tensors["module.in1.bias"] = tensors.pop("in1.bias")
    with pytest.raises(BadCheckpoint, match=r"in1\.bias is missing"):
        torch_import.keep(tensors, tmp_path / "kept")


def test_names_of_any_length_are_cut(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint) as caught:
        torch_import.keep({**state_dict(), "x" * 1_000_000: torch.zeros(1)}, tmp_path / "kept")
    assert len(caught.value.message) < 400


def test_nothing_is_left_of_what_was_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint):
        torch_import.keep({"a": torch.zeros(3)}, tmp_path / "kept")
    assert not list(tmp_path.iterdir())
