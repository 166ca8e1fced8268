"""Training on another machine, tried on the CPU: the pack, the pieces, and what must be installed there."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from styles.cli import app
from styles.errors import BadOption
from styles.formats import style_file
from styles.training import recipe
from styles.training.checkpoint import TrainingCheckpoint
from styles.training.dataset import PAINTING_SIDE, load_painting, vivid
from styles.training.gpu import train as on_gpu
from styles.training.held_out import photos_in
from styles.training.recipe import Recipe
from styles.training.trainer import Trainer

RECIPE = Recipe(steps=4, batch=2, crop=64, photo_scale=(0.2, 0.3))


@pytest.fixture
def packed(material: Path, tmp_path: Path) -> Path:
    paintings = [material / "wave.png", material / "dots.png"]
    out = tmp_path / "pack.zip"
    features = material / "features.safetensors"
    assert on_gpu.pack(paintings, material / "photos", features, out, most=2) == 2
    return out


def test_a_pack_holds_photos_paintings_and_features(material: Path, packed: Path, tmp_path: Path) -> None:
    paintings, photos, features = on_gpu.unpack(packed, tmp_path / "unpacked")
    assert list(paintings) == ["wave", "dots"]
    wave = vivid(load_painting(material / "wave.png", PAINTING_SIDE))
    assert torch.allclose(paintings["wave"].picture, wave, atol=0.51 / 255)
    made_again = replace(paintings["wave"], underpainting=None).kept_underpainting()
    assert np.array_equal(paintings["wave"].kept_underpainting(), made_again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "kept_of", None)  # takes seconds of each piece
        for painting in paintings.values():
            assert painting.kept_underpainting().shape == style_file.KEPT_SHAPE
    assert len(photos) == 2
    _, held_out = photos_in(material / "photos")
    with Image.open(photos[0]) as photo:
        assert (photo.size, photo.format) == ((96, 72), "JPEG")
    assert len(held_out) == 1
    assert features.stat().st_size < 0.51 * (material / "features.safetensors").stat().st_size


def test_a_pack_takes_as_many_photos_as_there_is_room_for(
    material: Path, packed: Path, tmp_path: Path
) -> None:
    size, features = packed.stat().st_size, material / "features.safetensors"
    paintings, out = [material / "wave.png", material / "dots.png"], tmp_path / "less.zip"
    assert on_gpu.pack(paintings, material / "photos", features, out, most_bytes=size - 100) == 1
    assert out.stat().st_size < size
    assert on_gpu.pack(paintings, material / "photos", features, out, most_bytes=size + 1000) >= 2
    before = out.read_bytes()
    with pytest.raises(
        BadOption, match=r"No photo of .*photos went into the pack.* of 1\.0 MiB: .*--mebibytes"
    ):
        on_gpu.pack(paintings, material / "photos", features, out, most_bytes=1 << 20)
    assert out.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"pack.zip", "less.zip"}


def test_a_photo_that_cannot_be_read_is_left_out_of_a_pack(
    material: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "pack.zip"
    photos.mkdir()
    for name in ("a.jpg", "c.jpg"):
        Image.new("RGB", (96, 72)).save(photos / name)
    (photos / "b.jpg").write_text("no photo")
    given = [material / "wave.png"], photos, material / "features.safetensors", out
    assert on_gpu.pack(*given) == 1
    assert "b.jpg" in caplog.text
    (photos / "c.jpg").unlink()
    with pytest.raises(BadOption, match="another folder by --photos"):
        on_gpu.pack(*given)


def test_pieces_come_to_the_same_as_one_run(packed: Path, tmp_path: Path) -> None:
    whole = on_gpu.train(packed, tmp_path / "whole", RECIPE, device="cpu")
    assert whole.step == 4

    def two_steps(self: Trainer, report: object, **rest: float) -> None:
        self.step()
        self.step()
        self.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "run", two_steps)
        assert on_gpu.train(packed, tmp_path / "pieces", RECIPE, device="cpu").step == 2
    assert on_gpu.train(packed, tmp_path / "pieces", RECIPE, device="cpu").step == 4
    states = [TrainingCheckpoint.read(tmp_path / name / "state.safetensors") for name in ("whole", "pieces")]
    for name, tensor in states[0].weights.items():
        assert torch.equal(states[1].weights[name], tensor), name
    for name, tensor in states[0].moments.items():
        assert torch.equal(states[1].moments[name], tensor), name


def test_a_piece_without_minutes_takes_no_step_and_is_kept(packed: Path, tmp_path: Path) -> None:
    progress = on_gpu.train(packed, tmp_path / "run", RECIPE, minutes=0, device="cpu")
    assert progress.step == 0
    assert (tmp_path / "run" / "state.safetensors").exists()


def test_what_comes_home_is_small(packed: Path, tmp_path: Path) -> None:
    on_gpu.train(packed, tmp_path / "run", replace(RECIPE, steps=1), device="cpu")
    files = list((tmp_path / "run").iterdir())
    assert len(files) == 2
    assert max(file.stat().st_size for file in files) < 7_000_000


def test_it_needs_torch_safetensors_numpy_and_pillow_alone(packed: Path, tmp_path: Path) -> None:
    absent = ["openvino", "typer", "rich", "pi_heif", "pydantic", "rapidfuzz", "aiohttp", "onnx"]
    code = (
        "import sys\n"
        f"for name in {absent}: sys.modules[name] = None\n"
        "import torch; torch.set_num_threads(1)\n"
        "from styles.training.gpu import train as on_gpu\n"
        f"on_gpu.main(['train', {str(packed)!r}, '--run', {str(tmp_path / 'run')!r}, '--steps', '1', "
        "'--batch', '1', '--crop', '64', '--device', 'cpu'])\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "1 of 1 steps are taken" in said.stdout


def test_what_goes_wrong_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"absent\.zip"):
        on_gpu.main(["train", str(tmp_path / "absent.zip"), "--run", str(tmp_path / "run")])


@pytest.mark.parametrize("names", [["wave", "dots"], ["wave"]])
def test_a_run_that_came_home_is_gone_on_with_by_the_command(
    material: Path, tmp_path: Path, names: list[str]
) -> None:
    paintings = [str(material / f"{name}.png") for name in names]
    photos = ["--photos", str(material / "photos"), "--features", str(material / "features.safetensors")]
    cards, out = tmp_path / "cards.toml", tmp_path / "pack.zip"
    cards.write_text("[wave]\nside = 64\nlosses = { content = 1.2 }\n[dots]\nside = 64\n", encoding="utf-8")
    known = ["--cards", str(cards)]
    on_gpu.main(["pack", *paintings, *photos, *known, "--out", str(out)])
    options = [
        *("--run", str(tmp_path / "run"), "--steps", "1", "--batch", "1", "--crop", "64"),
        *("--device", "cpu", "--wide", "--detail", "0.5"),
    ]
    on_gpu.main(["train", str(out), *options])
    arguments = ["train", *paintings, *(["--base"] if len(names) > 1 else []), "--fresh", *options, *known]
    result = CliRunner().invoke(app, [*arguments, *photos, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "is finished" in result.output
    assert [style.card.name for style in style_file.shipped(tmp_path / "out")] == sorted(names)
