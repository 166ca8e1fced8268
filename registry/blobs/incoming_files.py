"""Hold files while they are received and tried, until they are blobs or removed.

The folder is always on this machine, wherever the blobs are. Every process that uses it holds a shared lock
on it. A start clears it where no other process does; else only uploads that are abandoned are removed.
"""

from __future__ import annotations

import fcntl
import math
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.blobs.blob import IncomingFile, digest_of

#: Seconds without a write after which a file counts as abandoned. A live upload is written to all the time,
#: and its validation takes a minute at most.
ABANDONED_AFTER = 3600.0


class IncomingFolder:
    """Hold the folder of uploads in progress. Any number of processes may use it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def close(self) -> None:
        """Stop using the folder, so that another process may clear all of it."""
        os.close(self._lock)

    def clear(self) -> None:
        """Remove what killed processes left: all of it, or what is abandoned while others use the folder."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            spared = ABANDONED_AFTER
        else:
            spared = -math.inf  # also what a clock that was set back dates into the future
        try:
            for path in self.path.iterdir():
                remove_old(path, spared, dry_run=False)
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    @contextmanager
    def receive(self, source: Path) -> Iterator[IncomingFile]:
        """Copy `source` durably to check and keep it. A copy that is not kept is removed after the block."""
        copy = self.path / secrets.token_hex(16)
        try:
            shutil.copyfile(source, copy)
            with copy.open("rb") as file:
                os.fsync(file.fileno())
            copy.chmod(0o444)
            yield IncomingFile(path=copy, digest=digest_of(copy), bytes=copy.stat().st_size)
        finally:
            copy.unlink(missing_ok=True)

    def sweep(self, *, dry_run: bool = False) -> list[int]:
        """Remove abandoned uploads, and return the bytes of each. A dry run only lists."""
        found = [remove_old(path, ABANDONED_AFTER, dry_run=dry_run) for path in self.path.iterdir()]
        return [size for size in found if size is not None]


def remove_old(path: Path, spared: float, *, dry_run: bool) -> int | None:
    """Remove a file or folder unless something in it was written to in the last `spared` seconds.

    Returns its bytes, or None if it stays, or if its owner has just removed it.
    """
    try:
        found = [entry.lstat() for entry in (path, *path.rglob("*"))]
        if max(status.st_mtime for status in found) > time.time() - spared:
            return None
        if not dry_run:
            shutil.rmtree(path) if stat.S_ISDIR(found[0].st_mode) else path.unlink()
    except FileNotFoundError:
        return None
    return sum(status.st_size for status in found if stat.S_ISREG(status.st_mode))
