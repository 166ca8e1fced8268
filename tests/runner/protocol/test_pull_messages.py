"""Requests for style files and their answers as frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.protocol.framing import Frame, WireError
from runner.protocol.pull_messages import frame_to_pulled, pull_frame, pulled_frame
from styles.errors import RegistryUnavailable


def test_there_and_back() -> None:
    assert pull_frame("sha256:a").header == {"pull": "sha256:a"}
    assert frame_to_pulled(pulled_frame("sha256:a", Path("/cache/a"))) == ("sha256:a", Path("/cache/a"))


def test_an_error_there_and_back() -> None:
    digest, error = frame_to_pulled(pulled_frame("sha256:a", RegistryUnavailable("away")))
    assert digest == "sha256:a"
    assert isinstance(error, RegistryUnavailable)


@pytest.mark.parametrize(
    "header", [{}, {"digest": "a"}, {"digest": "a", "path": 7}, {"digest": "a", "problem": {"type": "?"}}]
)
def test_nonsense(header: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        frame_to_pulled(Frame(header))
