"""Which devices there are, and what a runner process on one is given. Loads no torch."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import metadata
from itertools import takewhile
from pathlib import Path

from styles.service.cgroup import cores
from styles.service.process import allowed_environment

#: Names of variables that a runner process may see besides the harmless ones. It needs no credential, and so
#: every other variable stays with the balancer.
ENVIRONMENT = r"HOME|TMPDIR|PYTHON[A-Z]+|(CUDA|NVIDIA|OMP|MKL|KMP|OV|OPENVINO|TORCH|PYTORCH|MALLOC)_\w+"
#: What glibc reads when a process starts: how many arenas of memory it may make, and from how many bytes on
#: a piece is the system's own, which gets it back at once.
ARENAS, OWN_PIECES = "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_"
#: Layers and pictures are larger, bytes.
OWN_BYTES = 1_000_000


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What of an environment a runner process gets, and how it is to keep memory.

    By itself glibc makes an arena for nearly every thread, up to eight for each core of the machine, and what
    is free in one serves no other. On two cores two took 35 MB less than that, of some 600, and no more time.
    It also learns to keep large pieces, which photos of all sizes break up: 2,000 of them left 720 MB, and
    leave 550 where the pieces go back.
    """
    return {ARENAS: str(cores()), OWN_PIECES: str(OWN_BYTES)} | allowed_environment(environment, ENVIRONMENT)


def devices(wanted: str, root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> list[str]:
    """The devices that `runner.device` means: for "auto" every GPU, or the CPU where there is none."""
    if wanted != "auto":
        return [wanted]
    return [f"cuda:{i}" for i in range(_gpus(root, environment))] or ["cpu"]


def _gpus(root: Path, environment: Mapping[str, str]) -> int:
    """How many GPUs the driver shows, the environment leaves, and the installed torch can use."""
    try:
        if "+cpu" in metadata.version("torch"):
            return 0
    except metadata.PackageNotFoundError:
        return 0
    cards = len(list(root.glob("proc/driver/nvidia/gpus/*")))
    cards = cards or sum(1 for node in root.glob("dev/nvidia*") if re.fullmatch(r"nvidia\d+", node.name))
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    return cards if visible is None else min(cards, _visible(visible))


def _visible(named: str) -> int:
    """How many GPUs CUDA_VISIBLE_DEVICES names, up to the first that is none; of MIG parts it is one."""
    names = list(takewhile(re.compile(r"\d|GPU-|MIG-").match, (name.strip() for name in named.split(","))))
    return 1 if names and names[0].startswith("MIG-") else len(names)


def threads(device: str, processes: int) -> int:
    """Threads of each of `processes` runners on a device; 0 is the engine's own choice."""
    if device != "cpu" or processes == 1:
        return 0
    return max(1, cores() // processes)
