"""The files that CUDA needs, listed on machines of a test's making."""

from __future__ import annotations

from pathlib import Path

import pytest

from styles.sandbox import cuda


def test_a_machine_with_gpus(tmp_path: Path) -> None:
    names = ["nvidia0", "nvidia13", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "sda"]
    (tmp_path / "dev" / "nvidia-caps").mkdir(parents=True)
    for name in names:
        (tmp_path / "dev" / name).touch()
    (tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0").mkdir(parents=True)
    gpu = tmp_path / "sys/devices/pci0000:00/0000:01:00.0"
    gpu.mkdir(parents=True)
    (tmp_path / "sys/bus/pci/devices").mkdir(parents=True)
    (tmp_path / "sys/bus/pci/devices/0000:01:00.0").symlink_to(gpu)
    *devices, threads = cuda.operated(tmp_path)
    needed = ["nvidia-caps", "nvidia-uvm", "nvidia0", "nvidia13", "nvidiactl"]
    assert [path.name for path in devices] == needed
    assert threads == tmp_path / "proc/self/task"
    assert gpu in cuda.readable(tmp_path)
    assert tmp_path / "proc/driver/nvidia" in cuda.readable(tmp_path)


@pytest.mark.skipif(Path("/dev/nvidia-uvm").exists(), reason="the driver has made its device")
def test_the_driver_is_asked_for_its_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    cuda.load_driver()  # there is none
    program = tmp_path / "nvidia-modprobe"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n')
    program.chmod(0o755)
    cuda.load_driver()
    assert (tmp_path / "asked").read_text() == "-u -c 0\n"


def test_a_machine_without(tmp_path: Path) -> None:
    assert cuda.operated(tmp_path) == [tmp_path / "proc/self/task"]
    assert len(cuda.readable(tmp_path)) == len(cuda.READ)
