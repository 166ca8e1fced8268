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


def test_an_answer_may_have_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0007 makes both tables anew, with all that is in them and all that belongs to them."""
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    monkeypatch.setattr("mailbot.storage.schema.MIGRATIONS", MIGRATIONS[:4])
    migrate(db)
    db.execute(
        "INSERT INTO message (id, dedupe, spool, size, oversized, accepted_at) VALUES (1, 'a', '', 0, 0, 0)"
    )
    row = """INSERT INTO outbox (id, message, kind, message_id, recipient, created_at, state)
        VALUES (?, 1, 'results', ?, 'ann@example.org', 0, 'failed')"""
    db.execute(row, (11, "<a>"))
    db.execute("UPDATE outbox SET bounce = 'full', bounced_at = 5 WHERE id = 11")
    db.execute("INSERT INTO letter VALUES (11, 'painted')")
    monkeypatch.setattr("mailbot.storage.schema.MIGRATIONS", MIGRATIONS)
    assert "0007_several_answers" in migrate(db)
    assert db.execute("SELECT outbox, content FROM letter").fetchall() == [(11, "painted")]
    db.execute(row, (12, "<b>"))
    db.execute("UPDATE outbox SET state = 'pending'")
    states = db.execute("SELECT id, state, bounce FROM outbox ORDER BY id").fetchall()
    assert states == [(11, "failed", "full"), (12, "pending", "")]  # a bounce is final
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("DELETE FROM outbox WHERE id = 11")
    assert db.execute("SELECT * FROM letter").fetchall() == []
    db.close()
