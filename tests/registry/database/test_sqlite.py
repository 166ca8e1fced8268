from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from registry.database import sqlite_schema as schema
from registry.database.sqlite import BUSY_SECONDS, DatabaseFile, connect, rows, transaction

MOSAIC, UDNIE = ({"name": name, "created": schema.now()} for name in ("mosaic", "udnie"))
COUNT = "SELECT count(*) AS n FROM style"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def state(path: Path) -> Iterator[DatabaseFile]:
    with closing(DatabaseFile(path)) as state:
        yield state


def count(state: DatabaseFile) -> int:
    with state.reading() as db:
        return int(rows(db, COUNT)[0]["n"])


def test_the_file_is_opened_safely(path: Path) -> None:
    with closing(connect(path)) as db:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
        assert values == ["wal", 1, 2, BUSY_SECONDS * 1000]
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.table("alias").insert({"style": "mosaic", "alias": "live", "version": 1})


@pytest.mark.parametrize("outcome", ["kept", "undone"])
def test_a_transaction_is_all_or_nothing(path: Path, outcome: str) -> None:
    with closing(connect(path)) as db, closing(connect(path)) as other:
        try:
            with transaction(db):
                db.table("style").insert(MOSAIC)
                db.table("style").insert(UDNIE)
                assert other.table("style").count == 0
                if outcome == "undone":
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert other.table("style").count == (2 if outcome == "kept" else 0)


@pytest.mark.parametrize("same_process", [True, False])
def test_who_reads_does_not_wait_for_who_writes(state: DatabaseFile, path: Path, same_process: bool) -> None:
    with closing(DatabaseFile(path)) as other, ThreadPoolExecutor(1) as thread:
        with (state if same_process else other).writing() as db:
            db.table("style").insert(MOSAIC)
            assert thread.submit(count, state).result(BUSY_SECONDS / 2) == 0
        assert count(state) == 1


def test_reads_are_of_one_moment(state: DatabaseFile) -> None:
    with state.reading() as db:
        before = rows(db, COUNT)
        with state.writing() as writer:
            writer.table("style").insert(MOSAIC)
        assert rows(db, COUNT) == before
    assert count(state) == 1


def test_who_reads_cannot_write(state: DatabaseFile) -> None:
    with state.reading() as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM style")


def test_threads_write_one_after_the_other(state: DatabaseFile) -> None:
    def add_one(number: int) -> None:
        with state.writing() as db:
            found = rows(db, COUNT)[0]["n"]
            db.table("style").insert({"name": f"style-{found}", "created": schema.now()})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(40)))  # two that read the same number would write the same name
    assert count(state) == 40


def test_closing_waits_for_who_is_writing(path: Path) -> None:
    state = DatabaseFile(path)
    closing_thread = threading.Thread(target=state.close)
    with state.writing() as db:
        closing_thread.start()
        closing_thread.join(0.05)
        db.table("style").insert(MOSAIC)
    closing_thread.join(BUSY_SECONDS)
    assert not closing_thread.is_alive()
    with closing(DatabaseFile(path)) as again:
        assert count(again) == 1


async def test_closing_waits_for_the_writes_that_wait_for_another_process(path: Path) -> None:
    state = DatabaseFile(path)

    def add(number: int) -> None:
        with state.writing() as db:
            db.table("style").insert({"name": f"style-{number}", "created": schema.now()})

    with closing(DatabaseFile(path)) as other:
        with other.writing():
            writing = [asyncio.ensure_future(state.writes(partial(add, n))) for n in range(8)]
            closed = asyncio.ensure_future(asyncio.to_thread(state.close))
            await asyncio.wait([closed], timeout=0.05)
            assert not closed.done()
        await asyncio.gather(closed, *writing)
        assert count(other) == 8


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        DatabaseFile(path)
