"""What a learning process says of a broken loss network, and of a run that teaches nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runner.learning.messages import LearningOrder
from runner.learning.worker import style_learning
from runner.learning.worker.machine_time import begun_clock
from runner.learning.worker.settings import LearnerSettings, Rank
from runner.learning.worker.style_learning import opened_features
from styles.learning_errors import LearningFailed, LearningOff
from styles.training import trainer
from styles.training.recipe import Progress
from tests.fakes.learning.paintings import painted
from tests.fakes.styles.style_files import random_style


def settings_of(features: int) -> LearnerSettings:
    return LearnerSettings(socket=0, parent=0, device="cpu", threads=1, rank=Rank.IDLE, features=features)


@pytest.mark.parametrize("content", [b"", b"no tensors"], ids=["an empty file", "another file"])
def test_a_broken_loss_network_is_the_owners_to_mend(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "features").write_bytes(content)
    descriptor = os.open(tmp_path / "features", os.O_RDONLY)
    with pytest.raises(LearningOff, match=r"broken.*config\.toml"):
        opened_features(settings_of(descriptor))


@pytest.mark.parametrize(
    ("step", "left"), [(1, 283.0), (3, 17.0 * 9), (30, 17.0 * 9)], ids=["slow steps", "known", "later"]
)
def test_the_first_steps_foretell_nothing(step: int, left: float) -> None:
    progress = Progress(step=step, seconds=17.0, share=0.1)
    told = style_learning.how_far(LearningOrder(minutes=5.0), progress)
    assert told.seconds == 17.0
    assert told.seconds_left == pytest.approx(left)


@pytest.mark.slow
def test_a_run_that_teaches_nothing_names_no_option_of_a_command(
    material: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(style_learning.RECIPE, crop=64, photo_scale=(0.2, 0.3))
    monkeypatch.setattr(style_learning, "RECIPE", recipe)
    monkeypatch.setattr(style_learning, "PAINTING_SIDE", 64)
    monkeypatch.setattr(style_learning, "PREVIEW_SIDE", 64)
    monkeypatch.setattr(style_learning, "rows_of_one_base", lambda *_: {"old": random_style()})
    monkeypatch.setattr(trainer, "MOST_DROPPED", 0)  # so that it is reached at the first step
    descriptor = os.open(material / "features.safetensors", os.O_RDONLY)
    settings = settings_of(descriptor)
    order = LearningOrder(name="garden", minutes=0.1)
    painting = np.asarray(painted(0, (64, 64)))
    with pytest.raises(LearningFailed) as failed:
        style_learning.learn_style(settings, order, painting, b"", lambda _: None, begun_clock("cpu", 1))
    assert "--" not in failed.value.message
    assert "no finite gradient" in failed.value.detail
