"""The ledger's migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mailbot.keeping.schema import MIGRATIONS, migrate


def test_migrations_run_once(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    assert migrate(db) == [name for name, _ in MIGRATIONS]
    assert migrate(db) == []
    db.close()


def test_a_failed_migration_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        raise RuntimeError

    monkeypatch.setattr("mailbot.keeping.schema.MIGRATIONS", (*MIGRATIONS, ("9999_broken", broken)))
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    with pytest.raises(RuntimeError):
        migrate(db)
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
    db.close()
