"""Define the tables of the ledger by named migrations. `models.py` has the values of their rows.

A message goes accepted -> working -> done | silent | quarantined; an outbox row goes pending -> sending ->
sent | failed. A `sighting` is a place in a mailbox where a message was seen.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable


def _first_tables(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
    connection.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_bytes(32),))
    _messages(connection)
    _outbox(connection)
    connection.execute("CREATE TABLE picture (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")


def _messages(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE message (
            id INTEGER PRIMARY KEY,
            dedupe TEXT NOT NULL UNIQUE,
            spool TEXT NOT NULL,
            size INTEGER NOT NULL,
            oversized INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'accepted'
                CHECK (state IN ('accepted', 'working', 'done', 'silent', 'quarantined')),
            attempts INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            postponed INTEGER NOT NULL DEFAULT 0,
            next_at REAL NOT NULL DEFAULT 0,
            sender TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            set_aside INTEGER NOT NULL DEFAULT 0,
            accepted_at REAL NOT NULL,
            parsed_at REAL,
            painted_at REAL,
            finished_at REAL,
            engine_seconds REAL NOT NULL DEFAULT 0)"""
    )
    connection.execute("CREATE INDEX message_due ON message (state, next_at)")
    connection.execute("CREATE INDEX message_sender ON message (sender, parsed_at)")
    connection.execute(
        """CREATE TABLE sighting (
            account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
            message INTEGER NOT NULL REFERENCES message (id),
            PRIMARY KEY (account, folder, uidvalidity, uid)) WITHOUT ROWID"""
    )


def _outbox(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL UNIQUE REFERENCES message (id),
            kind TEXT NOT NULL,
            message_id TEXT NOT NULL UNIQUE,
            recipient TEXT NOT NULL,
            content BLOB,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at REAL NOT NULL DEFAULT 0,
            last_error TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,
            sending_at REAL,
            sent_at REAL)"""
    )
    connection.execute("CREATE INDEX outbox_due ON outbox (state, next_at)")


def _correspondence(connection: sqlite3.Connection) -> None:
    """Add limits, bounces and muted senders: see `rate_limits.py` and `suppression.py`.

    Senders are stored as keyed hashes of their addresses, so nothing has to be erased.
    """
    for column in ("correspondent TEXT NOT NULL DEFAULT ''", "admission TEXT NOT NULL DEFAULT ''"):
        connection.execute(f"ALTER TABLE message ADD COLUMN {column}")
    connection.execute("ALTER TABLE message ADD COLUMN held_until REAL NOT NULL DEFAULT 0")
    connection.execute("CREATE INDEX message_correspondent ON message (correspondent, parsed_at)")
    connection.execute("CREATE INDEX message_admitted ON message (parsed_at) WHERE admission <> ''")
    connection.execute("CREATE INDEX message_held ON message (id) WHERE held_until > 0 AND admission = ''")
    connection.execute("ALTER TABLE outbox ADD COLUMN bounce TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE outbox ADD COLUMN bounced_at REAL")  # a failure; what is late has none
    # Also against a retry after a dropped connection, a restart or a person's command.
    connection.execute(
        """CREATE TRIGGER bounced_is_final AFTER UPDATE ON outbox
            WHEN NEW.bounced_at IS NOT NULL AND NEW.state = 'pending' BEGIN
            UPDATE outbox SET state = 'failed' WHERE id = NEW.id;
        END"""
    )
    connection.execute(
        """CREATE TABLE muted (
            correspondent TEXT PRIMARY KEY, message INTEGER NOT NULL, muted_at REAL NOT NULL) WITHOUT ROWID"""
    )


def _keeping(connection: sqlite3.Connection) -> None:
    """Add deletion: columns and `wish` for `erasure.py`, `copy` for `server_copies.py`."""
    _erased(connection)
    _copies(connection)


def _erased(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE message ADD COLUMN author TEXT NOT NULL DEFAULT ''")  # a hash of its From
    connection.execute("CREATE INDEX message_author ON message (author)")
    connection.execute("ALTER TABLE message ADD COLUMN erase_at REAL")  # before its time; NULL: by its age
    connection.execute("CREATE INDEX message_wished ON message (erase_at) WHERE erase_at IS NOT NULL")
    connection.execute("ALTER TABLE message ADD COLUMN erased_at REAL")  # nothing of it is left on this disk
    connection.execute(
        "ALTER TABLE message ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0"
    )  # nor on the server
    # Both hold only what is still to be looked at, so that no pass reads the whole ledger.
    connection.execute(
        "CREATE INDEX message_whole ON message (coalesce(finished_at, accepted_at)) WHERE erased_at IS NULL"
    )
    connection.execute(
        "CREATE INDEX message_uncleared ON message (id) WHERE erased_at IS NOT NULL AND NOT cleared"
    )
    connection.execute(
        """CREATE TABLE wish (
            message INTEGER PRIMARY KEY REFERENCES message (id),
            author TEXT NOT NULL,
            mails INTEGER NOT NULL,
            answers INTEGER NOT NULL)"""
    )


def _copies(connection: sqlite3.Connection) -> None:
    # AUTOINCREMENT: `server_deletion.py` keeps a number while it speaks with the server: no other row may get
    # it.
    connection.execute(
        """CREATE TABLE copy (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL REFERENCES message (id),
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL DEFAULT 0,
            uid INTEGER NOT NULL DEFAULT 0,
            origin_folder TEXT,
            origin_uidvalidity INTEGER,
            origin_uid INTEGER,
            answer TEXT NOT NULL DEFAULT '',
            gone INTEGER NOT NULL DEFAULT 0)"""
    )
    connection.execute("CREATE INDEX copy_message ON copy (message)")
    connection.execute("CREATE INDEX copy_unplaced ON copy (account) WHERE folder = ''")
    connection.execute("CREATE INDEX sighting_message ON sighting (message)")
    # A mail that comes again, or is seen again where it was thought moved, is looked for again.
    connection.execute(
        """CREATE TRIGGER seen_again AFTER INSERT ON sighting BEGIN
            DELETE FROM copy WHERE message = NEW.message AND uid = 0 AND account = NEW.account
                AND (origin_folder, origin_uidvalidity, origin_uid) = (NEW.folder, NEW.uidvalidity, NEW.uid);
            UPDATE message SET cleared = 0 WHERE id = NEW.message;
        END"""
    )
    connection.execute(
        """CREATE TRIGGER copied_again AFTER INSERT ON copy WHEN NOT NEW.gone BEGIN
            UPDATE message SET cleared = 0 WHERE id = NEW.message;
        END"""
    )


def _letters(connection: sqlite3.Connection) -> None:
    """Move an answer's bytes out of its row, so that a change of its state does not write them once more."""
    connection.execute(
        """CREATE TABLE letter (
            outbox INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
            content BLOB NOT NULL)"""
    )
    connection.execute("INSERT INTO letter SELECT id, content FROM outbox WHERE content IS NOT NULL")
    connection.execute("ALTER TABLE outbox DROP COLUMN content")


#: Applied in this order, each once and each in one transaction. A later change is a new entry at the end.
MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("0001_first_tables", _first_tables),
    ("0002_correspondence", _correspondence),
    ("0003_keeping", _keeping),
    ("0004_letters", _letters),
)


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Apply the missing migrations and return their names. `connection` is in autocommit mode."""
    applied = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at REAL)")
        done = {name for (name,) in connection.execute("SELECT name FROM migration")}
        for name, change in MIGRATIONS:
            if name not in done:
                change(connection)
                connection.execute("INSERT INTO migration VALUES (?, ?)", (name, time.time()))
                applied.append(name)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return applied
