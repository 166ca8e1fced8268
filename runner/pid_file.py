"""A file that says which process a balancer is, for commands that want to send it a signal.

    place     where it lies
    written   holds it while a block runs
    holder    whose it is
    tell      sends them a signal

The process that wrote it has it locked as long as it lives, and the kernel frees the lock however it ends. So
a number in a file that nobody locks is an old one, and no stranger is ever sent a signal.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from runner.config import RunnerConfigFile

#: How often and every how many seconds who wants the file tries: who asks whose it is locks it for a moment.
TRIES, EVERY = 20, 0.05


def place(config: RunnerConfigFile) -> Path:
    """Beside the style files: only who runs the balancer writes there. The port tells balancers apart."""
    return config.runner.cache / f"balancer-{config.balancer.port}.pid"


@contextmanager
def written(file: Path) -> Iterator[None]:
    """It says this process's number while the block runs. Raises `BlockingIOError` where it is another's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # whoever may open it may lock it
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
    """The number of the process that has it; None if there is none."""
    try:
        with file.open() as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(opened.read().strip() or 0) or None
    except FileNotFoundError:
        pass
    return None


def tell(file: Path, number: signal.Signals) -> bool:
    """Sends a signal to the process that has it; whether there is one.

    What is opened stays that process's, though its number be given to another one: so it is asked twice.
    """
    pid = holder(file)
    if pid is None:
        return False
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        if holder(file) != pid:
            return False
        signal.pidfd_send_signal(process, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(process)
    return True
