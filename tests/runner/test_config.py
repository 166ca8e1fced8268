"""The tables of config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.config import LONGEST_DEADLINE, RunnerConfigFile
from runner.http.balancer_connection import JOB_SECONDS
from styles.service.config import ConfigError, load

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_the_shipped_file_has_our_defaults(tmp_path: Path) -> None:
    shipped = load(ROOT / "config.toml", RunnerConfigFile)
    empty = load(written(tmp_path, ""), RunnerConfigFile)
    assert shipped.balancer == empty.balancer
    assert shipped.registry == empty.registry
    assert shipped.runner.model_dump(exclude={"cache"}) == empty.runner.model_dump(exclude={"cache"})


def test_the_cache_is_relative_to_the_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, "[runner]\n"), RunnerConfigFile).runner.cache == tmp_path / "var/runner"
    assert load(written(tmp_path, '[runner]\ncache = "c"'), RunnerConfigFile).runner.cache == tmp_path / "c"


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1"])
def test_devices(tmp_path: Path, device: str) -> None:
    assert load(written(tmp_path, f'[runner]\ndevice = "{device}"'), RunnerConfigFile).runner.device == device


@pytest.mark.parametrize(
    "text",
    [
        '[runner]\ndevice = "gpu"',
        "[runner]\nprocesses = 0",
        "[balancer]\nmax_queued = 0",
        "[balancer]\nmaxqueued = 7",
        "[balancer]\nport = 70000",
        f"[balancer]\ndeadline_seconds = {JOB_SECONDS}",
        "[balancer]\nbatch_seconds = 60\ndeadline_seconds = 60",
        "[runner]\nprocesses = 3\nprocesses_max = 2",
        '[runner]\nfleet = "slurm"',
        '[runner]\nfleet = "ray"',  # neither protection
        '[runner]\nfleet = "ray"\ndevice = "cuda:1"\n[runner.ray]\ntls = true',
        '[runner.ray]\nprivate_network = "here"',
    ],
)
def test_nonsense_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load(written(tmp_path, text), RunnerConfigFile)


@pytest.mark.parametrize("protection", ["tls = true", 'private_network = "10.0.0.0/24"'])
def test_a_fleet_on_other_machines_is_protected_either_way(tmp_path: Path, protection: str) -> None:
    text = f'[runner]\nfleet = "ray"\n[runner.ray]\n{protection}'
    assert load(written(tmp_path, text), RunnerConfigFile).runner.fleet == "ray"


def test_clients_wait_for_the_balancers_reason() -> None:
    assert JOB_SECONDS > LONGEST_DEADLINE
