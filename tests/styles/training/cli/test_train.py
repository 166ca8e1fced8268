"""`styles train` and `styles learn` as they are typed: what they write, a kill, and what they refuse."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from styles.cli import app
from styles.formats import style_file
from styles.formats.architecture import DETAIL, WIDE, Shape
from styles.training.checkpoint import TrainingCheckpoint
from styles.training.trainer import Trainer
from tests.fakes.styles.style_files import make_shipped


def command(verb: str, material: Path, folder: Path, *options: str) -> list[str]:
    return [
        verb, "--photos", str(material / "photos"), "--features", str(material / "features.safetensors"),
        "--out", str(folder / "out"), "--run", str(folder / "run"), "--crop", "64", "--painting-side", "48",
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


def test_train_killed_and_run_again(material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = train(material, tmp_path, 100_000, "--save-seconds", "0")
    running = subprocess.Popen([sys.executable, "-m", "styles", *arguments], stdout=subprocess.DEVNULL)
    state = tmp_path / "run" / "state.safetensors"
    while not state.exists():
        assert running.poll() is None
        time.sleep(0.002)  # nothing announces the file, and spinning takes the core that makes it
    running.send_signal(signal.SIGKILL)
    running.wait()
    step = TrainingCheckpoint.read(state).progress["step"]
    taken: list[int] = []
    take = Trainer.step

    def counted(run: Trainer) -> None:
        taken.append(run.progress.step)
        take(run)

    monkeypatch.setattr(Trainer, "step", counted)
    result = CliRunner().invoke(app, train(material, tmp_path, step + 2))
    assert result.exit_code == 0, result.output
    assert step > 0
    assert taken == [step, step + 1]
    assert TrainingCheckpoint.read(state).progress["step"] == step + 2
    assert f": {step + 2} steps of" in style_file.shipped(tmp_path / "out")[0].card.trained
    styles = {s.card.name: s for s in style_file.shipped(tmp_path / "out")}
    assert styles.keys() == {"wave", "dots"}
    for style in styles.values():
        file = style_file.read(style.weights)
        assert file.base == style.card.base == styles["wave"].card.base
        assert file.row.size == Shape().row
        assert style.preview.exists()


def test_the_card_says_how_it_was_trained_and_what_it_was_told(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = tmp_path / "styles"
    make_shipped(styles, "old")
    options = [
        "--start",
        str(styles),
        "--steps",
        "1",
        "--name",
        "My Wave",
        "--artist",
        "A/B",
        "--year",
        "1901",
    ]
    arguments = command("train", material, tmp_path, str(material / "wave.png"), *options)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/styles", *arguments])
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    card = style_file.shipped(tmp_path / "out")[0].card
    assert (card.name, card.title, card.artist, card.year) == ("my-wave", "My Wave", "A/B", "1901")
    assert (card.painting, card.licence) == ("wave.png", "")
    assert card.trained.startswith("styles train --photos photos --features features.safetensors --out out")
    told = (
        "--artist A/B",
        "1 steps",
        "1 crops of 64 pixels",
        "3 photos",
        "weight 1",
        "seed 1",
        "held-out total",
    )
    for words in (*told, "style"):
        assert words in card.trained
    assert str(tmp_path) not in card.trained


def test_learn_makes_a_style_of_the_same_base(material: Path, tmp_path: Path) -> None:
    styles = tmp_path / "styles"
    base = make_shipped(styles, "old").card.base
    painting = str(material / "dots.png")
    losses = {}
    for steps in ("1", "30"):
        options = ["--start", str(styles), "--steps", steps, "--run", str(tmp_path / steps)]
        result = CliRunner().invoke(app, command("learn", material, tmp_path, painting, *options))
        assert result.exit_code == 0, result.output
        style = style_file.shipped(tmp_path / "out")[0]
        assert (style.card.name, style.card.base) == ("dots", base)
        losses[steps] = float(style.card.trained.split("held-out total ")[1].split(",")[0])
    assert losses["30"] < losses["1"] * 0.99


@pytest.mark.parametrize(
    ("begin", "detail", "channels"), [(["--start"], 1, 8), (["--fresh", "--wide"], 0.5, WIDE.quarter)]
)
def test_train_makes_a_network_as_wide_and_with_as_much_detail_as_is_said(
    material: Path, tmp_path: Path, begin: list[str], detail: float, channels: int
) -> None:
    make_shipped(tmp_path / "styles", "old")
    styles = [str(tmp_path / "styles")] if begin == ["--start"] else []
    options = [str(material / "dots.png"), *begin, *styles]
    options += ["--detail", str(detail), "--steps", "1"]
    result = CliRunner().invoke(app, command("train", material, tmp_path, *options))
    assert result.exit_code == 0, result.output
    network = style_file.read(style_file.shipped(tmp_path / "out")[0].weights).network
    assert (network.get(DETAIL, 1), Shape.of(network).quarter) == (detail, channels)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["dots.png"], "say --base"),
        (["dots.png", "--base", "--name", "x"], "--name, --title, --artist and --year are for one painting"),
        (["--name", "???"], "makes no name"),
        (["--wide"], "say --wide --fresh, or leave --wide out"),
        (["dots.png", "--base", "--year", "1901"], "--year are for one painting"),
        (["wave.png", "--base"], "would both be wave"),
        (["--device", "cuda:7"], "There is no cuda:7 here"),
        (["--device", "banana"], "“banana” is no device"),
        (["--device", "cuda:x"], "“cuda:x” is no device"),
        (["--features", "wave.png"], "The loss network could not be loaded from"),
        (["--cards", "wave.png"], "is no TOML file"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    material: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    make_shipped(tmp_path / "styles", "old")
    options = [str(material / o) if o.endswith(".png") else o for o in options]
    wave, start = str(material / "wave.png"), str(tmp_path / "styles")
    arguments = command("train", material, tmp_path, wave, "--steps", "1", "--start", start, *options)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert words in " ".join(result.output.split())
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("options", [["--seed", "-1"], ["--crop", "8"], ["--run", "wave.png"]])
def test_options_out_of_range_are_refused(material: Path, tmp_path: Path, options: list[str]) -> None:
    options = [str(material / o) if o.endswith(".png") else o for o in options]
    result = CliRunner().invoke(app, train(material, tmp_path, 1, *options))
    assert result.exit_code == 2
    assert options[0] in result.output


def test_any_crop_and_any_file_name_is_taken(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painting = tmp_path / "caf\udce9.png"  # Latin-1 on a disk of UTF-8
    painting.write_bytes((material / "wave.png").read_bytes())
    arguments = command("train", material, tmp_path, str(painting), "--fresh", "--steps", "2", "--crop", "66")
    monkeypatch.setattr(sys, "argv", ["styles", *arguments])
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    card = style_file.shipped(tmp_path / "out")[0].card
    assert (card.name, card.painting) == ("caf", "caf?.png")
    assert "caf?.png" in card.trained


def test_a_broken_run_is_refused(material: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "state.safetensors").write_bytes(b"half of i")
    result = CliRunner().invoke(app, train(material, tmp_path, 1))
    assert result.exit_code == 1
    assert "run/state.safetensors is broken" in "".join(result.output.split("\n"))


def test_a_start_without_styles_is_refused(material: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    options = [str(material / "wave.png"), "--steps", "1", "--start", str(tmp_path / "empty")]
    result = CliRunner().invoke(app, command("learn", material, tmp_path, *options))
    assert result.exit_code == 1
    assert "no styles" in result.output
