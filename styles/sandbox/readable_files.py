"""List the files that a sandboxed process may read beside those of its work.

What CUDA needs besides is in `cuda.py`.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path

#: Folders of shared libraries, the cache that their loader reads, and fonts for the titles of sheets.
SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache"),
    *("/usr/share/fonts", "/usr/local/share/fonts"),
)
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


def libraries() -> list[Path]:
    """List Python's installation, installed packages, shared libraries, fonts and facts about the machine.

    The caller adds this project's packages. `sys.path` is not used: it has the project's folder, which may
    contain the registry's own files.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    python = [sysconfig.get_path(name) for name in names] + [f"{sys.base_prefix}/lib"]
    packages = [site.getusersitepackages(), *site.getsitepackages()]
    named = filter(os.path.isabs, os.environ.get("LD_LIBRARY_PATH", "").split(":"))
    return [Path(path) for path in dict.fromkeys([*python, *packages, *SYSTEM, *named, *MACHINE])]
