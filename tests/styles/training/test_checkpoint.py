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
from styles.training.checkpoint import TrainingCheckpoint, cut_back, locked, tensors_of, told
from styles.training.losses import Weights
from styles.training.recipe import Painting, Progress, Recipe


class Parts:
    """A network of one convolution, rows and an optimizer that has made a step."""

    def __init__(self, width: int = 3) -> None:
        torch.manual_seed(0)
        self.network = nn.Conv2d(4, width, 3).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.rows = nn.Parameter(torch.ones(2, 4))
        self.optimizer = torch.optim.Adam([*self.network.parameters(), self.rows])
        painted = self.network(torch.ones(1, 4, 3, 3).to(memory_format=torch.channels_last))
        (painted.sum() * self.rows.sum()).backward()
        self.optimizer.step()

    @property
    def all(self) -> tuple[nn.Module, torch.Tensor, torch.optim.Optimizer]:
        return self.network, self.rows, self.optimizer


def state(file: Path, parts: Parts | None = None, **changes: Any) -> TrainingCheckpoint:
    tensors = tensors_of(*(parts or Parts()).all)
    told_ = told(Recipe(), paintings(), None)
    progress = Progress(step=7, seconds=60.0, share=0.5).kept
    values = {"names": ["wave", "dots"], "progress": progress, "told": told_, "tensors": tensors, **changes}
    return TrainingCheckpoint(file=file, **values)


def paintings(**changes: Painting) -> dict[str, Painting]:
    return {name: Painting(picture=torch.full((1, 3, 4, 4), 0.5)) for name in ("wave", "dots")} | changes


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors")
    written.write()
    read = TrainingCheckpoint.read(written.file)
    assert (read.names, read.progress, read.told) == (written.names, written.progress, written.told)
    assert read.tensors.keys() == written.tensors.keys()
    assert all(torch.equal(read.tensors[name], tensor) for name, tensor in written.tensors.items())
    assert [file.name for file in tmp_path.iterdir()] == ["state.safetensors"]


def test_the_state_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.safetensors"
    in_place: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: in_place.append(file.exists()))
    state(file).write()
    assert in_place == [False, True]  # the file, then the folder that names it


def test_the_optimizer_comes_back_in_its_own_order_of_memory(tmp_path: Path) -> None:
    first, second = Parts(), Parts()
    written = state(tmp_path / "state.safetensors", first)
    written.write()
    TrainingCheckpoint.read(written.file).restore(*second.all)
    for parameter, (index, moments) in zip(
        (*second.network.parameters(), second.rows),
        second.optimizer.state_dict()["state"].items(),
        strict=True,
    ):
        before = first.optimizer.state_dict()["state"][index]
        for key in ("exp_avg", "exp_avg_sq"):
            assert torch.equal(moments[key], before[key])
            assert moments[key].stride() == parameter.stride()
        assert (float(moments["step"]), moments["step"].device.type) == (1.0, "cpu")


@pytest.mark.parametrize(
    ("recipe", "pictures", "base", "words"),
    [
        ({"seed": 9}, {}, None, "whose seed was 1; now it is 9"),
        ({"crop": 64}, {}, None, "whose crop was 256; now it is 64"),
        ({"batch": 1}, {}, None, "whose batch was 4"),
        ({"learn": True}, {}, None, "whose command was train; now it is learn"),
        ({"weights": Weights(light=0.0)}, {}, None, "whose weight of the loss light was 1.0; now it is 0.0"),
        ({}, {"dots": Painting(picture=torch.zeros(1, 3, 4, 4))}, None, "whose picture of dots"),
        ({}, {"dots": Painting(picture=torch.full((1, 3, 2, 8), 0.5))}, None, "whose picture of dots"),
        (
            {},
            {"wave": Painting(picture=torch.full((1, 3, 4, 4), 0.5), weight=3.0)},
            None,
            "whose style weight of wave was 1.0; now it is 3.0",
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


def test_a_file_from_before_it_said_what_it_was_told_is_taken_as_it_is(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors")
    metadata = {"names": json.dumps(written.names), "progress": json.dumps(written.progress)}
    save_file({name: t.contiguous() for name, t in written.tensors.items()}, written.file, metadata)
    read = TrainingCheckpoint.read(written.file)
    read.require(["wave", "dots"], told(Recipe(seed=9), paintings(), nn.Linear(1, 1)))
    read.restore(*Parts().all)
    assert read.progress_for(Recipe(steps=7)).share == 1


@pytest.mark.parametrize("kept", [0, 5, -10])
def test_a_broken_file_is_refused(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "state.safetensors"
    state(file).write()
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(BadOption, match=r"state\.safetensors is broken.*--run"):
        TrainingCheckpoint.read(file)


def test_a_safetensors_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state.safetensors"
    for metadata in (None, {"format": "pt"}, {"names": "[]"}):
        save_file({"rows": torch.ones(1)}, file, metadata)
        with pytest.raises(BadOption, match="is broken"):
            TrainingCheckpoint.read(file)


def test_a_network_of_another_shape_is_refused(tmp_path: Path) -> None:
    written = state(tmp_path / "state.safetensors", Parts(width=5))
    with pytest.raises(BadOption, match="another network"):
        written.restore(*Parts().all)


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
