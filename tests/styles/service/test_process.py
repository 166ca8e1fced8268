"""Processes of our own: what they import, wherever they are started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from styles.service.process import python_command
from tests.fakes.decoys import PACKAGES, decoys


@pytest.mark.parametrize("module", PACKAGES)
def test_the_current_folder_holds_no_modules(tmp_path: Path, module: str) -> None:
    command = python_command(module, "--help")
    done = subprocess.run(
        command, cwd=decoys(tmp_path), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout
