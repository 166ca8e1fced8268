"""List the files that CUDA needs besides those of every sandboxed process, and no more.

They come from public reports of CUDA sandboxed by Landlock, snap or gVisor, for drivers up to 580.
This has never run on a GPU. Without one of the files of `operated` CUDA ends with error 304.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

#: Libraries where containers and NVIDIA's installer put them, and facts about the machine and its GPUs.
READ = (
    "/usr/local/nvidia",
    "/usr/local/cuda",
    "/opt/cuda",
    "/proc/driver/nvidia",
    "/proc/devices",
    "/proc/sys/vm/mmap_min_addr",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/memory",
)
#: Devices: of each GPU, of all, of memory that CPU and GPU share, and of parts of a GPU (MIG). Those for
#: profilers and screens are not needed.
DEVICE = re.compile(r"nvidia\d+|nvidiactl|nvidia-uvm|nvidia-caps")
#: Seconds to load a module into the kernel; it takes less than one.
MODPROBE_SECONDS = 20.0
#: Folder of this process's threads, to which CUDA writes their names.
THREADS = "/proc/self/task"


def load_driver() -> None:
    """Have the device for shared memory made, as CUDA does where it may start programs."""
    import subprocess  # which a trial never needs

    if not Path("/dev/nvidia-uvm").exists():
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(["nvidia-modprobe", "-u", "-c", "0"], check=False, timeout=MODPROBE_SECONDS)


def readable(root: Path = Path("/")) -> list[Path]:
    """Return the files and folders to be read."""
    gpus = [root / "sys/bus/pci/devices" / gpu.name for gpu in root.glob("proc/driver/nvidia/gpus/*")]
    return [*(root / path[1:] for path in READ), *(gpu.resolve() for gpu in gpus)]


def operated(root: Path = Path("/")) -> list[Path]:
    """Return the devices, and the folder to whose files CUDA writes."""
    devices = [path for path in root.glob("dev/nvidia*") if DEVICE.fullmatch(path.name)]
    return [*sorted(devices), root / THREADS[1:]]
