"""Sandbox this process before it opens an untrusted file.

    TRIAL    of an uploaded style: one process for each
    RUNNER   decodes and paints the photos of all senders
    LEARNER  learns from one painting

A model file and a photo are data, but large C++ libraries read them. If a file takes one of them over, it
controls a process that can only compute. docs/serving.md has a table of what each of the two may do.
The sandbox holds for the calling thread and all that it starts, and cannot be undone. It must come before
numpy or OpenVINO are imported, whose threads would stay outside. On systems other than Linux only the limits
hold.
"""

from __future__ import annotations

import ctypes
import logging
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from styles.sandbox import cuda, landlock, readable_files, seccomp

#: Bytes of address space beyond the memory limit for mapped libraries. numpy, OpenVINO and torch map 0.9 GB.
MAPPED_FILES = 2 << 30
#: Share of the memory limit that counts as full, since libraries ask for pieces of some megabytes.
NEARLY_FULL = 0.85
CAPABILITIES_V3 = 0x2008_0522
#: CAP_DAC_READ_SEARCH: root may run this from a home closed to others. Landlock still decides.
READ_ALL = 1 << 2
#: Protections, and what a missing one means. Without one of two of them, a file that takes a process over
#: could reach everything that its user can.
TRUSTED_ONLY = "only people who are trusted should {use}"
PROTECTIONS = {
    "landlock: files": TRUSTED_ONLY,
    "landlock: signals": "seccomp alone keeps a process from signalling others",
    "seccomp": TRUSTED_ONLY,
}
UNLIMITED = resource.RLIM_INFINITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limit what a process may use, by default a trial.

    Every limit ends the process or refuses; none waits.
    """

    memory: int = 3 << 30  #: bytes of its own; a transformer-net of 128 channels takes 1 GB at 800 pixels
    cpu_seconds: int = 60  #: seconds of processor time of all its threads
    file_bytes: int = 512 << 20  #: bytes of each file that it writes
    open_files: int = 256
    oom_score: int = 1000  #: up to 1000; where memory ends, the kernel ends the process with the most


TRIAL = Limits()
#: A runner lives for days, and a GPU's memory has addresses too. It opens no file to write, but inherits its
#: log. Where memory ends it goes after a trial and before the services: its photos are painted again.
RUNNER = Limits(memory=UNLIMITED, cpu_seconds=UNLIMITED, file_bytes=UNLIMITED, open_files=1024, oom_score=500)
#: A learning process takes 2 GB, and 1 GB more while it reads torchvision's file of VGG16. Where memory ends
#: it goes before a runner: it goes on from its last checkpoint.
LEARNER = replace(RUNNER, memory=8 << 30, open_files=256, oom_score=800)


def apply(
    readable: Sequence[Path], limits: Limits, *, writable: Sequence[Path] = (), on_gpu: bool = False
) -> tuple[str, ...]:
    """Sandbox this process and return the protections that hold. Raises OSError where the kernel fails.

    `on_gpu`: allow what CUDA needs. A kernel without Landlock or seccomp is no error: the limits hold
    everywhere.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(limits.oom_score))
    if on_gpu:
        cuda.load_driver()
    _limit(limits)
    held = ["limits"]
    if sys.platform == "linux":
        readable = [*readable, *readable_files.libraries(), *(cuda.readable() if on_gpu else ())]
        fence = landlock.restrict(readable, writable, cuda.operated() if on_gpu else ())
        held += fence
        _drop_capabilities(kept=READ_ALL if fence else 0)
        held += seccomp.install(cuda=on_gpu)
    return tuple(held)


def log_protections(log: logging.Logger, work: str, held: Sequence[str], use: str) -> None:
    """Log the protections that hold for a sandboxed work, and what it means where one is missing.

    `use` completes "only people who are trusted should …".
    """
    log.info("%s with these protections: %s", work, ", ".join(held))
    for part, meaning in PROTECTIONS.items():
        if part not in held:
            log.warning("this system has no %s: %s", part, meaning.format(use=use))


def missing() -> list[str]:
    """Return the protections that this system lacks, without which only trusted people should use it."""
    held = ["landlock: files"] * bool(landlock.abi_version()) + ["seccomp"] * seccomp.is_available()
    return [part for part, meaning in PROTECTIONS.items() if meaning is TRUSTED_ONLY and part not in held]


def is_near_limit(limits: Limits) -> bool:
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
    for which, limit, beyond in (
        (resource.RLIMIT_DATA, limits.memory, 0),
        (resource.RLIMIT_AS, limits.memory, MAPPED_FILES),
        (resource.RLIMIT_CPU, limits.cpu_seconds, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes, 0),
        (resource.RLIMIT_NOFILE, limits.open_files, 0),
        (resource.RLIMIT_CORE, 0, 0),  # a core file would hold the upload or the photo
    ):
        if limit == UNLIMITED:
            continue
        soft = limit + beyond
        hard = soft + (which == resource.RLIMIT_CPU)  # SIGXCPU, then SIGKILL
        most = resource.getrlimit(which)[1]
        if most != UNLIMITED:  # a hard limit that is lower already stays
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(which, (soft, hard))


def _drop_capabilities(kept: int) -> None:
    """Drop root's capabilities where root runs this; other users have none."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; the same for numbers from 32 on
    libc.capget(header, sets)
    libc.capset(header, (ctypes.c_uint32 * 6)(sets[0] & kept, sets[1] & kept))
