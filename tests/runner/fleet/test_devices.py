"""Devices found without torch, and what a runner may see of the environment."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from runner.fleet.devices import clean_environment, devices, threads


def machine(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@pytest.mark.parametrize(
    ("torch", "names", "found"),
    [
        ("2.13.0", [], ["cpu"]),
        ("2.13.0", ["proc/driver/nvidia/gpus/0", "proc/driver/nvidia/gpus/1"], ["cuda:0", "cuda:1"]),
        ("2.13.0", ["dev/nvidia0", "dev/nvidiactl", "dev/nvidia-uvm"], ["cuda:0"]),
        ("2.13.0+cpu", ["dev/nvidia0"], ["cpu"]),
    ],
)
def test_auto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torch: str, names: list[str], found: list[str]
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: torch)
    assert devices("auto", machine(tmp_path, *names), {}) == found


@pytest.mark.parametrize(
    ("visible", "count"),
    [
        ("0", 1),
        ("2,0", 2),
        (" 1 , 2 ", 2),
        ("", 0),
        ("-1", 0),
        ("1,-1,0", 1),
        ("GPU-8932f937,GPU-5fa3", 2),
        ("MIG-74c7,MIG-91aa", 1),
        ("0,1,2,3,4", 3),
    ],
)
def test_what_the_environment_hides_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visible: str, count: int
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "2.13.0")
    root = machine(tmp_path, *(f"proc/driver/nvidia/gpus/{i}" for i in range(3)))
    found = devices("auto", root, {"CUDA_VISIBLE_DEVICES": visible})
    assert found == ([f"cuda:{i}" for i in range(count)] or ["cpu"])


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    assert devices("cuda:3", tmp_path) == ["cuda:3"]
    assert devices("cpu", tmp_path) == ["cpu"]


def test_the_cores_of_a_cpu_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.fleet.devices.cores", lambda: 8)
    assert threads("cpu", 1) == 0
    assert threads("cpu", 2) == 4
    assert threads("cpu", 64) == 1
    assert threads("cuda:0", 4) == 0


def test_credentials_stay_behind() -> None:
    kept = {"PATH": "/bin", "HOME": "/", "LC_ALL": "C", "CUDA_VISIBLE_DEVICES": "0", "PYTHONPATH": "x"}
    kept |= {"MALLOC_ARENA_MAX": "7", "MALLOC_MMAP_THRESHOLD_": "5", "MALLOC_TRIM_THRESHOLD_": "6"}
    secret = {
        "MAILBOT_IMAP_PASSWORD": "s",
        "REGISTRY_UPLOAD_TOKEN": "s",
        "AWS_SECRET_ACCESS_KEY": "s",
        "XPATH": "s",
        "PATHS": "s",
    }
    assert clean_environment(kept | secret) == kept


def test_memory_is_kept_in_as_many_arenas_as_cores_and_large_pieces_go_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runner.fleet.devices.cores", lambda: 3)
    assert clean_environment({}) == {
        "MALLOC_ARENA_MAX": "3",
        "MALLOC_MMAP_THRESHOLD_": "1000000",
        "MALLOC_TRIM_THRESHOLD_": "4000000",
    }


def test_photos_that_come_and_go_take_the_same_memory() -> None:
    """Page faults of 100 rounds of four small photos, in a process as a runner is started."""
    rounds = """
import resource
def rounds(count):
    for number in range(count):
        photos = [b"x" * 260_000 for _ in range(4)]
        del photos
rounds(10)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
rounds(100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", rounds], env=clean_environment({}), check=True, capture_output=True, timeout=60
    )
    assert int(done.stdout) < 1000  # 22,000 where each photo takes its memory anew


def test_a_gpu_without_torch_is_named_in_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed
    assert devices("auto", machine(tmp_path, "dev/nvidia0"), {}) == ["cpu"]
    assert "needs the extra “gpu”" in caplog.text
    caplog.clear()
    assert devices("auto", tmp_path / "other", {}) == ["cpu"]
    assert not caplog.text
