"""Remove all of a Ray cluster of the tests, even if the test is killed.

The test starts this module as a process of its own, and holds a pipe to it. The pipe ends with the test,
however that ends. Then everything is removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "PAINTING_TEST_CLUSTER"
#: Seconds in which killed processes must be gone.
ENDING_SECONDS = 60


def space(name: str, node: int) -> str:
    """Name of the network namespace of a node."""
    return f"pt-{name}-{node}"


def marked(name: str, *words: str) -> list[int]:
    """Pids of the cluster's processes whose command line contains all words."""
    mark = f"{MARK}={name}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            is_marked = mark in (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if is_marked and all(word in command for word in words):
            found.append(int(folder.name))
    return found


def inside(space: str) -> set[int]:
    """Pids of all processes in a network namespace; none if there is no such namespace."""
    listing = subprocess.run(["ip", "netns", "pids", space], check=False, capture_output=True, text=True)
    return set(map(int, listing.stdout.split()))


def remove(name: str, folder: str, nodes: int) -> None:
    """Remove all of a cluster. A runner has no mark, but is in a node's namespace."""
    spaces = [space(name, node) for node in range(nodes)]
    latest = time.monotonic() + ENDING_SECONDS
    while pids := set(marked(name)).union(*map(inside, spaces)):
        assert time.monotonic() < latest, f"these processes do not end: {pids}"
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)
    for command in [*(f"netns del {each}" for each in spaces), f"link del br{name}"]:
        subprocess.run(["ip", *command.split()], check=False, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.stdin.read()
    remove(sys.argv[1], sys.argv[2], int(sys.argv[3]))
