"""The cores that a process may keep busy, read from files as Linux writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from styles.service.cgroup import cores


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
