"""How many cores the process may keep busy: what Linux lets it run on, and what its control group pays for.

A container that is given two of 64 cores sees all 64 and is stopped for most of each tenth of a second
if it has a thread for each.

And how much memory is to be had on this machine, within what its control group allows. Linux alone says so.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path


def cores(root: Path = Path("/")) -> int:
    """At least one; a part of a core counts as one."""
    allowed = min(_shares(root), default=math.inf)
    return max(1, math.ceil(min(len(os.sched_getaffinity(0)), allowed)))


def free_memory(root: Path = Path("/")) -> int:
    """Bytes that new processes could take without driving others out; `sys.maxsize` where nobody knows."""
    return min(_of_machine(root), _of_group(root))


def _of_machine(root: Path) -> int:
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", _read(root / "proc/meminfo"), re.MULTILINE)
    return int(found[1]) * 1024 if found else sys.maxsize


def _of_group(root: Path) -> int:
    """What cgroup v2 leaves; what it counts of files that were read once can be had again."""
    group = re.search(r"^0::/(.*)$", _read(root / "proc/self/cgroup"), re.MULTILINE)
    folder = root / "sys/fs/cgroup" / (group[1] if group else "")
    limit, used = _read(folder / "memory.max").strip(), _read(folder / "memory.current").strip()
    if not (limit.isdigit() and used.isdigit()):
        return sys.maxsize
    files = re.search(r"^inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
    return max(0, int(limit) - int(used) + (int(files[1]) if files else 0))


def _shares(root: Path) -> Iterator[float]:
    """Cores that each limit allows: of the group, and of those around it."""
    groups = _read(root / "proc/self/cgroup")
    for folder in _around(root / "sys/fs/cgroup", groups, r"0::"):  # version 2
        yield from _share(*_read(folder / "cpu.max").split())
    for folder in _around(root / "sys/fs/cgroup/cpu", groups, r"\d+:(?:\w+,)*cpu(?:,\w+)*:"):  # version 1
        yield from _share(_read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us"))


def _around(mount: Path, groups: str, line: str) -> Iterator[Path]:
    """Folders of the group that /proc names, from the inside out. Some containers see only the last."""
    found = re.search(rf"^{line}/(.*)$", groups, re.MULTILINE)
    folder = mount / (found[1] if found else "")
    yield from (around for around in (folder, *folder.parents) if around.is_relative_to(mount))


def _share(quota: str = "", period: str = "") -> Iterator[float]:
    """The part of a period (both in µs) as cores; none where there is no limit: "max", -1."""
    if quota.strip().isdecimal() and period.strip().isdecimal():
        yield int(quota) / max(1, int(period))


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # no such version, or not to be seen from a sandbox
        return ""
