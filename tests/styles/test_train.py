"""Training: it learns, it resumes where it was, it survives a kill, and its styles can be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from typer.testing import CliRunner

from styles import checkpoint
from styles.architecture import Shape
from styles.cli import app
from styles.errors import FeaturesUnavailable, NotAnImage
from styles.losses import Features, load_features
from styles.paint import row_of
from styles.train import Progress, Recipe, Trainer, cut, load_painting, photos_in

TINY = Shape(stem=8, body=8, hidden=16, blocks=1, head=8)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos/, wave.png, dots.png and features.safetensors (a random VGG16)."""
    folder = tmp_path_factory.mktemp("material")
    (folder / "photos").mkdir()
    random = np.random.default_rng(0)
    for index in range(4):
        pixels = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        photo = Image.fromarray(pixels).resize((96, 72), Image.Resampling.BICUBIC)
        photo.save(folder / "photos" / f"{index}.png")
    for name in ("wave", "dots"):
        pixels = random.integers(0, 256, (12, 12, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((64, 64)).save(folder / f"{name}.png")
    torch.manual_seed(0)
    save_file(Features().state_dict(), folder / "features.safetensors")
    return folder


def trainer(material: Path, run: Path, **changes: object) -> Trainer:
    recipe = Recipe(**{"steps": 8, "crop": 32, "batch": 2, "shape": TINY, **changes})  # type: ignore[arg-type]
    paintings = {n: load_painting(material / f"{n}.png", 48) for n in ("wave", "dots")}
    photos, _ = photos_in(material / "photos")
    return Trainer(paintings, photos, load_features(material / "features.safetensors"), run, recipe)


def quiet(_: Progress) -> None:
    pass


def test_training_lowers_the_loss(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, steps=40, rate=1e-2, row_rate=1e-2)
    _, held_out = photos_in(material / "photos")
    before = one.measure(held_out)
    one.run(quiet)
    after = one.measure(held_out)
    for name in ("wave", "dots"):
        assert after[name]["total"] < before[name]["total"] * 0.9


def test_resuming_is_the_same_as_never_having_stopped(material: Path, tmp_path: Path) -> None:
    whole = trainer(material, tmp_path / "whole")
    whole.run(quiet)
    first = trainer(material, tmp_path / "halves")
    for _ in range(4):
        first.step()
    first.save()
    second = trainer(material, tmp_path / "halves")
    assert second.progress.step == 4
    second.run(quiet)
    assert second.progress.step == whole.progress.step == 8
    assert torch.allclose(second.rows, whole.rows, atol=1e-5)
    for a, b in zip(second.network.parameters(), whole.network.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_a_run_of_other_paintings_is_not_resumed(material: Path, tmp_path: Path) -> None:
    trainer(material, tmp_path).save()
    paintings = {"other": load_painting(material / "wave.png", 48)}
    with pytest.raises(ValueError, match="other paintings"):
        Trainer(paintings, [], load_features(material / "features.safetensors"), tmp_path, Recipe(shape=TINY))


def test_a_step_whose_gradient_is_not_finite_is_dropped(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    one.targets[0].full[0].fill_(float("nan"))
    before = [p.detach().clone() for p in one.network.parameters()]
    one.step()
    assert one.progress.dropped == 1
    assert all(torch.equal(a, b) for a, b in zip(before, one.network.parameters(), strict=True))


def test_every_style_is_seen_equally_often(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, batch=3)
    seen = [style for step in range(4) for style in one._styles(step)]
    assert seen.count(0) == seen.count(1) == 6


def test_cut_is_a_square_of_the_asked_size() -> None:
    random = np.random.default_rng(0)
    for size in [(20, 90), (64, 64), (300, 40)]:
        pixels = np.zeros((*size, 3), np.uint8)
        assert cut(pixels, random, 48, (0.6, 1.0)).shape == (48, 48, 3)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnImage, match="no photos"):
        photos_in(tmp_path)


def test_features_that_are_none_are_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "x.safetensors")
    for file in (tmp_path / "x.safetensors", tmp_path / "absent.safetensors"):
        with pytest.raises(FeaturesUnavailable, match="--features"):
            load_features(file)


def command(material: Path, folder: Path, steps: int) -> list[str]:
    return [
        "train", str(material / "wave.png"), str(material / "dots.png"),
        "--photos", str(material / "photos"), "--features", str(material / "features.safetensors"),
        "--out", str(folder / "out"), "--run", str(folder / "run"), "--steps", str(steps),
        "--crop", "32", "--batch", "1", "--painting-side", "48", "--device", "cpu",
    ]  # fmt: skip


def test_train_command_killed_and_run_again(material: Path, tmp_path: Path) -> None:
    arguments = command(material, tmp_path, steps=100_000)
    arguments += ["--save-seconds", "0"]
    running = subprocess.Popen([sys.executable, "-m", "styles", *arguments], stdout=subprocess.DEVNULL)
    state = tmp_path / "run" / "state.safetensors"
    while not state.exists():
        assert running.poll() is None
        os.sched_yield()
    running.send_signal(signal.SIGKILL)
    running.wait()

    result = CliRunner().invoke(app, command(material, tmp_path, steps=2))
    assert result.exit_code == 0, result.output
    styles = {s.card.name: s for s in checkpoint.shipped(tmp_path / "out")}
    assert styles.keys() == {"wave", "dots"}
    for style in styles.values():
        file = checkpoint.read(style.weights)
        assert file.base == style.card.base == styles["wave"].card.base
        assert row_of(file).size == Shape().row
        assert "steps" in style.card.trained
        assert style.preview.exists()
