"""Kill processes of a running system at random, again and again, while a painting is learnt."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.fakes.system import System

#: What is killed.
NAMES = ("learner", "balancer", "bot", "registry", "runner")
#: Seconds between two kills, at random.
PAUSES = (15.0, 40.0)
#: What a learning process runs, as its command line says.
WORKER = b"runner.learning.worker.main"


class Killer:
    """Hold what was killed."""

    def __init__(self, system: System, seed: int = 1) -> None:
        self._system, self._random = system, random.Random(seed)
        self.killed: Counter[str] = Counter()
        self._next = time.monotonic() + self._random.uniform(*PAUSES)

    def look(self) -> None:
        """Kill one process by SIGKILL, if it is time; blocks for a moment."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._random.uniform(*PAUSES)
        name = self._random.choice(NAMES)
        with suppress(OSError):  # it has ended, or the balancer is only just starting
            if pid := next(learners(self._system), 0) if name == "learner" else self._system.pid(name):
                os.kill(pid, signal.SIGKILL)
                self.killed[name] += 1


def learners(system: System) -> Iterator[int]:
    """Yield the learning processes of a system, and of no other one on this machine."""
    above = [system.process.pid] if system.process else []
    for pid in above:  # which grows meanwhile
        with suppress(OSError):  # it has ended
            process = Path(f"/proc/{pid}")
            if WORKER in (process / "cmdline").read_bytes():
                yield pid
            for thread in (process / "task").iterdir():
                above += map(int, (thread / "children").read_text().split())
