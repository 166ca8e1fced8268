"""Lock the folder of a validation pool while it is used, and remove those of killed registries."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from registry.validation.worker import PRIVATE


def lock_folder(folder: Path) -> int:
    """Make the folder, and remove the folders beside it whose registries were killed.

    Returns a descriptor of the folder, which is locked while that is open. The lock marks a folder in use.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent, fcntl.LOCK_EX):  # no other process removes the new folder before its lock
        folder.mkdir(PRIVATE)
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for other in folder.parent.iterdir():
            with suppress(OSError), _locked(other, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(other)
    return descriptor


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
