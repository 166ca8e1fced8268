"""What ties a runner process to its balancer, and what it weighs. Linux knows both; others part of it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

#: prctl(2): the signal that this process gets when its parent dies.
PR_SET_PDEATHSIG = 1


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module in a process of its own.

    By `-P`: else Python would import from the current folder first, and one that holds a folder `registry` or
    a file `email.py` would put them in the place of ours and of the standard library's.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def die_with_parent(parent: int) -> None:
    """Has the kernel kill this process when its parent dies; ends it at once if that has happened.

    Only Linux can do so. Elsewhere the end of the connection, which a dying parent closes, is enough
    unless the engine hangs.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the balancer is gone")


def resident_memory() -> int:
    """This process's resident set, bytes; 0 where there is no /proc."""
    try:
        with Path("/proc/self/statm").open("rb", buffering=0) as statm:  # a third of what `read_text` takes
            pages = int(statm.read().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
