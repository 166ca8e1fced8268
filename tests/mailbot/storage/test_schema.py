"""The ledger's migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mailbot.storage.schema import MIGRATIONS, migrate


def test_migrations_run_once(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    assert migrate(db) == [name for name, _ in MIGRATIONS]
    assert migrate(db) == []
    db.close()


def test_a_failed_migration_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "CREATE TABLE half (x);\nINSERT INTO nowhere VALUES (1);\n"
    monkeypatch.setattr("mailbot.storage.schema.MIGRATIONS", (*MIGRATIONS, ("9999_broken", broken)))
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db)
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
    db.close()


def test_answers_that_wait_keep_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0004 takes them out of the rows, which may be waiting to be sent."""
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    monkeypatch.setattr("mailbot.storage.schema.MIGRATIONS", MIGRATIONS[:3])
    migrate(db)
    for number, content in ((1, b"painted"), (2, None)):
        db.execute(
            """INSERT INTO message (id, dedupe, spool, size, oversized, accepted_at)
                VALUES (?, ?, '', 0, 0, 0)""",
            (number, str(number)),
        )
        db.execute(
            """INSERT INTO outbox (id, message, kind, message_id, recipient, content, created_at)
                VALUES (?, ?, 'results', ?, 'ann@example.org', ?, 0)""",
            (number + 10, number, str(number), content),
        )
    monkeypatch.setattr("mailbot.storage.schema.MIGRATIONS", MIGRATIONS)
    assert "0004_letters" in migrate(db)
    assert db.execute("SELECT outbox, content FROM letter").fetchall() == [(11, b"painted")]
    assert db.execute("SELECT id, state FROM outbox").fetchall() == [(11, "pending"), (12, "pending")]
    db.close()
