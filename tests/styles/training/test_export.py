"""Style folders: they come whole or not at all, and their cards say what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from styles.errors import BadOption
from styles.formats import style_file
from styles.imaging.codec import decode
from styles.networks.style_unet import StyleUNet
from styles.training import export
from styles.training.dataset import PAINTING_SIDE, load_painting
from styles.training.export import make_room, read_cards, write_previews
from styles.training.losses import load_features
from styles.training.recipe import Painting, Recipe
from styles.training.trainer import Trainer
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.styles.training_material import TINY

PHOTO = np.full((24, 32, 3), 120, np.uint8)


@pytest.fixture
def trainer(material: Path, tmp_path: Path) -> Trainer:
    paintings = {
        name: Painting(picture=load_painting(material / f"{name}.png", 48)) for name in ("wave", "dots")
    }
    features = load_features(material / "features.safetensors")
    torch.manual_seed(0)
    return Trainer(paintings, [], features, tmp_path / "run", Recipe(), network=StyleUNet(TINY))


def write(trainer: Trainer, out: Path, cards: dict[str, dict[str, Any]]) -> list[str]:
    """Exports; what was said."""
    said: list[str] = []
    folders = export.export(trainer, out, cards, PHOTO, said.append)
    assert folders == [out / "wave", out / "dots"]
    return said


def test_a_style_folder_is_what_the_run_holds(trainer: Trainer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert write(trainer, out, {"dots": {"artist": "A", "side": 300, "painting": "dots.png"}}) == []
    assert sorted(f.name for f in out.iterdir()) == ["dots", "wave"]
    dots, wave = style_file.shipped(out)
    assert (dots.card.title, dots.card.artist, dots.card.painting) == ("Dots", "A", "dots.png")
    assert (wave.card.title, wave.card.licence) == ("Wave", "")
    file = style_file.read(dots.weights)
    assert dots.card.base == wave.card.base == file.base
    assert torch.equal(torch.from_numpy(file.row), trainer.rows[1].detach().half())
    assert decode(dots.preview.read_bytes()).shape == PHOTO.shape


def test_what_is_written_is_the_average(trainer: Trainer, tmp_path: Path) -> None:
    trainer.learner.lag["rows"][1] += 0.5
    trainer.learner.lag["network.out.bias"] += 2
    styles = export.averages(trainer)
    assert np.allclose(styles["dots"].row, trainer.rows[1].detach() + 0.5, atol=1e-3)
    assert np.allclose(styles["wave"].row, trainer.rows[0].detach(), atol=1e-3)
    assert np.allclose(
        styles["wave"].network["out.bias"], trainer.network.state_dict()["out.bias"] + 2, atol=1e-2
    )
    write(trainer, tmp_path, {})
    assert np.array_equal(style_file.read(tmp_path / "dots" / "weights.safetensors").row, styles["dots"].row)


def test_a_style_that_was_there_is_replaced_and_that_is_said(trainer: Trainer, tmp_path: Path) -> None:
    make_shipped(tmp_path, "wave")
    said = write(trainer, tmp_path, {})
    assert len(said) == 1
    assert str(tmp_path / "wave") in said[0]
    styles = style_file.shipped(tmp_path)
    assert [style.card.name for style in styles] == ["dots", "wave"]
    assert style_file.read(styles[1].weights).base == style_file.read(styles[0].weights).base
    assert not list(tmp_path.glob("*.partial"))


def test_nothing_is_replaced_before_all_is_written(
    trainer: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_shipped(tmp_path, "wave").weights.read_bytes()
    written = style_file.write

    def out_of_memory_at_the_second(path: Path, style: style_file.StyleFile) -> None:
        if (style.row == export.averages(trainer)["dots"].row).all():
            raise MemoryError
        written(path, style)

    with torch.no_grad():
        trainer.rows[1] += 1
    monkeypatch.setattr(style_file, "write", out_of_memory_at_the_second)
    with pytest.raises(MemoryError):
        write(trainer, tmp_path, {})
    assert [style.weights.read_bytes() for style in style_file.shipped(tmp_path)] == [old]
    monkeypatch.undo()
    write(trainer, tmp_path, {})
    assert [style.card.name for style in style_file.shipped(tmp_path)] == ["dots", "wave"]
    assert not list(tmp_path.glob("*.partial"))


def test_a_name_in_bytes_that_are_no_text_does_not_stop_the_card(trainer: Trainer, tmp_path: Path) -> None:
    write(trainer, tmp_path, {"wave": {"painting": "caf\udce9.png"}})
    assert style_file.shipped(tmp_path)[1].card.painting == "caf?.png"


def test_previews_are_painted_into_the_run(trainer: Trainer, tmp_path: Path) -> None:
    trainer.progress.step = 42
    write_previews(trainer, PHOTO, tmp_path)
    previews = sorted(tmp_path.glob("preview-*"))
    assert [file.name for file in previews] == ["preview-dots-000042.jpg", "preview-wave-000042.jpg"]
    assert all(decode(file.read_bytes()).shape == PHOTO.shape for file in previews)


def test_room_is_made_where_styles_can_be_written(tmp_path: Path) -> None:
    make_shipped(tmp_path / "new", "wave")
    make_room(tmp_path / "new", ["wave", "dots"])
    make_room(tmp_path / "deep" / "deeper", ["wave"])
    assert (tmp_path / "deep" / "deeper").is_dir()


def test_room_is_not_made_of_what_is_no_style(tmp_path: Path) -> None:
    (tmp_path / "wave").mkdir()
    (tmp_path / "wave" / "holidays.jpg").touch()
    (tmp_path / "dots").touch()
    for name in ("wave", "dots"):
        with pytest.raises(BadOption, match=f"{name} is there and no style.*--out"):
            make_room(tmp_path, [name])
    for folder in (tmp_path / "dots", tmp_path / "dots" / "below"):
        with pytest.raises(BadOption, match=r"cannot be written.*--out"):
            make_room(folder, ["wave"])


def cards(folder: Path, text: str) -> dict[str, dict[str, Any]]:
    (folder / "cards.toml").write_text(text)
    return read_cards(folder / "cards.toml")


def test_the_shipped_styles_are_free() -> None:
    shipped = read_cards(None)
    assert shipped["starry-night"]["artist"] == "Vincent van Gogh"
    assert {table["licence"] for table in shipped.values()} == {"CC0-1.0"}


@pytest.mark.parametrize(
    "name",
    [
        "starry-night", "great-wave", "composition-vii", "the-scream", "wheat-field", "woman-with-a-hat",
        "edtaonisl", "tableau-2", "udnie", "night-cafe", "contrast-of-forms", "shipwreck-of-the-minotaur",
    ],
)  # fmt: skip
def test_each_shipped_style_has_a_whole_card_and_a_side_that_fits_into_a_crop(name: str) -> None:
    known = read_cards(None)[name]
    assert {"title", "artist", "year", "licence", "description"} <= known.keys()
    assert 400 <= known.get("side", PAINTING_SIDE) <= 840


def test_a_year_is_text_and_what_is_first_is_for_all(tmp_path: Path) -> None:
    read = cards(
        tmp_path, 'artist = "A"\n[wave]\nyear = 1893\nweight = 1.5\nmood = 3\n[dots]\nartist = "B"\n'
    )
    assert read == {"wave": {"artist": "A", "year": "1893", "weight": 1.5}, "dots": {"artist": "B"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[wave", "is no TOML file"),
        ("[wave]\nside = 3", "side must be a number from 16 on, not 3"),
        ("[wave]\nweight = -1", "weight must be a number from 0 on, not -1"),
        ("[wave]\nweight = inf", "weight must be a number"),
        ('[wave]\nweight = "much"', "weight must be a number from 0 on, not 'much'"),
        ("[wave]\ncrop = [0.9, 0, 0.1, 1]", "crop must be four parts"),
        ("[wave]\ncrop = [0, 0, 1]", "crop must be four parts"),
        ("[wave]\ncrop = [0, 0, 1, 1.1]", "crop must be four parts"),
        ("[wave]\ncrop = 0.5", "crop must be four parts"),
        ("[wave]\nforms = [0, 0, 1]", "forms must be four parts"),
        ("[wave]\npatch = 0.01", "patch must be a number from 0.05 on, not 0.01"),
        ("[wave]\ncontrast = -1", "contrast must be a number from 0 on, not -1"),
        ("[wave]\nlosses = 3", "losses must be weights from 0 on"),
        ("[wave]\nlosses = { beauty = 1 }", "of content, edges, fine, "),
        ("[wave]\nlosses = { content = -1 }", "losses must be weights from 0 on"),
        ("[wave]\nwhite = 255", "white must be a colour"),
        ("[wave]\nwhite = [0, 255, 255]", "white must be a colour"),
        ("[wave]\nwhite = [255, 255]", "white must be a colour"),
    ],
)
def test_cards_that_make_no_sense_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadOption) as refused:
        cards(tmp_path, text)
    assert words in refused.value.message
    assert "cards.toml" in refused.value.message


def test_cards_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cards.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadOption, match="is no TOML file"):
        read_cards(tmp_path / "cards.toml")
