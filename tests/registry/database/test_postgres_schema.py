from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from registry.database import postgres as module
from registry.database.dialect import now
from registry.database.postgres import PostgresDatabase
from registry.database.postgres_schema import MIGRATIONS, PostgresMigration
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.postgres import PostgresServer
from tests.fakes.registry.versions import publish


@pytest.fixture
def database() -> str:
    return "postgres"


@pytest.fixture
def database_url(postgres: PostgresServer) -> str:
    """Of a database without any table."""
    return postgres.new_database()


@pytest.fixture
def state(database_url: str) -> Iterator[PostgresDatabase]:
    with closing(PostgresDatabase(database_url)) as state:
        yield state


def applied(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY name")]


def test_migrations_are_applied_once_and_later_ones_after_them(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        PostgresDatabase(database_url).close()
        assert applied(database_url) == [name for name, _ in MIGRATIONS]
    later = PostgresMigration("9999_later", "CREATE TABLE later (x INTEGER)")
    monkeypatch.setattr(module, "MIGRATIONS", [*MIGRATIONS, later])
    with closing(PostgresDatabase(database_url)) as state, state.reading() as db:
        assert db.rows("SELECT * FROM later") == []
    assert applied(database_url)[-1] == "9999_later"


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    PostgresDatabase(database_url).close()
    broken = PostgresMigration("9999_broken", "CREATE TABLE half (x INTEGER); SELECT 1/0")
    monkeypatch.setattr(module, "MIGRATIONS", [*MIGRATIONS, broken])
    with pytest.raises(psycopg.errors.DivisionByZero):
        PostgresDatabase(database_url)
    assert applied(database_url) == [name for name, _ in MIGRATIONS]
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM half")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET \"by\" = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE version SET base = 'x'",
    ],
)
def test_what_is_written_once_cannot_be_changed(location: StoreLocation, statement: str) -> None:
    with Store(location) as store:
        publish(store, "mosaic")
        with pytest.raises(psycopg.errors.RestrictViolation), store.database.writing() as db:
            db.execute(statement)


def test_a_name_has_one_token_that_holds(state: PostgresDatabase) -> None:
    row = {"name": "anna", "created": now()}
    with state.writing() as db:
        db.insert("token", row | {"hash": "1", "revoked": now()})
        db.insert("token", row | {"hash": "2"})
    with pytest.raises(psycopg.errors.UniqueViolation), state.writing() as db:
        db.insert("token", row | {"hash": "3", "name": "Anna"})
    with state.reading() as db:
        assert db.rows("SELECT id FROM token ORDER BY id") == [{"id": 1}, {"id": 2}]


def test_bytes_are_kept_so_that_a_part_can_be_read(state: PostgresDatabase) -> None:
    """EXTERNAL: outside of the row, and uncompressed."""
    with state.reading() as db:
        query = """
            SELECT CAST(attstorage AS TEXT) AS kind FROM pg_attribute
            WHERE attrelid = 'blob_data'::regclass AND attname = 'data'"""
        assert db.rows(query) == [{"kind": "e"}]
