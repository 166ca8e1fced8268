"""What starts the processes of a slot on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

from runner.fleet.launcher import LocalLauncher


async def no_file(_digest: str) -> Path:
    raise AssertionError


async def test_it_starts_one_process_after_the_other_on_this_machine() -> None:
    launcher = LocalLauncher([sys.executable, "-c", "import time; time.sleep(600)"], no_file)
    connections = [await launcher.start() for _ in range(2)]
    assert connections[0].pid != connections[1].pid
    for connection in connections:
        await connection.stop()
        assert connection.gone
    assert (launcher.node, launcher.waiting) == ("", False)
    assert launcher.free_memory() > 0
    await launcher.close()
