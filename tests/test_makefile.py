"""What `make up` installs, by a stand-in for the Python of its venv."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: It notes what it is asked to do. PyTorch's index answers where there is a file `index` beside it.
PYTHON = """#!/bin/sh
case "$*" in *urlopen*) test -e "${0%/*}/index"; exit ;; esac
echo "$*" >> "${0%/*}/asked"
"""


@pytest.mark.parametrize(
    ("has_index", "variables", "extras", "is_for_cpus", "is_told"),
    [
        (True, ["HAS_GPU="], "local,publish,train", True, False),
        (False, ["HAS_GPU="], "local,publish", False, True),  # PyPI's PyTorch has gigabytes for GPUs
        (True, ["HAS_GPU=", "LEARN=no"], "local,publish", False, True),
        (False, ["HAS_GPU=yes"], "local,publish,gpu,train", False, False),
    ],
)
def test_what_runs_can_learn(
    tmp_path: Path,
    has_index: bool,
    variables: list[str],
    extras: str,
    is_for_cpus: bool,
    is_told: bool,
) -> None:
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.write_text(PYTHON)
    python.chmod(0o700)
    if has_index:
        python.with_name("index").touch()
    command = ["make", "--no-print-directory", f"VENV={tmp_path}", *variables, f"{tmp_path}/.running"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    *first, last = python.with_name("asked").read_text().splitlines()
    assert last.endswith(f"--editable .[{extras}]")
    assert len(first) == is_for_cpus
    assert all("download.pytorch.org/whl/cpu torch torchvision" in line for line in first)
    assert ("--editable '.[train]'" in made.stdout) == is_told
