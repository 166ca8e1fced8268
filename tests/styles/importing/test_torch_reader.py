"""Torch's files: read in both forms, and judged before anything in them is believed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch

from styles.errors import BadCheckpoint
from styles.importing import torch_reader
from tests.fakes.styles.state_dicts import state_dict, write_state_dict


@pytest.mark.parametrize("legacy", [False, True])
def test_both_forms_are_read(tmp_path: Path, legacy: bool) -> None:
    write_state_dict(tmp_path / "x", legacy)
    read = torch_reader.read(tmp_path / "x")
    assert read.keys() == state_dict().keys()
    assert all(torch.equal(read[name], tensor) for name, tensor in state_dict().items())


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_state_dict(tmp_path / "x")
    monkeypatch.setattr(torch_reader, "MAX_BYTES", 5 << 20)
    with pytest.raises(BadCheckpoint, match="larger than 5 MiB"):
        torch_reader.read(tmp_path / "x")


@pytest.mark.parametrize(
    ("limit", "reason"), [("MAX_ENTRIES", "entries"), ("MAX_PICKLE", "other than a state dict")]
)
def test_a_zip_with_too_much_in_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    write_state_dict(tmp_path / "x")
    monkeypatch.setattr(torch_reader, limit, 60)
    with pytest.raises(BadCheckpoint, match=reason):
        torch_reader.read(tmp_path / "x")


def test_a_pickle_in_a_zip_that_names_no_tensors_is_cut_short(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00")
    with pytest.raises(BadCheckpoint, match="cut short"):
        torch_reader.read(tmp_path / "x")


def test_what_is_logged_is_short_and_plain(tmp_path: Path) -> None:
    torch.save(torch.nn.Conv2d(3, 3, 3), tmp_path / "x")
    with pytest.raises(BadCheckpoint) as caught:
        torch_reader.read(tmp_path / "x")
    assert "\x1b" not in caught.value.detail
    assert len(caught.value.detail) <= torch_reader.MAX_DETAIL
