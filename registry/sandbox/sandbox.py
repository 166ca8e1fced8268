"""Sandbox this process before it opens an untrusted file.

A model file is data, but large C++ libraries read it. If a file takes one of them over, it controls a process
that can only compute, and that ends within a minute. The sandbox holds for the calling thread and all that it
starts, and cannot be undone. It must come before numpy or OpenVINO are imported, whose threads would stay
outside. On systems other than Linux only the limits hold.
"""

from __future__ import annotations

import ctypes
import resource
import site
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.sandbox import landlock, seccomp

#: Bytes of address space beyond the memory limit for mapped libraries. numpy, OpenVINO and torch map 0.9 GB.
MAPPED_FILES = 2 << 30
#: Folders of shared libraries, and the cache that their loader reads.
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache")
#: Files in which OpenVINO reads the machine's cores, caches, memory nodes and pages, and cgroup limits.
MACHINE = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup",
    "/sys/kernel/mm",
    "/dev/null",
    "/dev/urandom",
)
#: Share of the memory limit that counts as full, since libraries ask for pieces of some megabytes.
NEARLY_FULL = 0.85
#: OOM score: the kernel ends this process before any other. Its scale goes to 1000.
OOM_SCORE = "1000"
CAPABILITIES_V3 = 0x2008_0522
#: CAP_DAC_READ_SEARCH: root may run a registry from a home closed to others. Landlock still decides.
READ_ALL = 1 << 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limit what a validation may use. Every limit ends the process or refuses; none waits."""

    memory: int = 3 << 30  #: bytes of its own; a transformer-net of 128 channels takes 1 GB at 800 pixels
    cpu_seconds: int = 60  #: seconds of processor time of all its threads
    file_bytes: int = 512 << 20  #: bytes of each file that it writes
    open_files: int = 256


def apply(readable: Sequence[Path], writable: Path, limits: Limits) -> tuple[str, ...]:
    """Sandbox this process and return the protections that hold. Raises OSError where the kernel fails.

    A kernel without Landlock or seccomp is no error: the limits hold everywhere.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    _limit(limits)
    held = ["limits"]
    if sys.platform == "linux":
        fence = landlock.restrict([*readable, *libraries()], [writable])
        held += fence
        _drop_capabilities(kept=READ_ALL if fence else 0)
        held += seccomp.install()
    return tuple(held)


def libraries() -> list[Path]:
    """List Python's installation, the installed packages, shared libraries and facts about the machine.

    `registry/validation/process.py` adds this project's packages and the work folder. `sys.path` is not used:
    it has the project's folder, which may contain the registry's own files.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    python = [sysconfig.get_path(name) for name in names] + [f"{sys.base_prefix}/lib"]
    packages = [site.getusersitepackages(), *site.getsitepackages()]
    return [Path(path) for path in dict.fromkeys([*python, *packages, *SYSTEM, *MACHINE])]


def is_full(limits: Limits) -> bool:
    """Return whether this process has used nearly all its memory, which then explains the next failure."""
    try:
        status = Path("/proc/self/status").read_text()
    except MemoryError:
        return True
    except OSError:
        return False
    taken = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    return taken * 1024 > limits.memory * NEARLY_FULL


def _limit(limits: Limits) -> None:
    # Not RLIMIT_NPROC: it counts every process of the user, and root is exempt. Processes are refused
    # by seccomp, and threads cost address space.
    for which, soft, hard in (
        (resource.RLIMIT_DATA, limits.memory, limits.memory),
        (resource.RLIMIT_AS, limits.memory + MAPPED_FILES, limits.memory + MAPPED_FILES),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),  # SIGXCPU, then SIGKILL
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_CORE, 0, 0),  # a core file would hold the upload
    ):
        most = resource.getrlimit(which)[1]
        if most != resource.RLIM_INFINITY:  # a hard limit that is lower already stays
            soft, hard = min(soft, most), min(hard, most)  # noqa: PLW2901
        resource.setrlimit(which, (soft, hard))


def _drop_capabilities(kept: int) -> None:
    """Drop root's capabilities where the registry runs as root; other users have none."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; the same for numbers from 32 on
    libc.capget(header, sets)
    libc.capset(header, (ctypes.c_uint32 * 6)(sets[0] & kept, sets[1] & kept))
