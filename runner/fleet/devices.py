"""Find the devices, and the environment and threads of a runner process. Loads no torch."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from importlib import metadata
from itertools import takewhile
from pathlib import Path

from styles.service.cgroup import cores
from styles.service.child_processes import allowed_environment
from styles.service.optional_libraries import is_installed, missing, require

log = logging.getLogger(__name__)

#: Names of variables that a runner process may see besides the harmless ones. It needs no credential, and so
#: every other variable stays with the balancer.
ENVIRONMENT = r"HOME|TMPDIR|PYTHON[A-Z]+|(CUDA|NVIDIA|OMP|MKL|KMP|OV|OPENVINO|TORCH|PYTORCH|MALLOC)_\w+"
#: Variables that glibc reads at the start of a process. The first is the limit of its memory arenas. The
#: second is the bytes from which a piece is mapped on its own, and returned to the system when freed. The
#: third is the free bytes that an arena keeps.
ARENAS, OWN_PIECES, KEPT = "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"
#: Bytes from which a piece is mapped on its own; layers and pictures are larger.
OWN_BYTES = 1_000_000
#: Free bytes that an arena keeps for the next photo. With glibc's 128 kB each photo of 200 KB took its memory
#: anew from the system, page by page. That was 0.35 ms of the 1.05 that a runner's process needs to pass it
#: on.
KEPT_BYTES = 4_000_000


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a runner process: the allowed variables, and settings for memory.

    By default glibc makes an arena for nearly every thread, up to eight a core, and free memory in one serves
    no other. On two cores, two arenas saved 35 MB of some 600, at no cost in time. By default glibc also
    learns to keep large pieces, which photos of all sizes fragment. After 2,000 photos 720 MB were left,
    against 550 where large pieces are returned.
    """
    memory = {ARENAS: str(cores()), OWN_PIECES: str(OWN_BYTES), KEPT: str(KEPT_BYTES)}
    return memory | allowed_environment(environment, ENVIRONMENT)


def devices(device: str, root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the devices that `runner.device` names: for "auto" every GPU, or else the CPU.

    Raises `MissingExtra` where a GPU is named and torch is not installed. With "auto" that is a warning.
    """
    if device != "auto":
        if device != "cpu":
            require("gpu", f"[runner] device {device}")
        return [device]
    return [f"cuda:{i}" for i in range(_gpus(root, environment))] or ["cpu"]


def _gpus(root: Path, environment: Mapping[str, str]) -> int:
    """Count the GPUs that the driver shows, the environment allows, and the installed torch can use."""
    cards = len(list(root.glob("proc/driver/nvidia/gpus/*")))
    cards = cards or sum(1 for node in root.glob("dev/nvidia*") if re.fullmatch(r"nvidia\d+", node.name))
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    cards = cards if visible is None else min(cards, _visible(visible))
    if cards and not is_installed("gpu"):
        log.warning("there is a GPU, but the CPU paints. %s", missing("gpu", "Painting on it"))
        return 0
    return 0 if cards and "+cpu" in metadata.version("torch") else cards


def _visible(named: str) -> int:
    """Count the GPUs in CUDA_VISIBLE_DEVICES up to the first invalid name; MIG parts count as one."""
    names = list(takewhile(re.compile(r"\d|GPU-|MIG-").match, (name.strip() for name in named.split(","))))
    return 1 if names and names[0].startswith("MIG-") else len(names)


def threads(device: str, processes: int) -> int:
    """Return the threads of each of `processes` runners on a device; 0 is the engine's default."""
    if device != "cpu" or processes == 1:
        return 0
    return max(1, cores() // processes)
