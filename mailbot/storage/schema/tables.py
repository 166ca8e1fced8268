"""Define the first tables of the ledger by named migrations. `ledger_rows.py` has the values of their rows.

A message goes accepted -> working -> done | silent | quarantined; an outbox row goes pending -> sending ->
sent | failed. A `sighting` is a place in a mailbox where a message was seen.
"""

from __future__ import annotations

import secrets

from sqlite_utils import Database, Migrations

#: Applied in this order, each once. A later change is a new one at the end.
migrations = Migrations("ledger")


@migrations(name="0001_first_tables")
def _first_tables(db: Database) -> None:
    """Create the messages, their places in mailboxes, the outbox and the secret."""
    db.executescript("""
        CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE message (
            id INTEGER PRIMARY KEY,
            dedupe TEXT NOT NULL UNIQUE,
            spool TEXT NOT NULL, size INTEGER NOT NULL, oversized INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'accepted'
                CHECK (state IN ('accepted', 'working', 'done', 'silent', 'quarantined')),
            attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
            postponed INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
            sender TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
            set_aside INTEGER NOT NULL DEFAULT 0,
            accepted_at REAL NOT NULL, parsed_at REAL, painted_at REAL, finished_at REAL,
            engine_seconds REAL NOT NULL DEFAULT 0);
        CREATE INDEX message_due ON message (state, next_at);
        CREATE INDEX message_sender ON message (sender, parsed_at);
        CREATE TABLE sighting (
            account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
            message INTEGER NOT NULL REFERENCES message (id),
            PRIMARY KEY (account, folder, uidvalidity, uid)) WITHOUT ROWID;
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL UNIQUE REFERENCES message (id),
            kind TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL,
            content BLOB,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
            last_error TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL, sending_at REAL, sent_at REAL);
        CREATE INDEX outbox_due ON outbox (state, next_at);
        CREATE TABLE picture (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
    """)
    db.execute("INSERT INTO meta VALUES ('secret', ?)", [secrets.token_bytes(32)])


@migrations(name="0002_correspondence")
def _correspondence(db: Database) -> None:
    """Add limits, bounces and muted senders: see `rate_limits.py` and `suppression.py`.

    Senders are stored as keyed hashes of their addresses, so nothing has to be erased.
    """
    db.executescript("""
        ALTER TABLE message ADD COLUMN correspondent TEXT NOT NULL DEFAULT '';
        ALTER TABLE message ADD COLUMN admission TEXT NOT NULL DEFAULT '';
        ALTER TABLE message ADD COLUMN held_until REAL NOT NULL DEFAULT 0;
        CREATE INDEX message_correspondent ON message (correspondent, parsed_at);
        CREATE INDEX message_admitted ON message (parsed_at) WHERE admission <> '';
        CREATE INDEX message_held ON message (id) WHERE held_until > 0 AND admission = '';
        ALTER TABLE outbox ADD COLUMN bounce TEXT NOT NULL DEFAULT '';
        -- A failure; an answer that is only late has none.
        ALTER TABLE outbox ADD COLUMN bounced_at REAL;
        -- Also against a retry after a dropped connection, a restart or a person's command.
        CREATE TRIGGER bounced_is_final AFTER UPDATE ON outbox
            WHEN NEW.bounced_at IS NOT NULL AND NEW.state = 'pending' BEGIN
            UPDATE outbox SET state = 'failed' WHERE id = NEW.id;
        END;
        CREATE TABLE muted (
            correspondent TEXT PRIMARY KEY, message INTEGER NOT NULL, muted_at REAL NOT NULL) WITHOUT ROWID;
    """)


@migrations(name="0003_keeping")
def _keeping(db: Database) -> None:
    """Add deletion: columns and `wish` (a request) for `erasure.py`, `copy` for `server_copies.py`."""
    db.executescript("""
        -- A hash of its From.
        ALTER TABLE message ADD COLUMN author TEXT NOT NULL DEFAULT '';
        CREATE INDEX message_author ON message (author);
        -- When it goes before its time; NULL: by its age.
        ALTER TABLE message ADD COLUMN erase_at REAL;
        CREATE INDEX message_wished ON message (erase_at) WHERE erase_at IS NOT NULL;
        -- Since when nothing of it is left on this disk, and whether nothing is left on the server.
        ALTER TABLE message ADD COLUMN erased_at REAL;
        ALTER TABLE message ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0;
        -- Both hold only rows with work left, so that no pass reads the whole ledger.
        CREATE INDEX message_whole ON message (coalesce(finished_at, accepted_at)) WHERE erased_at IS NULL;
        CREATE INDEX message_uncleared ON message (id) WHERE erased_at IS NOT NULL AND NOT cleared;
        CREATE TABLE wish (
            message INTEGER PRIMARY KEY REFERENCES message (id),
            author TEXT NOT NULL, mails INTEGER NOT NULL, answers INTEGER NOT NULL);
        -- AUTOINCREMENT: `server_deletion.py` keeps a number while it asks the server. No other may get it.
        CREATE TABLE copy (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL REFERENCES message (id),
            account TEXT NOT NULL, folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL DEFAULT 0, uid INTEGER NOT NULL DEFAULT 0,
            origin_folder TEXT, origin_uidvalidity INTEGER, origin_uid INTEGER,
            answer TEXT NOT NULL DEFAULT '', gone INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX copy_message ON copy (message);
        CREATE INDEX copy_unplaced ON copy (account) WHERE folder = '';
        CREATE INDEX sighting_message ON sighting (message);
        -- A mail that comes again, or is seen again where it was thought moved, is looked for again.
        CREATE TRIGGER seen_again AFTER INSERT ON sighting BEGIN
            DELETE FROM copy WHERE message = NEW.message AND uid = 0 AND account = NEW.account
                AND (origin_folder, origin_uidvalidity, origin_uid) = (NEW.folder, NEW.uidvalidity, NEW.uid);
            UPDATE message SET cleared = 0 WHERE id = NEW.message;
        END;
        CREATE TRIGGER copied_again AFTER INSERT ON copy WHEN NOT NEW.gone BEGIN
            UPDATE message SET cleared = 0 WHERE id = NEW.message;
        END;
    """)


@migrations(name="0004_letters")
def _letters(db: Database) -> None:
    """Move an answer's bytes out of its row, so that a change of its state does not write them again."""
    db.executescript("""
        CREATE TABLE letter (
            outbox INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE, content BLOB NOT NULL);
        INSERT INTO letter SELECT id, content FROM outbox WHERE content IS NOT NULL;
        ALTER TABLE outbox DROP COLUMN content;
    """)


@migrations(name="0005_shown_pictures")
def _shown_pictures(db: Database) -> None:
    """Add pictures that may be logos, for `shown_pictures.py`: keyed hashes, useless without the secret."""
    db.executescript("""
        CREATE TABLE shown_picture (
            picture TEXT NOT NULL, message INTEGER NOT NULL REFERENCES message (id), beside TEXT NOT NULL,
            PRIMARY KEY (picture, message)) WITHOUT ROWID;
        CREATE INDEX shown_picture_message ON shown_picture (message);
    """)


@migrations(name="0006_conversations")
def _conversations(db: Database) -> None:
    """Record which mails hold photos that are kept, and how each was painted: see `conversations.py`."""
    db.executescript("""
        -- A keyed hash of its own Message-ID.
        ALTER TABLE message ADD COLUMN letter_id TEXT NOT NULL DEFAULT '';
        CREATE INDEX message_letter_id ON message (letter_id);
        -- Number of its photos while the spool keeps them after its answer, else 0.
        ALTER TABLE message ADD COLUMN photos INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE recipe (
            message INTEGER NOT NULL REFERENCES message (id), number INTEGER NOT NULL,
            source INTEGER NOT NULL REFERENCES message (id),
            photo TEXT NOT NULL, style TEXT NOT NULL, version INTEGER NOT NULL,
            strength REAL NOT NULL, size INTEGER NOT NULL, keep_colors INTEGER NOT NULL,
            PRIMARY KEY (message, number)) WITHOUT ROWID;
    """)


@migrations(name="0007_several_answers")
def _several_answers(db: Database) -> None:
    """Allow several rows of the outbox for a mail, since an answer may have several parts.

    SQLite cannot drop the old constraint, and both tables are made anew, since dropping `outbox` would empty
    `letter`.
    """
    db.executescript("""
        CREATE TABLE new_outbox (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES message (id),
            kind TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
            last_error TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL, sending_at REAL, sent_at REAL,
            bounce TEXT NOT NULL DEFAULT '', bounced_at REAL);
        INSERT INTO new_outbox
            SELECT id, message, kind, message_id, recipient, state, attempts, next_at, last_error, created_at,
                sending_at, sent_at, bounce, bounced_at FROM outbox;
        CREATE TABLE new_letter (
            outbox INTEGER PRIMARY KEY REFERENCES new_outbox (id) ON DELETE CASCADE, content BLOB NOT NULL);
        INSERT INTO new_letter SELECT outbox, content FROM letter;
        DROP TABLE letter; DROP TABLE outbox;
        ALTER TABLE new_outbox RENAME TO outbox;
        ALTER TABLE new_letter RENAME TO letter;
        CREATE INDEX outbox_due ON outbox (state, next_at); CREATE INDEX outbox_message ON outbox (message);
        CREATE TRIGGER bounced_is_final AFTER UPDATE ON outbox
            WHEN NEW.bounced_at IS NOT NULL AND NEW.state = 'pending' BEGIN
            UPDATE outbox SET state = 'failed' WHERE id = NEW.id; END;
    """)


@migrations(name="0008_words")
def _words(db: Database) -> None:
    """Add the Message-ID of the mail that says when the answer will come; it is set before that is sent."""
    db.execute("ALTER TABLE message ADD COLUMN word_id TEXT NOT NULL DEFAULT ''")
