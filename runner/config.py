"""The tables of config.toml that the balancer and its runners read, with their defaults.

    RunnerConfigFile
    ├── registry   Address: where styles are resolved and blobs are pulled
    ├── balancer   BalancerConfig: the address, the queue and the deadlines
    └── runner     RunnerConfig: devices, processes and the caches of models

There is no secret among them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from styles.service.config import ConfigPath, Endpoint, RegistryAddress, Section

DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,3})?")


def _device(value: str) -> str:
    if not DEVICE.fullmatch(value):
        raise ValueError(f'"{value}" is no device: "auto", "cpu", "cuda" or "cuda:1"')
    return value


class BalancerConfig(Endpoint):
    """`[balancer]`."""

    port: int = Field(default=8481, ge=0, le=65535)
    #: Photos that wait; one more is answered 429.
    max_queued: int = Field(default=256, ge=1)
    #: Bytes of photos that wait. 256 photos at the limit of 36 MiB would be 9 GiB.
    max_queued_bytes: int = Field(default=1 << 30, ge=1 << 20)
    #: A photo that is not painted so long after it came is given up, seconds. Clients wait for 150 s, and
    #: should be told the reason before.
    deadline_seconds: float = Field(default=120, gt=0, le=140)
    #: A runner that paints one batch for longer hangs, and is killed. Seconds; twice this and a restart
    #: fit into the deadline, so that a photo is retried within it. Where more than 2048 pixels or a sheet
    #: are asked for, the deadline counts, even if the photo is small: its size is known to the runner only.
    batch_seconds: float = Field(default=45, gt=0)
    #: Pixels in a batch; one photo that has more goes alone. Four photos of 1024 by 1024.
    batch_pixels: int = Field(default=4 << 20, ge=1)
    #: How long what is being painted may take after SIGTERM, seconds.
    drain_seconds: float = Field(default=20, ge=0)


class RunnerConfig(Section):
    """`[runner]`."""

    device: Annotated[str, AfterValidator(_device)] = "auto"
    #: Runner processes on each device; a photo of 50 megapixels takes about 2 GB of memory in each.
    processes: int = Field(default=1, ge=1, le=64)
    #: Where the queue grows, processes are started up to so many on each device, and ended when it has long
    #: been short. 0: always `processes`. On a CPU more of them share the cores that one takes by itself.
    processes_max: int = Field(default=0, ge=0, le=64)
    #: A runner that stays heavier than this after it has painted is replaced by a fresh one, with no gap.
    #: Bytes of resident memory; 0: never. What a large photo takes while it is painted does not count.
    recycle_bytes: int = Field(default=1_000_000_000, ge=0)
    #: Models that a runner keeps in memory, bytes.
    cache_bytes: int = Field(default=1 << 30, ge=0)
    #: Bytes of the blobs in the folder `cache`, which all runners share.
    cache_disk_bytes: int = Field(default=4 << 30, ge=0)
    #: Folder of the blobs pulled from the registry; a restarted runner needs no registry for them.
    cache: ConfigPath = Field(default=Path("var/runner"), validate_default=True)


def _in_time(balancer: BalancerConfig) -> BalancerConfig:
    if balancer.batch_seconds >= balancer.deadline_seconds:
        raise ValueError("batch_seconds must be less than deadline_seconds, or no hang is noticed in time")
    return balancer


def _growing(runner: RunnerConfig) -> RunnerConfig:
    if 0 < runner.processes_max < runner.processes:
        raise ValueError("processes_max must be 0 or no less than processes")
    return runner


class RunnerConfigFile(BaseModel):
    """What this package reads of config.toml; the other tables belong to others."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    registry: RegistryAddress = RegistryAddress()
    balancer: Annotated[BalancerConfig, AfterValidator(_in_time)] = BalancerConfig()
    runner: Annotated[RunnerConfig, AfterValidator(_growing)] = Field(default_factory=RunnerConfig)
