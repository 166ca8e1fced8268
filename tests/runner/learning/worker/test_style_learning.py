"""What a learning process says of a loss network's file that is broken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runner.learning.worker.settings import LearnerSettings
from runner.learning.worker.style_learning import opened_features
from styles.learning_errors import LearningOff


@pytest.mark.parametrize("content", [b"", b"no tensors"], ids=["an empty file", "another file"])
def test_a_broken_loss_network_is_the_owners_to_mend(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "features").write_bytes(content)
    descriptor = os.open(tmp_path / "features", os.O_RDONLY)
    with pytest.raises(LearningOff, match=r"broken.*config\.toml"):
        opened_features(LearnerSettings(socket=0, parent=0, device="cpu", threads=1, features=descriptor))
