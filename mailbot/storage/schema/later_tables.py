"""Add to the ledger's tables what came later: languages, channels, lessons and codes.

`migrations` has all of them, in the order in which they are applied.
"""

from __future__ import annotations

from sqlite_utils import Database

from mailbot.storage.schema.tables import migrations

__all__ = ["migrations"]


@migrations(name="0009_languages")
def _languages(db: Database) -> None:
    """Add the language of a mail, for later mails of its thread that have too few words."""
    db.execute("ALTER TABLE message ADD COLUMN language TEXT NOT NULL DEFAULT ''")


@migrations(name="0010_channels")
def _channels(db: Database) -> None:
    """Add the channel of each message and answer, and the name that a channel's server gave to an answer."""
    db.executescript("""
        ALTER TABLE message ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail';
        ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail';
        ALTER TABLE outbox ADD COLUMN sent_as TEXT NOT NULL DEFAULT '';
        CREATE INDEX outbox_sent_as ON outbox (sent_as) WHERE sent_as <> '';
    """)


@migrations(name="0011_lessons")
def _lessons(db: Database) -> None:
    """Add the mails whose paintings are learnt: see `mailbot/teaching/lessons.py`."""
    db.executescript("""
        CREATE TABLE lesson (
            message INTEGER PRIMARY KEY REFERENCES message (id), who TEXT NOT NULL, begun_at REAL NOT NULL,
            name TEXT NOT NULL DEFAULT '', job TEXT NOT NULL DEFAULT '', style TEXT NOT NULL DEFAULT '',
            version INTEGER NOT NULL DEFAULT 0, alias TEXT NOT NULL DEFAULT '',
            preview TEXT NOT NULL DEFAULT '', cancelled_at REAL);
        CREATE INDEX lesson_who ON lesson (who, begun_at);""")


@migrations(name="0012_arrivals")
def _arrivals(db: Database) -> None:
    """Add what a webhook was told and has no message yet: see `mailbot/channels/webhook_arrivals.py`."""
    db.execute("""CREATE TABLE arrival (id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL,
        key TEXT NOT NULL, form BLOB NOT NULL, arrived_at REAL NOT NULL, UNIQUE (channel, key))""")


@migrations(name="0013_codes")
def _codes(db: Database) -> None:
    """Add codes of answers that did not arrive (NULL: what it stood for is gone), and wrong guesses."""
    db.executescript("""
        CREATE TABLE code (message INTEGER PRIMARY KEY REFERENCES message (id), code TEXT UNIQUE,
            reason TEXT NOT NULL, made_at REAL NOT NULL, redeemed_by INTEGER, notice TEXT);
        CREATE TABLE guess (correspondent TEXT NOT NULL, at REAL NOT NULL);""")


@migrations(name="0014_swaps")
def _swaps(db: Database) -> None:
    """Add whether photo and painting of a lesson are the other way round than its mail has them."""
    db.execute("ALTER TABLE lesson ADD COLUMN is_swapped INTEGER NOT NULL DEFAULT 0")


@migrations(name="0015_renamings")
def _renamings(db: Database) -> None:
    """Add what a later mail calls the style of a lesson, and a name that it wanted and could not have."""
    db.executescript("""
        ALTER TABLE lesson ADD COLUMN called TEXT NOT NULL DEFAULT '';
        ALTER TABLE lesson ADD COLUMN asked TEXT NOT NULL DEFAULT '';""")


@migrations(name="0016_exact_lessons")
def _exact_lessons(db: Database) -> None:
    """Add whether a lesson paints one perfect picture: until now it was one with a job and without a name."""
    db.executescript("""
        ALTER TABLE lesson ADD COLUMN is_exact INTEGER NOT NULL DEFAULT 0;
        UPDATE lesson SET is_exact = 1 WHERE name = '' AND job <> '';""")


@migrations(name="0017_lesson_mails")
def _lesson_mails(db: Database) -> None:
    """Add the mails about a lesson, so that a reply to the answer to one is about that lesson, too."""
    db.execute("""CREATE TABLE lesson_mail (message INTEGER PRIMARY KEY REFERENCES message (id),
        lesson INTEGER NOT NULL REFERENCES message (id))""")


@migrations(name="0018_told_paintings")
def _told_paintings(db: Database) -> None:
    """Add which picture is told to be the painting (NULL: it is guessed), and a title without a name."""
    db.executescript("""
        ALTER TABLE lesson ADD COLUMN painting INTEGER;
        ALTER TABLE lesson ADD COLUMN title TEXT NOT NULL DEFAULT '';""")


@migrations(name="0019_asked_orders")
def _asked_orders(db: Database) -> None:
    """Add the order that a mail may have meant, and that its answer asks back; '' where none did."""
    db.execute("ALTER TABLE lesson_mail ADD COLUMN asked TEXT NOT NULL DEFAULT ''")
