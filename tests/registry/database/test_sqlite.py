from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from registry.database.sqlite import BUSY_SECONDS, DatabaseFile, connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def test_the_file_is_opened_safely(path: Path) -> None:
    with closing(connect(path)) as db:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
        assert values == ["wal", 1, 2, BUSY_SECONDS * 1000]
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.table("alias").insert({"style": "mosaic", "alias": "live", "version": 1})


async def test_a_file_tells_of_no_event(path: Path) -> None:
    with closing(DatabaseFile(path)) as state:
        await state.watch(lambda: pytest.fail("nothing happened"))
        assert state.poll_seconds < 1


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        DatabaseFile(path)
