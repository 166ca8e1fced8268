from __future__ import annotations

import sqlite3
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from registry import schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """The registry's, to which a test may add one."""
    migrations = deepcopy(schema.migrations)
    monkeypatch.setattr(schema, "migrations", migrations)
    return migrations


def applied(db: Database) -> list[str]:
    return [migration.name for migration in schema.migrations.applied(db)]


def test_a_new_file_is_brought_up_to_date_once(path: Path) -> None:
    for _ in range(2):
        with closing(schema.connect(path)) as db:
            assert applied(db) == ["0001_first_tables"]
            assert schema.migrations.pending(db) == []
            assert {"style", "blob", "version", "alias", "event"} <= set(db.table_names())


def test_the_file_is_opened_safely(path: Path) -> None:
    with closing(schema.connect(path)) as db:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
        assert values == ["wal", 1, 2, schema.BUSY_SECONDS * 1000]
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.table("alias").insert({"style": "mosaic", "alias": "live", "version": 1})


def test_a_later_migration_is_applied_to_a_file_that_has_the_first(
    path: Path, migrations: Migrations
) -> None:
    schema.connect(path).close()

    @migrations(name="0002_later")
    def later(db: Database) -> None:
        db.execute("CREATE TABLE later (x)")

    with closing(schema.connect(path)) as db:
        assert db.table("later").count == 0
        assert applied(db) == ["0001_first_tables", "0002_later"]


@pytest.mark.parametrize("new", [True, False])
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, migrations: Migrations, new: bool
) -> None:
    if not new:
        schema.connect(path).close()

    @migrations(name="0002_broken")
    def broken(db: Database) -> None:
        db.execute("CREATE TABLE half (x)")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        schema.connect(path)
    with closing(Database(path)) as db:
        assert "half" not in db.table_names()
        assert applied(db) == ([] if new else ["0001_first_tables"])


@pytest.mark.parametrize("outcome", ["kept", "undone"])
def test_a_transaction_is_all_or_nothing(path: Path, outcome: str) -> None:
    with closing(schema.connect(path)) as db, closing(schema.connect(path)) as other:
        try:
            with schema.transaction(db):
                db.table("style").insert({"name": "mosaic", "created": schema.now()})
                db.table("style").insert({"name": "udnie", "created": schema.now()})
                assert other.table("style").count == 0
                if outcome == "undone":
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert other.table("style").count == (2 if outcome == "kept" else 0)
