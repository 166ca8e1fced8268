"""The `styles` command, as someone types it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from styles.cli import app
from tests.fakes.style_files import make_shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed, name in enumerate(("mosaic", "wave")):
        make_shipped(tmp_path / "styles", name, seed)
    Image.new("RGB", (90, 60), "orange").save(tmp_path / "photo.jpg")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--styles", str(folder / "styles")])
    return result.exit_code, result.output


def test_paint_writes_a_picture(folder: Path) -> None:
    out = folder / "out.jpg"
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--out", str(out))
    assert code == 0, said
    assert "90x60" in said
    with Image.open(out) as picture:
        assert picture.size == (90, 60)


def test_paint_at_a_size_as_png(folder: Path) -> None:
    out = folder / "out.png"
    code, _ = run(
        folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--size", "64", "--out", str(out)
    )
    assert code == 0
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        assert picture.size == (64, 43)


def test_an_unknown_style_names_the_known_ones(folder: Path) -> None:
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wavy")
    assert code == 1
    assert "wavy" in said
    assert "mosaic, wave" in said


def test_a_strength_out_of_range_is_refused(folder: Path) -> None:
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--strength", "7")
    assert code == 1
    assert "between 0 and 1" in said


def test_what_is_no_photo_is_refused(folder: Path) -> None:
    (folder / "photo.jpg").write_text("no photo")
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave")
    assert code == 1
    assert "could not open" in said


def test_a_name_may_be_written_as_in_a_mail(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_shipped(folder / "styles", "great-wave", 3)
    monkeypatch.chdir(folder)
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "Great Wave")
    assert code == 0, said
    assert (folder / "photo-great-wave.jpg").exists()


@pytest.mark.parametrize("wrong", [["--out", "x.tiff"], ["--device", "cuda"]])
def test_what_cannot_be_done_is_one_line(folder: Path, wrong: list[str]) -> None:
    if "cuda" in wrong and torch.cuda.is_available():
        pytest.skip("there is a GPU")
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", *wrong)
    assert code == 1
    assert len(said.strip().splitlines()) == 1


def test_list_shows_names(folder: Path) -> None:
    code, said = run(folder, "list")
    assert code == 0
    assert "mosaic" in said
    assert "wave" in said
