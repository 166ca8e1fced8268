"""The ledger's migrations: from the file of every version, as it was, to the file of today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from mailbot.storage import ledger_file
from mailbot.storage.ledger_file import NewerLedger, migrate
from mailbot.storage.schema.later_tables import migrations
from tests.fakes.mailbot.old_ledgers import OLD_LEDGERS


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as db:
        yield db


def applied(db: sqlite3.Connection) -> list[str]:
    return [migration.name for migration in migrations.applied(Database(db))]


def load(db: sqlite3.Connection, file: Path) -> None:
    db.executescript(file.read_text(encoding="utf-8"))
    db.execute("PRAGMA foreign_keys = ON")


def schema(db: sqlite3.Connection) -> dict[str, str]:
    """Every table, index and trigger with its SQL, white space and quotes aside."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: "".join(sql.replace('"', "").split()) for name, sql in rows}


def test_migrations_run_once(db: sqlite3.Connection) -> None:
    for _ in range(2):
        migrate(db)
        assert ledger_file.is_current(db)
        assert applied(db)[: len(OLD_LEDGERS)] == [file.stem for file in OLD_LEDGERS]


def test_a_failed_migration_leaves_the_file_as_it_was(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: Migrations = deepcopy(migrations)
    monkeypatch.setattr(ledger_file, "migrations", broken)

    @broken(name="9999_broken")
    def _broken(db: Database) -> None:
        db.execute("CREATE TABLE half (x)")
        db.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sqlite3.OperationalError):
        migrate(db)
    assert schema(db) == {}


@pytest.mark.parametrize("file", OLD_LEDGERS, ids=lambda file: file.stem)
def test_the_ledger_of_every_older_version_becomes_that_of_today(
    file: Path, db: sqlite3.Connection, tmp_path: Path
) -> None:
    load(db, file)
    migrate(db)
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as new:
        migrate(new)
        assert schema(db) == schema(new)
        assert applied(db) == applied(new)
    messages = db.execute("SELECT id, spool, state, sender FROM message").fetchall()
    assert messages == [(1, "a.eml", "done", "ann@example.org"), (2, "b.eml", "accepted", "ben@example.org")]
    assert db.execute("SELECT uid, message FROM sighting").fetchall() == [(41, 1), (42, 2)]
    assert db.execute("SELECT id, message, state FROM outbox").fetchall() == [(11, 1, "pending")]
    answer = b"Subject: painted\r\n\r\nHere it is.\r\n"  # waits to be sent
    assert db.execute("SELECT outbox, content FROM letter").fetchall() == [(11, answer)]
    assert db.execute("SELECT length(value) FROM meta WHERE key = 'secret'").fetchall() == [(32,)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_bounce_stays_final(db: sqlite3.Connection) -> None:
    """0007 makes the outbox anew, with the trigger and the deletion of letters that belong to it."""
    (old,) = [file for file in OLD_LEDGERS if file.stem == "0004_letters"]
    load(db, old)
    db.execute("UPDATE outbox SET state = 'failed', bounce = 'full', bounced_at = 5 WHERE id = 11")
    migrate(db)
    db.execute(
        """INSERT INTO outbox (id, message, kind, message_id, recipient, created_at, state)
            VALUES (12, 1, 'results', '<b>', 'ann@example.org', 0, 'failed')"""  # a second part of the answer
    )
    db.execute("UPDATE outbox SET state = 'pending'")
    states = db.execute("SELECT id, state, bounce FROM outbox ORDER BY id").fetchall()
    assert states == [(11, "failed", "full"), (12, "pending", "")]
    db.execute("DELETE FROM outbox WHERE id = 11")
    assert db.execute("SELECT * FROM letter").fetchall() == []


def test_a_ledger_of_a_newer_version_is_refused_and_stays_as_it_is(db: sqlite3.Connection) -> None:
    migrate(db)
    newer = Migrations(migrations.name)
    newer(name="9999_of_tomorrow")(lambda found: None)
    newer.apply(Database(db))
    before = list(db.iterdump())
    with pytest.raises(NewerLedger, match=r"newer version of this project: 9999_of_tomorrow is unknown"):
        migrate(db)
    assert list(db.iterdump()) == before


def test_old_lessons_with_a_job_and_without_a_name_are_exact_ones(db: sqlite3.Connection) -> None:
    migrations.apply(Database(db), stop_before="0016_exact_lessons")
    lessons = [(1, "hills", "job-1"), (2, "", "job-2"), (3, "", "")]
    db.executemany(
        "INSERT INTO lesson (message, who, begun_at, name, job) VALUES (?, 'ann', 1, ?, ?)", lessons
    )
    migrate(db)
    assert db.execute("SELECT is_exact FROM lesson ORDER BY message").fetchall() == [(0,), (1,), (0,)]
