"""How much memory is to be had on this machine, within what its control group allows. Linux alone says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path


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


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
