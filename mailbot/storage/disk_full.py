"""Wait while the disk is full, and go on once there is room.

A transaction that fails leaves nothing behind, and neither does a spool file, so a retry is safe. Ending
the bot instead would not help: the next process would meet the same disk. A mail that was being worked on at
three such ends would be taken for their cause.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

from styles.service.backoff import backoff

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Shortest and longest backoff between two attempts, seconds.
FIRST_DELAY, LAST_DELAY = 0.5, 15.0
#: Error numbers: no room for anybody, and no room for this user.
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
#: SQLite's error codes: no room for a page, and at start no room for the index beside its write-ahead log.
SQLITE_FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE))


async def with_room(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run `attempt` until the disk has room for it, and return its result. Raises its other errors."""
    failures = 0
    while True:
        try:
            return await attempt()
        except (OSError, sqlite3.Error) as error:
            if not is_disk_full(error):
                raise
            delay = backoff(failures, FIRST_DELAY, LAST_DELAY)
            log.warning("the disk is full, tried again in %.1f s: %s", delay, error)
        failures += 1
        await asyncio.sleep(delay)


def is_disk_full(error: OSError | sqlite3.Error) -> bool:
    """Return whether the error says that the disk has no room."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return getattr(error, "sqlite_errorcode", None) in SQLITE_FULL


def is_of_disk(error: Exception) -> bool:
    """Return whether ledger or spool failed, as on a full disk. One mail's missing file does not count."""
    one_mail = isinstance(error, FileNotFoundError | ConnectionError | TimeoutError)
    return isinstance(error, sqlite3.Error | OSError) and not one_mail
