"""Processes of our own: what they import, wherever they are started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from styles.service.child_processes import allowed_environment, python_command
from tests.fakes.decoys import PACKAGES, decoys


@pytest.mark.parametrize("module", PACKAGES)
def test_the_current_folder_holds_no_modules(tmp_path: Path, module: str) -> None:
    command = python_command(module, "--help")
    done = subprocess.run(
        command, cwd=decoys(tmp_path), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


def test_only_what_is_allowed_is_handed_on() -> None:
    kept = {"PATH": "/bin", "LC_ALL": "C", "PYTHONPATH": "/srv", "TZ": "UTC"}
    given = kept | {"PYTHONSTARTUP": "x", "REGISTRY_UPLOAD_TOKEN": "s", "PATH2": "x", "OMP_NUM_THREADS": "2"}
    assert allowed_environment(given) == kept
    assert allowed_environment(given, r"OMP_\w+|HOME") == kept | {"OMP_NUM_THREADS": "2"}


def test_a_process_that_outlived_its_parent_ends() -> None:
    program = (
        "import sys; from styles.service.child_processes import die_with_parent;"
        "die_with_parent(int(sys.argv[1]), 'registry'); print('on')"
    )
    for parent, printed in ((os.getpid(), ("on\n", "")), (os.getppid(), ("", "the registry is gone\n"))):
        command = [sys.executable, "-c", program, str(parent)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == printed
