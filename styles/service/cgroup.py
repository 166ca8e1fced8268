"""Measure the cores and the memory that this process may use on Linux, within its control group.

A container that is given two of 64 cores sees all 64. With a thread for each it is stopped for most of each
tenth of a second.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path


def cores(root: Path = Path("/")) -> int:
    """Return the cores that this process may keep busy, at least one. A part of a core counts as one."""
    return max(1, math.ceil(min(len(os.sched_getaffinity(0)), _limit(root))))


def spare_cores(root: Path = Path("/")) -> int:
    """Return the cores for work that comes below all other work of the group, at least one.

    It yields the processor to other work, but its time counts in a limit: once that is used up, all processes
    of the group wait. So below a limit it gets one core less, and no part of one.
    """
    seen, limit = len(os.sched_getaffinity(0)), _limit(root)
    return seen if limit >= seen else max(1, math.floor(limit) - 1)


def free_memory(root: Path = Path("/")) -> int:
    """Return the bytes that new processes can take without driving others out; `sys.maxsize` if unknown."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", _read(root / "proc/meminfo"), re.MULTILINE)
    return min(int(found[1]) * 1024 if found else sys.maxsize, _of_groups(root))


def _of_groups(root: Path) -> int:
    """Return the bytes that cgroup v2 leaves in the group and in the groups around it.

    The cache of files that were read once can be reclaimed.
    """
    left = [sys.maxsize]
    for folder in _around(root / "sys/fs/cgroup", _read(root / "proc/self/cgroup"), r"0::"):
        limit, used = _read(folder / "memory.max").strip(), _read(folder / "memory.current").strip()
        if limit.isdigit() and used.isdigit():
            files = re.search(r"^inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
            left.append(int(limit) - int(used) + (int(files[1]) if files else 0))
    return max(0, min(left))


def _limit(root: Path) -> float:
    """Return the cores that the limits allow, the smallest of them; infinite without one."""
    return min(_shares(root), default=math.inf)


def _shares(root: Path) -> Iterator[float]:
    """Yield the cores that each limit allows: of the group, and of the groups around it."""
    groups = _read(root / "proc/self/cgroup")
    version_2 = _around(root / "sys/fs/cgroup", groups, r"0::")
    version_1 = _around(root / "sys/fs/cgroup/cpu", groups, r"\d+:(?:\w+,)*cpu(?:,\w+)*:")
    limits = [_read(folder / "cpu.max") for folder in version_2]
    limits += [_read(f / "cpu.cfs_quota_us") + " " + _read(f / "cpu.cfs_period_us") for f in version_1]
    for limit in limits:  # part of a period and the period, both in µs; "max" and -1 are no limits
        if found := re.match(r"(\d+)\s+(\d+)", limit):
            yield int(found[1]) / max(1, int(found[2]))


def _around(mount: Path, groups: str, line: str) -> Iterator[Path]:
    """Yield the folders of the group in /proc from the inside out. Some containers see only the last."""
    found = re.search(rf"^{line}/(.*)$", groups, re.MULTILINE)
    folder = mount / (found[1] if found else "")
    yield from (around for around in (folder, *folder.parents) if around.is_relative_to(mount))


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # no such version, or not to be seen from a sandbox
        return ""
