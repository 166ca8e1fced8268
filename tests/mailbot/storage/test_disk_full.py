"""Waiting for room: what counts as a full disk, and what does not. Real full disks are among the faults."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from mailbot.storage import disk_full
from mailbot.storage.disk_full import is_disk_full, with_room


class Disk:
    """Full for some attempts."""

    def __init__(self, *errors: OSError | sqlite3.Error) -> None:
        self.errors = list(errors)

    async def write(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "written"


def no_room() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_full, "FIRST_DELAY", 0.001)
    disk = Disk(no_room(), OSError(errno.EDQUOT, "Disk quota exceeded"), no_room())
    assert await with_room(disk.write) == "written"


async def test_another_error_is_raised_at_once() -> None:
    disk = Disk(OSError(errno.EIO, "Input/output error"))
    with pytest.raises(OSError, match="Input/output"):
        await with_room(disk.write)


def test_sqlite_says_that_its_file_may_not_grow() -> None:
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE big (content BLOB)")
        db.execute("PRAGMA max_page_count = 4")
        with pytest.raises(sqlite3.OperationalError) as grown:
            db.execute("INSERT INTO big VALUES (zeroblob(100000))")
        with pytest.raises(sqlite3.OperationalError) as wrong:
            db.execute("INSERT INTO small VALUES (1)")
    db.close()
    assert is_disk_full(grown.value)
    assert not is_disk_full(wrong.value)
