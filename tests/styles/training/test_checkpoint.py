"""What a run is kept in: it comes back as it was, and not as another run."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from styles.errors import BadOption
from styles.formats.architecture import Shape
from styles.networks.style_unet import StyleUNet
from styles.training.checkpoint import TrainingCheckpoint, cut_back, locked, told
from styles.training.objective import LossWeights
from styles.training.recipe import Painting, Progress, Recipe
from styles.training.training_state import Learner
from tests.fakes.styles.training_material import TINY

FILES = ["moments-0000007.safetensors", "state.safetensors"]


def learner(shape: Shape = TINY) -> Learner:
    """A network that has made a step."""
    torch.manual_seed(0)
    network = StyleUNet(shape).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    rows = nn.Parameter(network.neutral_row().repeat(2, 1))
    one = Learner(network, rows, rate=0.01, row_rate=0.01, type=torch.float32)
    one.step(network(torch.rand(2, 3, 32, 32), rows).mean(), 1.0, 0)
    return one


def state(file: Path, one: Learner | None = None, **changes: Any) -> TrainingCheckpoint:
    one = one or learner()
    values: dict[str, Any] = {
        "names": ["wave", "dots"],
        "progress": Progress(step=7, seconds=60.0, share=0.5, crop=512).kept,
        "told": told(Recipe(), paintings(), None),
        "weights": one.weights(),
        "moments": one.moments(),
    }
    return TrainingCheckpoint(file=file, **{**values, **changes})


def paintings(**changes: Painting) -> dict[str, Painting]:
    return {name: Painting(picture=torch.full((1, 3, 4, 4), 0.5)) for name in ("wave", "dots")} | changes


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors")
    written.write()
    read = TrainingCheckpoint.read(written.file)
    assert (read.names, read.progress, read.told) == (written.names, written.progress, written.told)
    for before, after in ((written.weights, read.weights), (written.moments, read.moments)):
        assert after.keys() == before.keys()
        assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    assert sorted(file.name for file in tmp_path.iterdir()) == FILES


def test_each_file_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place: list[list[str]] = []
    monkeypatch.setattr(
        os, "fsync", lambda _: in_place.append(sorted(f.name for f in tmp_path.glob("*.safetensors")))
    )
    state(tmp_path / "state.safetensors").write()
    assert in_place == [[], FILES[:1], FILES[:1], FILES]  # each file, then the folder that names it


def test_a_kill_between_the_two_files_leaves_the_step_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(tmp_path / "state.safetensors")
    before.write()
    later = state(before.file, progress={**before.progress, "step": 8})
    replace_file = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target.name == "state.safetensors":
            raise KeyboardInterrupt
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        later.write()
    monkeypatch.undo()
    read = TrainingCheckpoint.read(before.file)
    assert read.progress["step"] == 7
    assert read.moments.keys() == before.moments.keys()
    later.write()
    assert TrainingCheckpoint.read(before.file).progress["step"] == 8
    assert not list(tmp_path.glob("moments-0000007*"))


def test_no_file_is_larger_than_the_network(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors")
    written.write()
    network = 4 * sum(p.numel() for p in StyleUNet(TINY).parameters())
    rows = 20 * sum(
        t.numel() for n, t in written.weights.items() if n == "rows" or n.startswith("network.out")
    )
    headers = 10_000
    assert all(file.stat().st_size < network + rows + headers for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("recipe", "pictures", "base", "words"),
    [
        ({"seed": 9}, {}, None, "whose seed was 1; now it is 9"),
        ({"crop": 64}, {}, None, "whose crop was 512; now it is 64"),
        ({"batch": 2}, {}, None, "whose batch was 1"),
        ({"learn": True}, {}, None, "whose command was train; now it is learn"),
        (
            {"weights": LossWeights(light=0.0)},
            {},
            None,
            "whose weight of the loss light was 0.8; now it is 0.0",
        ),
        ({}, {"dots": Painting(picture=torch.zeros(1, 3, 4, 4))}, None, "whose picture of dots"),
        ({}, {"dots": Painting(picture=torch.full((1, 3, 2, 8), 0.5))}, None, "whose picture of dots"),
        (
            {},
            {"wave": Painting(picture=torch.full((1, 3, 4, 4), 0.5), weight=3.0)},
            None,
            "whose style weight of wave was 1.0; now it is 3.0",
        ),
        (
            {},
            {"wave": Painting(picture=torch.full((1, 3, 4, 4), 0.5), forms=(0, 0, 1, 0.5))},
            None,
            "whose forms of wave was (0.0, 0.0, 1.0, 1.0); now it is (0, 0, 1, 0.5)",
        ),
        ({}, {}, nn.Linear(1, 1), "whose base to begin from was random weights"),
    ],
)
def test_a_run_that_was_told_otherwise_is_refused(
    tmp_path: Path, recipe: dict[str, Any], pictures: dict[str, Painting], base: nn.Module | None, words: str
) -> None:
    now = told(replace(Recipe(), **recipe), paintings(**pictures), base)
    with pytest.raises(BadOption) as refused:
        state(tmp_path / "run" / "state.safetensors").require(["wave", "dots"], now)
    assert words in refused.value.message
    assert refused.value.message.startswith(f"{tmp_path / 'run'} holds a run whose")
    assert "--run" in refused.value.message


def test_only_the_budget_may_change(tmp_path: Path) -> None:
    now = told(Recipe(minutes=1.0, steps=3), paintings(), None)
    state(tmp_path / "state.safetensors").require(["wave", "dots"], now)


def test_a_run_of_other_paintings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"other paintings \(wave, dots\)"):
        state(tmp_path / "state.safetensors").require(["dots"], {})


@pytest.mark.parametrize("kept", [0, 5, -10])
def test_a_broken_file_is_refused(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "state.safetensors"
    state(file).write()
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(BadOption, match=r"state\.safetensors is broken.*--run"):
        TrainingCheckpoint.read(file)


@pytest.mark.parametrize("kept", [None, 0, -10])
def test_a_state_without_its_moments_is_refused(tmp_path: Path, kept: int | None) -> None:
    file = tmp_path / "state.safetensors"
    state(file).write()
    moments = tmp_path / FILES[0]
    whole = moments.read_bytes()
    moments.unlink()
    if kept is not None:
        moments.write_bytes(whole[:kept])
    with pytest.raises(BadOption, match=r"state\.safetensors is broken.*--run"):
        TrainingCheckpoint.read(file)


def test_a_safetensors_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state.safetensors"
    for metadata in (None, {"format": "pt"}, {"names": "[]"}):
        save_file({"rows": torch.ones(1)}, file, metadata)
        with pytest.raises(BadOption, match="is broken"):
            TrainingCheckpoint.read(file)


def test_a_network_of_another_shape_is_refused(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors", learner(replace(TINY, half=12)))
    with pytest.raises(BadOption, match="another network"):
        written.restore(learner())


def test_a_budget_that_is_used_up_before_the_rate_is_run_down_is_refused(tmp_path: Path) -> None:
    half = state(tmp_path / "state.safetensors")
    assert half.progress_for(Recipe(steps=14)).share == 0.5
    assert half.progress_for(Recipe(minutes=4.0)).share == 0.25
    for recipe in (Recipe(steps=7), Recipe(minutes=0.5)):
        with pytest.raises(BadOption, match=r"7 steps, 1\.0 minutes, and is not finished"):
            half.progress_for(recipe)


def test_a_finished_run_stays_finished_and_more_minutes_go_on(tmp_path: Path) -> None:
    whole = state(tmp_path / "state.safetensors", progress=Progress(step=7, seconds=60.0, share=1.0).kept)
    assert whole.progress_for(Recipe(steps=7)).share == 1
    assert whole.progress_for(Recipe(steps=5)).share == 1
    assert whole.progress_for(Recipe(steps=14)).share == 0.5


def test_one_run_at_a_time_is_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "wave"
    with locked(folder), pytest.raises(BadOption, match=r"training in .*wave already"), locked(folder):
        pass
    with locked(folder):
        assert folder.is_dir()


def test_the_log_is_cut_back_to_the_step_that_is_gone_on_from(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    cut_back(log, 0)
    assert not log.exists()
    lines = [json.dumps({"step": step}) + "\n" for step in (20, 40, 60)]
    log.write_text("".join(lines) + '{"step": 3')
    cut_back(log, 40)
    assert log.read_text() == "".join(lines[:2])
