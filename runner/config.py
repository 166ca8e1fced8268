"""Define the tables of config.toml that the balancer and its runners read, with their defaults.

None of them holds a secret.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from styles.service.config import (
    BalancerEndpoint,
    ConfigPath,
    CorsOrigins,
    LogsConfig,
    RegistryAddress,
    Section,
)

#: Longest deadline of any photo, seconds. Clients wait for an hour, and should learn the reason before.
LONGEST_DEADLINE = 3500.0
DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,3})?")
#: A path in config.toml; "" is none.
OptionalFile = Annotated[ConfigPath | None, BeforeValidator(lambda value: value or None)]


def _device(value: str) -> str:
    if not DEVICE.fullmatch(value):
        raise ValueError(f'"{value}" is no device: "auto", "cpu", "cuda" or "cuda:1"')
    return value


def _network(value: str) -> str:
    if value:
        ip_network(value)  # its error says what is wrong
    return value


class BalancerConfig(BalancerEndpoint):
    """Hold `[balancer]`."""

    port: int = Field(default=8481, ge=0, le=65535)
    #: Origins of web pages that may post photos, such as `https://photos.example`; `*` is any.
    cors_origins: CorsOrigins = ()
    #: Photos in the queue; one more is answered 429.
    max_queued: int = Field(default=256, ge=1)
    #: Bytes of photos in the queue. 256 photos at the limit of 36 MiB would be 9 GiB.
    max_queued_bytes: int = Field(default=1 << 30, ge=1 << 20)
    #: Seconds after which a photo fails, from its submission or from the last photo painted for its sender.
    #: One with more than `batch_pixels` has longer, by its size and the measured pace.
    deadline_seconds: float = Field(default=120, gt=0, le=LONGEST_DEADLINE)
    #: Seconds for a batch, or for a slice of a large photo, after which its runner is killed. Twice this and
    #: a restart fit into the deadline, so that a photo is retried within it. For a sheet the deadline counts.
    batch_seconds: float = Field(default=45, gt=0)
    #: Pixels in a batch; a larger photo is painted in strips, between the batches. The default is four photos
    #: of 1024 by 1024.
    batch_pixels: int = Field(default=4 << 20, ge=1)
    #: Seconds that batches in flight may take after SIGTERM.
    drain_seconds: float = Field(default=20, ge=0)


class RayConfig(Section):
    """Hold `[runner.ray]`, which counts with `fleet = "ray"`."""

    #: Where Ray is: "auto" is the node that runs on this machine, "host:6379" a head, "ray://host:10001" a
    #: head that this machine is no node of.
    address: str = Field(default="auto", min_length=1)
    #: Name or address of this machine, at which the nodes reach it.
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8482, ge=0, le=65535)
    #: Address to listen on, where it is not `host`.
    listen: str = ""
    #: URL of the registry, as the nodes reach it; "" is that of `[registry]`.
    registry: str = ""
    #: Cores that a runner on a CPU reserves at Ray, and uses.
    cores: int = Field(default=1, ge=1, le=1024)
    #: Encrypt photos on their way to the nodes. Both ends show a certificate.
    tls: bool = False
    #: Network on which all machines are trusted, as "10.0.0.0/24". Without `tls` photos go over it in the
    #: clear, and connections from elsewhere are refused.
    private_network: Annotated[str, AfterValidator(_network)] = ""


class RunnerConfig(Section):
    """Hold `[runner]`."""

    #: Where runner processes run: "local" is this machine, "ray" the nodes of a Ray cluster.
    fleet: Literal["local", "ray"] = "local"
    ray: RayConfig = RayConfig()

    device: Annotated[str, AfterValidator(_device)] = "auto"
    #: Runner processes on each device; a photo of 50 megapixels takes about 2 GB of memory in each. With
    #: `fleet = "ray"` of the whole cluster, each on a device of its own.
    processes: int = Field(default=1, ge=1, le=1024)
    #: Limit of processes on each device, up to which they are added as the queue grows. They are ended
    #: when it has been short for minutes. 0: always `processes`. On a CPU they share the cores that one
    #: takes by itself.
    processes_max: int = Field(default=0, ge=0, le=1024)
    #: Bytes of resident memory above which a runner is replaced by a fresh one, without a gap. What a
    #: large photo takes while it is painted does not count. 0: never.
    recycle_bytes: int = Field(default=1_000_000_000, ge=0)
    #: Bytes of the models that a runner keeps in memory.
    cache_bytes: int = Field(default=1 << 30, ge=0)
    #: Bytes of the blobs in the folder `cache`, which all runners share.
    cache_disk_bytes: int = Field(default=4 << 30, ge=0)
    #: Write into each painting how it was painted, whose style it is in, and that a machine painted it.
    mark_paintings: bool = True
    #: Learn from paintings that people send, beside the painting of photos. It needs the extra `train`.
    learn: bool = True
    #: Paintings of one person that are learnt from in a day. 0: as many as they send.
    learn_in_a_day: int = Field(default=5, ge=0)
    #: VGG16 as safetensors, by which paintings and photos are compared while a style is learnt. "" is
    #: torchvision's, which is downloaded into `cache` before the first painting.
    features: OptionalFile = None
    #: Folder of the blobs pulled from the registry; with it, a restarted runner needs no registry.
    cache: ConfigPath = Field(default=Path("var/runner"), validate_default=True)


def _in_time(balancer: BalancerConfig) -> BalancerConfig:
    if balancer.batch_seconds >= balancer.deadline_seconds:
        raise ValueError("batch_seconds must be less than deadline_seconds, or no hang is noticed in time")
    return balancer


def _growing(runner: RunnerConfig) -> RunnerConfig:
    if 0 < runner.processes_max < runner.processes:
        raise ValueError("processes_max must be 0 or no less than processes")
    return runner


def _on_ray(runner: RunnerConfig) -> RunnerConfig:
    if runner.fleet == "ray":
        if not runner.ray.tls and not runner.ray.private_network:
            raise ValueError(
                'fleet = "ray" needs tls = true in [runner.ray], or private_network, '
                "a network on which all machines are trusted"
            )
        if ":" in runner.device:
            raise ValueError('with fleet = "ray" the device is "auto", "cpu" or "cuda"; Ray chooses the GPU')
    return runner


class RunnerConfigFile(BaseModel):
    """Hold the tables that this package reads of config.toml."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    logs: LogsConfig = LogsConfig()
    registry: RegistryAddress = RegistryAddress()
    balancer: Annotated[BalancerConfig, AfterValidator(_in_time)] = BalancerConfig()
    runner: Annotated[RunnerConfig, AfterValidator(_growing), AfterValidator(_on_ray)] = Field(
        default_factory=RunnerConfig
    )
