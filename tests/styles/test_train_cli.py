"""`styles train` and `styles learn` as they are typed: what they write, a kill, and what they refuse."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from styles import checkpoint
from styles.architecture import Shape
from styles.cli import app
from styles.paint import row_of
from styles.train_cli import style_name
from tests.fakes.style_files import make_shipped


def command(verb: str, material: Path, folder: Path, *options: str) -> list[str]:
    return [
        verb, "--photos", str(material / "photos"), "--features", str(material / "features.safetensors"),
        "--out", str(folder / "out"), "--run", str(folder / "run"), "--crop", "32", "--painting-side", "48",
        "--device", "cpu", *options,
    ]  # fmt: skip


def train(material: Path, folder: Path, steps: int, *options: str) -> list[str]:
    paintings = [str(material / "wave.png"), str(material / "dots.png")]
    return command(
        "train",
        material,
        folder,
        *paintings,
        "--base",
        "--fresh",
        "--batch",
        "1",
        "--steps",
        str(steps),
        *options,
    )


def test_train_killed_and_run_again(material: Path, tmp_path: Path) -> None:
    arguments = train(material, tmp_path, 100_000, "--save-seconds", "0")
    running = subprocess.Popen([sys.executable, "-m", "styles", *arguments], stdout=subprocess.DEVNULL)
    state = tmp_path / "run" / "state.safetensors"
    while not state.exists():
        assert running.poll() is None
        os.sched_yield()
    running.send_signal(signal.SIGKILL)
    running.wait()

    result = CliRunner().invoke(app, train(material, tmp_path, 2))
    assert result.exit_code == 0, result.output
    styles = {s.card.name: s for s in checkpoint.shipped(tmp_path / "out")}
    assert styles.keys() == {"wave", "dots"}
    for style in styles.values():
        file = checkpoint.read(style.weights)
        assert file.base == style.card.base == styles["wave"].card.base
        assert row_of(file).size == Shape().row
        assert style.preview.exists()


def test_the_card_says_how_it_was_trained_and_what_it_was_told(material: Path, tmp_path: Path) -> None:
    styles = tmp_path / "styles"
    make_shipped(styles, "old")
    options = ["--start", str(styles), "--steps", "1", "--name", "My Wave", "--artist", "A", "--year", "1901"]
    painting = str(material / "wave.png")
    result = CliRunner().invoke(app, command("train", material, tmp_path, painting, *options))
    assert result.exit_code == 0, result.output
    card = checkpoint.shipped(tmp_path / "out")[0].card
    assert (card.name, card.title, card.artist, card.year) == ("my-wave", "My Wave", "A", "1901")
    assert (card.painting, card.licence) == ("wave.png", "CC0-1.0")
    for told in ("1 steps", "4 crops of 32", "3 photos", "seed 1", "held-out total", "style"):
        assert told in card.trained
    assert str(tmp_path) not in card.trained


def test_learn_makes_a_style_of_the_same_base(material: Path, tmp_path: Path) -> None:
    styles = tmp_path / "styles"
    base = make_shipped(styles, "old").card.base
    make_shipped(styles, "second", seed=1)
    painting = str(material / "dots.png")
    options = ["--start", str(styles), "--steps", "2"]
    result = CliRunner().invoke(app, command("learn", material, tmp_path, painting, *options))
    assert result.exit_code == 0, result.output
    style = checkpoint.shipped(tmp_path / "out")[0]
    assert (style.card.name, style.card.base) == ("dots", base)
    rows = [checkpoint.read(styles / name / "weights.safetensors").row for name in ("old", "second")]
    learnt = checkpoint.read(style.weights).row
    assert all((learnt != row).any() for row in rows)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["dots.png"], "say --base"),
        (["dots.png", "--base", "--name", "x"], "--name is for one painting"),
        (["--name", "???"], "makes no name"),
        (["--device", "cuda:7"], "There is no cuda:7 here"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    material: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    options = [str(material / o) if o.endswith(".png") else o for o in options]
    arguments = command("train", material, tmp_path, str(material / "wave.png"), "--steps", "1", *options)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert words in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_a_start_without_styles_is_refused(material: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    options = [str(material / "wave.png"), "--steps", "1", "--start", str(tmp_path / "empty")]
    result = CliRunner().invoke(app, command("learn", material, tmp_path, *options))
    assert result.exit_code == 1
    assert "no styles" in result.output


def test_a_name_is_what_people_will_write() -> None:
    assert style_name("The Scream (1893)") == "the-scream-1893"
    assert style_name("IMG_0042") == "img-0042"
