"""Put mails that answer no mail into the outbox, so that they are sent as surely as answers are.

Each has a row of `message`, which came from nobody: it is `done`, has no bytes and no file in the spool. So
erasure, retries, bounces and traces treat it as an answered mail, and the limits of answers do not count it.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from mailbot.storage.keyed_hash import pseudonym, secret_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMail:
    """Hold a finished mail, ready for SMTP."""

    kind: str  #: as in `Reply`
    message_id: str  #: the same for the same mail, which is sent once
    recipient: str
    content: bytes
    language: str = ""  #: as in `Reply`


def enqueue(db: sqlite3.Connection, mail: OwnMail, now: float) -> bool:
    """Put a mail into the outbox; return False if one with its Message-ID was there before."""
    known = "SELECT 1 FROM outbox WHERE message_id = ?"
    if db.execute(known, (mail.message_id,)).fetchone():
        return False
    author = pseudonym(secret_of(db), mail.recipient)
    # Nothing of it came to the mail server, so nothing is cleared there.
    insert = """INSERT INTO message (dedupe, spool, size, oversized, state, accepted_at, finished_at, cleared,
        author, language) VALUES (?, ?, 0, 0, 'done', ?, ?, 1, ?, ?)"""
    name = f"own {mail.message_id}"
    message = db.execute(insert, (name, "own", now, now, author, mail.language)).lastrowid
    insert = """INSERT INTO outbox (message, kind, message_id, recipient, created_at)
        VALUES (?, ?, ?, ?, ?)"""
    values = (message, mail.kind, mail.message_id, mail.recipient, now)
    db.execute("INSERT INTO letter VALUES (?, ?)", (db.execute(insert, values).lastrowid, mail.content))
    return True


def language(db: sqlite3.Connection, address: str) -> str:
    """Return the language of the last mail from an address that is remembered, "" if there is none."""
    query = """SELECT language FROM message WHERE author = ? AND author <> '' AND language <> ''
        ORDER BY id DESC LIMIT 1"""
    row = db.execute(query, (pseudonym(secret_of(db), address),)).fetchone()
    return str(row["language"]) if row else ""
