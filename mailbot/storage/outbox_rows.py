"""The rows of `outbox`, from an answer's making until a server has it: the SQL behind `Ledger`.

    put                       an answer that is to be sent
    take, next_at             what is due
    sent, deferred, failed    what came of it
    freed                     at start: what a dead process was sending is sent again

All functions take the ledger's connection, inside a transaction (`Ledger.transact`), but for `next_at`, which
only reads.
"""

from __future__ import annotations

import sqlite3

from mailbot.storage.models import OutboxRow, Reply

ROW = """SELECT outbox.id, outbox.message, outbox.message_id, outbox.recipient, letter.content,
    outbox.attempts, outbox.created_at, message.accepted_at, message.engine_seconds
    FROM outbox JOIN message ON message.id = outbox.message LEFT JOIN letter ON letter.outbox = outbox.id
    WHERE outbox.id = ?"""


def put(db: sqlite3.Connection, message: int, reply: Reply, now: float) -> None:
    """The answer to `message`."""
    row = db.execute(
        "INSERT INTO outbox (message, kind, message_id, recipient, created_at) VALUES (?, ?, ?, ?, ?)",
        (message, reply.kind, reply.message_id, reply.recipient, now),
    )
    db.execute("INSERT INTO letter VALUES (?, ?)", (row.lastrowid, reply.content))


def take(db: sqlite3.Connection, now: float) -> OutboxRow | None:
    """The next one that is due, now `sending` and its attempt counted."""
    due = "SELECT id FROM outbox WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT 1"
    found = db.execute(due, (now,)).fetchone()
    if found is None:
        return None
    db.execute(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, sending_at = ? WHERE id = ?",
        (now, found["id"]),
    )
    return OutboxRow.from_row(db.execute(ROW, (found["id"],)).fetchone())


def next_at(db: sqlite3.Connection) -> float | None:
    """When the next one is due; None if there is none."""
    query = "SELECT min(next_at) AS at FROM outbox WHERE state = 'pending'"
    at: float | None = db.execute(query).fetchone()["at"]
    return at


def sent(db: sqlite3.Connection, row: int, now: float) -> None:
    """A server has it; its bytes are needed no more."""
    db.execute("UPDATE outbox SET state = 'sent', sent_at = ?, last_error = '' WHERE id = ?", (now, row))
    db.execute("DELETE FROM letter WHERE outbox = ?", (row,))


def deferred(db: sqlite3.Connection, row: int, until: float, error: str) -> None:
    """Again at `until`."""
    query = "UPDATE outbox SET state = 'pending', next_at = ?, last_error = ? WHERE id = ?"
    db.execute(query, (until, error, row))


def failed(db: sqlite3.Connection, row: int, error: str) -> None:
    """Refused for good. Its bytes stay: a person may have it sent again."""
    db.execute("UPDATE outbox SET state = 'failed', last_error = ? WHERE id = ?", (error, row))


def freed(db: sqlite3.Connection) -> int:
    """Send again what was being sent; gives their number."""
    return db.execute("UPDATE outbox SET state = 'pending', next_at = 0 WHERE state = 'sending'").rowcount
