"""Opening the ledger from another process: only as the bot of today has made it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailbot.admin.overview import overview
from mailbot.storage.readers import NoLedger
from mailbot.storage.schema import MIGRATIONS, migrate


def a_ledger(file: Path, monkeypatch: pytest.MonkeyPatch, migrations: int) -> Path:
    with monkeypatch.context() as patch, closing(sqlite3.connect(file, isolation_level=None)) as db:
        patch.setattr("mailbot.storage.schema.MIGRATIONS", MIGRATIONS[:migrations])
        migrate(db)
    return file


@pytest.mark.parametrize("migrations", range(len(MIGRATIONS)))
def test_a_ledger_that_lacks_a_migration_is_left_to_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrations: int
) -> None:
    with pytest.raises(NoLedger, match="start the bot once"):
        overview(a_ledger(tmp_path / "ledger.db", monkeypatch, migrations), 0.0)


def test_a_ledger_with_all_migrations_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert overview(a_ledger(tmp_path / "ledger.db", monkeypatch, len(MIGRATIONS)), 0.0).latest == ()
