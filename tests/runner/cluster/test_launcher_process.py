"""A launcher leaves the process that starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os
from runner.cluster.launcher_process import leave_parent
before = os.getppid()
leave_parent()
while os.getppid() == %d: pass
print(os.getsid(0) == os.getpid(), os.getppid() != before)
"""


def test_it_has_another_parent_and_a_session_of_its_own() -> None:
    program = PROGRAM % os.getpid()
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert run.stdout.split() == ["True", "True"]
