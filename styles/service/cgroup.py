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
    allowed = min(_shares(root), default=math.inf)
    return max(1, math.ceil(min(len(os.sched_getaffinity(0)), allowed)))


def free_memory(root: Path = Path("/")) -> int:
    """Return the bytes that new processes can take without driving others out; `sys.maxsize` if unknown."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", _read(root / "proc/meminfo"), re.MULTILINE)
    return min(int(found[1]) * 1024 if found else sys.maxsize, _of_group(root))


def _of_group(root: Path) -> int:
    """Return the bytes that cgroup v2 leaves. Its cache of files that were read once can be reclaimed."""
    folder = next(_around(root / "sys/fs/cgroup", _read(root / "proc/self/cgroup"), r"0::"))
    limit, used = _read(folder / "memory.max").strip(), _read(folder / "memory.current").strip()
    if not (limit.isdigit() and used.isdigit()):
        return sys.maxsize
    files = re.search(r"^inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
    return max(0, int(limit) - int(used) + (int(files[1]) if files else 0))


def _shares(root: Path) -> Iterator[float]:
    """Yield the cores that each limit allows: of the group, and of the groups around it."""
    groups = _read(root / "proc/self/cgroup")
    for folder in _around(root / "sys/fs/cgroup", groups, r"0::"):  # version 2
        yield from _share(*_read(folder / "cpu.max").split())
    for folder in _around(root / "sys/fs/cgroup/cpu", groups, r"\d+:(?:\w+,)*cpu(?:,\w+)*:"):  # version 1
        yield from _share(_read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us"))


def _around(mount: Path, groups: str, line: str) -> Iterator[Path]:
    """Yield the folders of the group in /proc from the inside out. Some containers see only the last."""
    found = re.search(rf"^{line}/(.*)$", groups, re.MULTILINE)
    folder = mount / (found[1] if found else "")
    yield from (around for around in (folder, *folder.parents) if around.is_relative_to(mount))


def _share(quota: str = "", period: str = "") -> Iterator[float]:
    """Yield the part of a period (both in µs) as cores; nothing where there is no limit: "max", -1."""
    if quota.strip().isdecimal() and period.strip().isdecimal():
        yield int(quota) / max(1, int(period))


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # no such version, or not to be seen from a sandbox
        return ""
