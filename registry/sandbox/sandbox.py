"""What a disposable process does to itself before it opens a file from who knows whom.

    apply         from here on: reads only what is named, writes only to one folder, no network, no other
                  process, bounded memory, time and files; gives what of it holds on this kernel
    Limits        how much of each
    is_full       whether the memory is used up
    libraries     the files without which Python and OpenVINO do not run
    end_with      has the kernel end this process with its parent

A model file is data, but those who read it for us are large C++ libraries. Should a file take one of them
over, it holds a process that can do nothing but compute, and that is gone in a minute. All of this holds for
the calling thread and what it starts, cannot be undone, and must come before numpy or OpenVINO are imported,
whose threads would stay outside. Linux only; elsewhere the limits hold alone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import site
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.sandbox import landlock, seccomp

#: Address space on top of the memory limit, for the libraries' files: numpy, OpenVINO and torch map 0.9 GB.
MAPPED_FILES = 2 << 30
#: Where shared libraries lie, and what their loader reads.
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache")
#: What OpenVINO asks of the machine: cores, caches, memory nodes and pages; the container's share of them.
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
#: Share of the memory; libraries ask for it in pieces of some megabytes.
NEARLY_FULL = 0.85
#: Before any other process where memory runs out on the whole machine; the kernel's own scale goes to 1000.
FIRST_TO_GO = "1000"
PR_SET_PDEATHSIG = 1
CAPABILITIES_V3 = 0x2008_0522
#: CAP_DAC_READ_SEARCH: root may run a registry from a home that is closed to others. Landlock still decides.
READ_ALL = 1 << 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a validation may use. Every limit ends or refuses, none waits."""

    memory: int = 3 << 30  #: bytes of its own; a transformer-net of 128 channels takes 1 GB at 800 pixels
    cpu_seconds: int = 60  #: of all its threads together
    file_bytes: int = 512 << 20  #: of each file that it writes
    open_files: int = 256


def apply(readable: Sequence[Path], writable: Path, limits: Limits) -> tuple[str, ...]:
    """Shuts this process in and gives the names of what holds. Raises OSError where the kernel fails at it.

    A kernel without landlock or seccomp is no error: the limits hold everywhere.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)
    _limit(limits)
    held = ["limits"]
    if sys.platform == "linux":
        fence = landlock.restrict([*readable, *libraries()], [writable])
        held += fence
        _drop_capabilities(kept=READ_ALL if fence else 0)
        held += seccomp.install()
    return tuple(held)


def libraries() -> list[Path]:
    """Python's installation, the environment's packages, shared libraries, and facts about the machine.

    Not `sys.path`: the project's folder stands there too, and below it may lie the registry's own files.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    python = [sysconfig.get_path(name) for name in names] + [f"{sys.base_prefix}/lib"]
    packages = [site.getusersitepackages(), *site.getsitepackages()]
    return [Path(path) for path in dict.fromkeys([*python, *packages, *SYSTEM, *MACHINE])]


def is_full(limits: Limits) -> bool:
    """Whether this process has taken nearly all of its memory: then what fails next fails for that."""
    try:
        status = Path("/proc/self/status").read_text()
    except MemoryError:
        return True
    except OSError:
        return False
    taken = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    return taken * 1024 > limits.memory * NEARLY_FULL


def end_with(parent: int) -> None:
    """Has the kernel kill this process when its parent dies; ends it at once if that has happened."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the registry is gone")


def _limit(limits: Limits) -> None:
    # Not RLIMIT_NPROC: it counts every process of the user, and does not hold for root. Processes are refused
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
    """A registry that runs as root tries styles without root's powers; others have nothing to drop."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; the same for those from 32 on
    libc.capget(header, sets)
    libc.capset(header, (ctypes.c_uint32 * 6)(sets[0] & kept, sets[1] & kept))
