"""Record the process id of a balancer in a file, for commands that send it a signal.

The balancer locks the file, and the kernel releases the lock however the process ends. So the number in a
file without a lock is an old one, and no other process ever gets the signal.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from runner.config import RunnerConfigFile

#: Attempts to lock the file, and seconds between them: a reader locks it for a moment as well.
TRIES, EVERY = 20, 0.05


def path_of(config: RunnerConfigFile) -> Path:
    """Return the path, beside the style files; the port tells balancers apart."""
    return config.runner.cache / f"balancer-{config.balancer.port}.pid"


@contextmanager
def written(file: Path) -> Iterator[None]:
    """Hold the file, with this process's id. Raises `BlockingIOError` if another process holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # a user who may open it may lock it
    with file.open("a+") as opened:
        if not _locked(opened):
            raise BlockingIOError(f"Another balancer runs already: {file} is in use.")
        opened.truncate(0)
        opened.write(f"{os.getpid()}\n")
        opened.flush()
        yield


def _locked(file: IO[str]) -> bool:
    for _ in range(TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(EVERY)
        else:
            return True
    return False


def holder(file: Path) -> int | None:
    """Return the id of the process that holds the file, or None."""
    try:
        with file.open() as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(opened.read().strip() or 0) or None
    except FileNotFoundError:
        pass
    return None


def send_signal(file: Path, number: signal.Signals) -> bool:
    """Send a signal to the process that holds the file; return whether there is one.

    The open pidfd refers to that process even if its id is used again, so the holder is read twice.
    """
    pid = holder(file)
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        process = os.pidfd_open(pid)
        try:
            if holder(file) == pid:
                signal.pidfd_send_signal(process, number)
                return True
        finally:
            os.close(process)
    return False
