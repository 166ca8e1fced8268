"""The folder in which a pool of validations works: locked while it is used, swept when its registry was
killed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from registry.validation.worker import PRIVATE


def move_in(folder: Path) -> int:
    """Makes the folder, and removes those beside it whose registries were killed.

    Gives a descriptor of it that is locked as long as it is open: by that a folder in use is known.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent, fcntl.LOCK_EX):  # nobody sweeps what is made but not locked yet
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
