"""Work that is killed at each change that it makes to the disk, one after the other."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

#: What Python reports before it changes a folder (PEP 578).
CHANGES = frozenset(("os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"))


def deaths(work: Callable[..., object], *arguments: object, most: int = 200) -> Iterator[int]:
    """Run the work in a process of its own that is killed before its first change, its second, and so on.

    Yields after each death, and ends when the work has come to its end. Files that are opened to be written
    count as changes, and connections to a database.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    helper = context.Process(target=_fork, args=(theirs, work, arguments), daemon=True)
    helper.start()
    try:
        for number in range(1, most):
            ours.send(number)
            status = ours.recv()
            if not status:
                return
            assert os.WIFSIGNALED(status), "the work has failed by itself"
            yield number
        raise AssertionError("the work has no end")
    finally:
        ours.close()
        helper.join()


def _fork(numbers: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Answer each number with the status of the process that was killed there; modules are imported once."""
    with suppress(EOFError):
        while True:
            number = numbers.recv()
            if not (process := os.fork()):
                try:
                    _until(number, work, arguments)
                    os._exit(0)
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
            numbers.send(os.waitpid(process, 0)[1])


def _until(number: int, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    left = number

    def watch(event: str, values: tuple[object, ...]) -> None:
        nonlocal left
        flags = values[2] if event == "open" else 0
        is_write = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
        if is_write or event in CHANGES or event == "sqlite3.connect":
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    work(*arguments)
