"""A file that says which process a balancer is, for commands that want to send it a signal.

    place     where it lies
    written   holds it while a block runs
    holder    whose it is

The process that wrote it has it locked as long as it lives, and the kernel frees the lock however it ends. So
a number in a file that nobody locks is an old one, and no stranger is ever sent a signal.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.config import Config


def place(config: Config) -> Path:
    """Beside the style files: only who runs the balancer writes there. The port tells balancers apart."""
    return config.runner.cache / f"balancer-{config.balancer.port}.pid"


@contextmanager
def written(file: Path) -> Iterator[None]:
    """It says this process's number while the block runs. Raises `BlockingIOError` where it is another's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BlockingIOError(f"Another balancer runs already: {file} is in use.") from error
        opened.truncate(0)
        opened.write(f"{os.getpid()}\n")
        opened.flush()
        yield


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
