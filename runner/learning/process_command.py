"""Write the command of a learning process."""

from __future__ import annotations

import os

from runner.learning.worker.settings import Rank
from styles.service.cgroup import spare_cores
from styles.service.child_processes import python_command

#: What a learning process runs.
WORKER = "runner.learning.worker.main"


def learning_command(module: str, device: str, rank: Rank) -> list[str]:
    """Return the command, to which socket and features are added at its start; see `LearnerSettings`."""
    arguments = {
        "--parent": os.getpid(),
        "--device": device,
        "--threads": spare_cores() if device == "cpu" else 1,
        "--rank": rank,
    }
    return python_command(module, *(str(word) for pair in arguments.items() for word in pair))
