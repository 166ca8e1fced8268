"""Opening the ledger from another process: only as the bot of today has made it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailbot.admin.ledger_summary import overview
from mailbot.storage.ledger_file import migrate
from mailbot.storage.outside_access import NoLedger
from tests.fakes.mailbot.old_ledgers import OLD_LEDGERS


@pytest.mark.parametrize("old", [None, *OLD_LEDGERS], ids=lambda file: file.stem if file else "empty")
def test_an_older_ledger_is_left_to_the_bot(tmp_path: Path, old: Path | None) -> None:
    file = tmp_path / "ledger.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(old.read_text(encoding="utf-8") if old else "CREATE TABLE other (x)")
    before = file.read_bytes()
    with pytest.raises(NoLedger, match="start the bot once"):
        overview(file, 0.0)
    assert file.read_bytes() == before


def test_a_ledger_with_all_migrations_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        migrate(db)
    assert overview(file, 0.0).latest == ()
