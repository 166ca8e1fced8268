from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from registry import schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def test_a_new_file_is_brought_up_to_date_once(path: Path) -> None:
    connection = schema.connect(path)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY name")]
        assert names == [name for name, _ in schema.MIGRATIONS]
        assert schema.migrate(connection) == []
    finally:
        connection.close()


def test_the_file_is_opened_safely(path: Path) -> None:
    connection = schema.connect(path)
    try:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [connection.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
        assert values == ["wal", 1, 2, schema.BUSY_SECONDS * 1000]
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("INSERT INTO alias VALUES ('mosaic', 'live', 1)")
    finally:
        connection.close()


def test_a_later_migration_is_applied_to_a_file_that_has_the_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.connect(path).close()
    later = ("0002_later", lambda connection: connection.execute("CREATE TABLE later (x)"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, later))
    connection = schema.connect(path)
    try:
        assert connection.execute("SELECT count(*) FROM later").fetchone()[0] == 0
    finally:
        connection.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        raise RuntimeError("broken")

    schema.connect(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("0002_broken", broken)))
        with pytest.raises(RuntimeError, match="broken"):
            schema.connect(path)
    connection = schema.connect(path)
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert "half" not in tables
        assert connection.execute("SELECT count(*) FROM migration").fetchone()[0] == len(schema.MIGRATIONS)
    finally:
        connection.close()
