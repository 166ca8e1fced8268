"""The killer of the learning benchmark ends processes of its own system only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.learning.killing import WORKER, learners
from tests.fakes.system import System

LEARNER = "import sys; sys.stdin.read()"
#: It starts a learner, tells its pid, and waits for the end of its input as well.
PARENT = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-c', {LEARNER!r}, sys.argv[1]])\n"
    "print(child.pid, flush=True)\n"
    "child.wait()\n"
)


@contextmanager
def family() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process, and the pid of the learner that it has started."""
    command = [sys.executable, "-c", PARENT, WORKER.decode()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        yield parent, int(parent.stdout.readline())


def test_learners_of_another_system_are_left_alone(tmp_path: Path) -> None:
    system = System(tmp_path)
    assert list(learners(system)) == []
    with family() as (own, learner), family():
        system.process = own
        assert learner in learners(system)
        assert set(learners(system)) == {own.pid, learner}  # here both have the words
