"""Tiny networks train faster on one thread than on threads that wait for each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.fakes.styles.training_material import make_material


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos/, wave.png, dots.png and features.safetensors (a random VGG16)."""
    return make_material(tmp_path_factory.mktemp("material"))
