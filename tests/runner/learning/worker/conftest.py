"""A loss network of random weights, and small photos."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.styles.training_material import make_material


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos/ and features.safetensors."""
    return make_material(tmp_path_factory.mktemp("material"))
