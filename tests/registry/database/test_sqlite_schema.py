from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from registry.database import sqlite_schema as schema
from registry.database.dialect import now
from registry.database.sqlite import SqliteTransaction, connect
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.errors import UnknownStyle
from tests.fakes.registry.versions import publish
from tests.fakes.registry.writers import person

ALL = [
    "0001_first_tables",
    "0002_retired_styles",
    "0003_audit",
    "0004_tokens_and_sessions",
    "0005_environment",
    "0006_owners",
    "0007_card_edits",
    "0008_usage_and_proofs",
    "0009_thumbnails",
    "0010_authors",
    "0011_private_versions",
    "0012_learning_jobs",
    "0013_stopped_jobs",
]
#: What a registry had written that knew the first migration only, as `.dump` gives it.
FIRST_TABLES = Path(__file__).with_name("first_tables.sql")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def old(path: Path) -> Path:
    """The file of a registry of the first migration, with two styles in it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_TABLES.read_text(encoding="utf-8"))
    return path


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with closing(connect(path)) as db:
        yield db


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
        with closing(connect(path)) as db:
            assert applied(db) == ALL
            assert schema.migrations.pending(db) == []
            tables = {
                "style",
                "maintainer",
                "blob",
                "version",
                "alias",
                "card_edit",
                "usage",
                "proof",
                "proof_mail",
                "person",
                "event",
                "audit",
                "token",
                "session",
                "environment",
            }
            assert tables <= set(db.table_names())


def test_a_file_of_the_first_migration_comes_up_with_all_that_is_in_it(old: Path) -> None:
    with Store(StoreLocation(folder=old.parent)) as store:
        assert [(style.name, style.aliases) for style in store.styles()] == [
            ("mosaic", {"live": 2, "previous": 1}),
            ("udnie", {"live": 1}),
        ]
        assert store.style("mosaic").live.card.title == "Mosaïque"
        assert store.changes(0).last == 3
        # What happened before there was a trail is in it, by nobody.
        assert [(entry.action, entry.style, entry.version, entry.by) for entry in store.audit()] == [
            ("published", "mosaic", 2, ""),
            ("published", "udnie", 1, ""),
            ("published", "mosaic", 1, ""),
        ]
        assert store.audit()[0].at == "2026-11-24T22:32:55.147+00:00"


def test_a_file_of_the_first_migration_goes_on_from_there(old: Path) -> None:
    with Store(StoreLocation(folder=old.parent)) as store:
        assert publish(store, "mosaic", by="anna").version == 3
        assert store.rollback("mosaic").version == 2
        store.retire("udnie")
        with pytest.raises(UnknownStyle):
            store.resolve("udnie")
        assert person(store, store.tokens.add("anna")) == "anna"
        assert [event.seq for event in store.changes(3).events] == [4, 5, 6]
    with Store(StoreLocation(folder=old.parent)) as store:
        assert [style.name for style in store.styles()] == ["mosaic"]


def test_a_later_migration_is_applied_to_a_file_that_has_the_others(
    path: Path, migrations: Migrations
) -> None:
    connect(path).close()

    @migrations(name="9999_later")
    def later(db: Database) -> None:
        db.execute("CREATE TABLE later (x)")

    with closing(connect(path)) as db:
        assert db.table("later").count == 0
        assert applied(db) == [*ALL, "9999_later"]


@pytest.mark.parametrize("new", [True, False])
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, migrations: Migrations, new: bool
) -> None:
    if not new:
        connect(path).close()

    @migrations(name="9999_broken")
    def broken(db: Database) -> None:
        db.execute("CREATE TABLE half (x)")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        connect(path)
    with closing(Database(path)) as db:
        assert "half" not in db.table_names()
        assert applied(db) == ([] if new else ALL)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET \"by\" = 'nobody'", "DELETE FROM audit", "UPDATE version SET base = 'x'"]
)
def test_what_is_written_once_cannot_be_changed(old: Path, statement: str) -> None:
    with closing(connect(old)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)


def test_a_name_has_one_token_that_holds(db: Database) -> None:
    row = {"name": "anna", "created": now()}
    db.table("token").insert(row | {"hash": "1", "revoked": now()})
    db.table("token").insert(row | {"hash": "2"})
    with pytest.raises(sqlite3.IntegrityError):
        db.table("token").insert(row | {"hash": "3", "name": "Anna"})
    assert SqliteTransaction(db).rows("SELECT count(*) AS n FROM token") == [{"n": 2}]
