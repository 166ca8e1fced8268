"""How much memory is free, read from files as Linux writes them."""

from __future__ import annotations

import sys
from pathlib import Path

from styles.service.cgroup import free_memory


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


MACHINE = "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    9000000 kB\n"


def test_of_the_machine(tmp_path: Path) -> None:
    assert free_memory(write(tmp_path, proc__meminfo=MACHINE)) == 9_216_000_000


def test_a_group_allows_less(tmp_path: Path) -> None:
    write(
        tmp_path,
        proc__meminfo=MACHINE,
        proc__self__cgroup="0::/a/b\n",
        sys__fs__cgroup__a__b__memory_dot_max="1000\n",
        sys__fs__cgroup__a__b__memory_dot_current="900\n",
        sys__fs__cgroup__a__b__memory_dot_stat="anon 600\ninactive_file 250\nactive_file 50\n",
    )
    assert free_memory(tmp_path) == 350


def test_the_groups_around_it_have_limits_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        proc__meminfo=MACHINE,
        proc__self__cgroup="0::/slice/service\n",
        sys__fs__cgroup__slice__service__memory_dot_max="max\n",
        sys__fs__cgroup__slice__service__memory_dot_current="100000000\n",
        sys__fs__cgroup__slice__memory_dot_max="2000000000\n",
        sys__fs__cgroup__slice__memory_dot_current="1500000000\n",
    )
    assert free_memory(tmp_path) == 500_000_000
    write(tmp_path, sys__fs__cgroup__slice__service__memory_dot_max="300000000\n")
    assert free_memory(tmp_path) == 200_000_000


def test_a_group_without_a_limit(tmp_path: Path) -> None:
    write(tmp_path, proc__meminfo=MACHINE, proc__self__cgroup="0::/\n")
    write(tmp_path, sys__fs__cgroup__memory_dot_max="max\n", sys__fs__cgroup__memory_dot_current="9\n")
    assert free_memory(tmp_path) == 9_216_000_000


def test_where_nobody_knows(tmp_path: Path) -> None:
    assert free_memory(tmp_path) == sys.maxsize
