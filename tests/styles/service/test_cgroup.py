"""The cores and the memory that a process may use, read from files as Linux writes them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from styles.service.cgroup import cores, free_memory, spare_cores


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))


def machine(root: Path, group: str, files: dict[str, str]) -> Path:
    for name, text in {"proc/self/cgroup": group, **files}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("200000 100000\n", 2),
        ("250000 100000\n", 3),
        ("20000 100000\n", 1),
        ("6400000 100000\n", 8),  # more than there are
        ("max 100000\n", 8),
        ("", 8),
    ],
)
def test_what_version_2_allows(tmp_path: Path, text: str, found: int) -> None:
    assert cores(machine(tmp_path, "0::/\n", {"sys/fs/cgroup/cpu.max": text})) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("400000 100000\n", 3),
        ("250000 100000\n", 1),
        ("100000 100000\n", 1),
        ("20000 100000\n", 1),
        ("max 100000\n", 8),
    ],
)
def test_what_comes_below_other_work_leaves_a_core_of_a_limit(tmp_path: Path, text: str, found: int) -> None:
    assert spare_cores(machine(tmp_path, "0::/\n", {"sys/fs/cgroup/cpu.max": text})) == found


def test_the_groups_around_it_have_limits_too(tmp_path: Path) -> None:
    files = {"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000", "cpu.max": "500000 100000"}
    machine(tmp_path, "0::/a/b\n", {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert cores(tmp_path) == 3


@pytest.mark.parametrize("controllers", ["cpu", "cpu,cpuacct", "cpuacct,cpu"])
@pytest.mark.parametrize("seen", ["", "docker/1f/"])  # its own folder alone, or those around it too
@pytest.mark.parametrize(("quota", "found"), [("200000\n", 2), ("-1\n", 8)])
def test_what_version_1_allows(tmp_path: Path, controllers: str, seen: str, quota: str, found: int) -> None:
    folder = f"sys/fs/cgroup/cpu/{seen}"
    files = {f"{folder}cpu.cfs_quota_us": quota, f"{folder}cpu.cfs_period_us": "100000\n"}
    group = f"12:cpuset:/docker/2e\n4:{controllers}:/docker/1f\n0::/\n"
    assert cores(machine(tmp_path, group, files)) == found


def test_where_nobody_knows_it_is_what_the_process_may_run_on(tmp_path: Path) -> None:
    assert cores(tmp_path) == 8


def memory(root: Path, **files: str) -> Path:
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


MACHINE = "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    9000000 kB\n"


def test_the_memory_of_the_machine(tmp_path: Path) -> None:
    assert free_memory(memory(tmp_path, proc__meminfo=MACHINE)) == 9_216_000_000


def test_a_group_allows_less_memory(tmp_path: Path) -> None:
    memory(
        tmp_path,
        proc__meminfo=MACHINE,
        proc__self__cgroup="0::/a/b\n",
        sys__fs__cgroup__a__b__memory_dot_max="1000\n",
        sys__fs__cgroup__a__b__memory_dot_current="900\n",
        sys__fs__cgroup__a__b__memory_dot_stat="anon 600\ninactive_file 250\nactive_file 50\n",
    )
    assert free_memory(tmp_path) == 350


def test_the_groups_around_it_limit_its_memory(tmp_path: Path) -> None:
    memory(
        tmp_path,
        proc__meminfo=MACHINE,
        proc__self__cgroup="0::/slice/service\n",
        sys__fs__cgroup__slice__service__memory_dot_max="max\n",
        sys__fs__cgroup__slice__service__memory_dot_current="100000000\n",
        sys__fs__cgroup__slice__memory_dot_max="2000000000\n",
        sys__fs__cgroup__slice__memory_dot_current="1500000000\n",
    )
    assert free_memory(tmp_path) == 500_000_000
    memory(tmp_path, sys__fs__cgroup__slice__service__memory_dot_max="300000000\n")
    assert free_memory(tmp_path) == 200_000_000


def test_a_group_without_a_limit_of_memory(tmp_path: Path) -> None:
    memory(tmp_path, proc__meminfo=MACHINE, proc__self__cgroup="0::/\n")
    memory(tmp_path, sys__fs__cgroup__memory_dot_max="max\n", sys__fs__cgroup__memory_dot_current="9\n")
    assert free_memory(tmp_path) == 9_216_000_000


def test_where_nobody_knows_all_memory_is_free(tmp_path: Path) -> None:
    assert free_memory(tmp_path) == sys.maxsize
