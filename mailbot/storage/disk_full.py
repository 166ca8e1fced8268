"""What comes of a full disk: nothing is begun that cannot be kept, and all goes on once there is room.

    with_room    tries something for as long as the disk is full
    is_full      whether that is what an error says

A transaction that fails leaves nothing behind, and neither does a spool file, so trying again is safe. Ending
the bot instead would help nobody: the next process would meet the same disk, and a mail that was at work
at three such ends would be taken for their cause.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Between two attempts, seconds: doubles from the first to the last.
FIRST_DELAY, LAST_DELAY = 0.5, 15.0
#: No room for anybody, and no room for this user.
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
#: No room for a page, and at start none for the index that SQLite keeps beside its write-ahead log.
SQLITE_FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE))


async def with_room(attempt: Callable[[], Awaitable[T]]) -> T:
    """What `attempt` gives, once the disk has room for it. Raises its other errors."""
    delay = FIRST_DELAY
    while True:
        try:
            return await attempt()
        except (OSError, sqlite3.Error) as error:
            if not is_full(error):
                raise
            log.warning("the disk is full, tried again in %.1f s: %s", delay, error)
        await asyncio.sleep(delay)
        delay = min(LAST_DELAY, delay * 2)


def is_full(error: OSError | sqlite3.Error) -> bool:
    """Whether there was no room on the disk."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return getattr(error, "sqlite_errorcode", None) in SQLITE_FULL
