"""Start processes, tie them to their parent, limit their environment and measure their memory.

The ties and the measurement need Linux; elsewhere they do less, as each function says. Only the standard
library is imported, because a sandboxed process loads this module before its sandbox closes.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

#: Option of prctl(2) that sets the signal which a process gets when its parent dies.
PR_SET_PDEATHSIG = 1
#: Option by which no program that it starts gets more rights.
PR_SET_NO_NEW_PRIVS = 38
#: Variables that every process of this project may see. None holds a secret.
HARMLESS = r"MAILBOT_LOGS|PATH|LANG|LC_\w+|TZ|LD_LIBRARY_PATH|VIRTUAL_ENV|PYTHON(PATH|HOME|UTF8|WARNINGS)"


def python_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module in a process of its own.

    `-P` keeps the current folder off Python's import path. Otherwise a folder `registry` or a file `email.py`
    there would be imported instead of this project's package or the standard library's module.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def allowed_environment(environment: Mapping[str, str], also: str = "") -> dict[str, str]:
    """Return the `HARMLESS` variables, and those whose whole name matches the regular expression `also`."""
    allowed = re.compile(f"{HARMLESS}|{also}" if also else HARMLESS)
    return {name: value for name, value in environment.items() if allowed.fullmatch(name)}


def set_death_signal(number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies. Does nothing except on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def die_with_parent(parent: int, name: str = "parent process") -> None:
    """Have the kernel kill this process when its parent dies; exit at once if that has happened.

    `parent` is the parent's process id, and `name` is what the exit message calls it. Only Linux can do so.
    Elsewhere the dying parent closes the connection to this process, which ends it unless it hangs.
    """
    set_death_signal(signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(f"the {name} is gone")


def resident_memory() -> int:
    """Return the bytes of this process's resident set, or 0 where there is no /proc."""
    try:
        with Path("/proc/self/statm").open("rb", buffering=0) as statm:  # takes a third of `read_text`'s time
            pages = int(statm.read().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
