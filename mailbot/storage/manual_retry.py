"""Retry a mail by its number, when a person asks.

The bytes of a refused answer and the spooled file of a quarantined mail are kept as long as mails are kept at
all. All functions take a connection in a transaction (`outside_access.changing`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


class CannotRetry(Exception):
    """Report why nothing can be done about a mail."""


def failed(db: sqlite3.Connection) -> list[int]:
    """Return the numbers of the mails whose answers were refused and can be sent again."""
    query = """SELECT DISTINCT message FROM outbox JOIN letter ON letter.outbox = outbox.id
        WHERE outbox.state = 'failed' ORDER BY message"""
    return [row["message"] for row in db.execute(query)]


def quarantined(db: sqlite3.Connection) -> list[int]:
    """Return the numbers of the mails in quarantine."""
    query = "SELECT id FROM message WHERE state = 'quarantined' AND erased_at IS NULL ORDER BY id"
    return [row["id"] for row in db.execute(query)]


def retry(db: sqlite3.Connection, number: int, now: float) -> str:
    """Retry the mail now, and return a sentence that says how. Raises `CannotRetry`."""
    query = """SELECT message.*, outbox.id AS answer, outbox.state AS answered,
        letter.outbox IS NOT NULL AS is_whole
        FROM message LEFT JOIN outbox ON outbox.message = message.id
        LEFT JOIN letter ON letter.outbox = outbox.id WHERE message.id = ? ORDER BY outbox.id"""
    parts = db.execute(query, (number,)).fetchall()
    if not parts:
        raise CannotRetry(f"There is no mail {number}.")
    row = parts[0]
    if row["erased_at"] is not None:
        raise CannotRetry(f"Mail {number} was deleted: nothing of it is left.")
    if row["answer"] is not None:
        return _send_again(db, number, parts, now)
    if row["state"] == "quarantined":
        return release(db, number, now)
    if row["state"] == "accepted":
        db.execute("UPDATE message SET next_at = 0 WHERE id = ?", (number,))
        return f"Mail {number} is worked on now."
    if row["state"] == "working":
        raise CannotRetry(f"Mail {number} is being worked on.")
    raise CannotRetry(
        f"Mail {number} is not answered ({row['reason'] or row['state']}), and not kept for it."
    )


def release(db: sqlite3.Connection, number: int, now: float) -> str:
    """Take a mail out of quarantine, as if it had just come: the hours of its retries begin anew.

    Raises `CannotRetry` if it is not in quarantine.
    """
    done = db.execute(
        """UPDATE message SET state = 'accepted', attempts = 0, failures = 0, next_at = 0, finished_at = NULL,
            held_until = ?, reason = '' WHERE id = ? AND state = 'quarantined' AND erased_at IS NULL""",
        (now, number),
    )
    if not done.rowcount:
        raise CannotRetry(f"Mail {number} is not in quarantine.")
    return f"Mail {number} is worked on once more."


def _send_again(db: sqlite3.Connection, number: int, parts: Sequence[sqlite3.Row], now: float) -> str:
    """Send all parts of an answer once more that were refused or have to wait."""
    unsent = [part for part in parts if part["answered"] in ("failed", "pending")]
    if not unsent:
        if any(part["answered"] == "sending" for part in parts):
            raise CannotRetry(f"The answer to mail {number} is being sent.")
        raise CannotRetry(f"Mail {number} was answered; its answer is not kept.")
    kept = [(now, part["answer"]) for part in unsent if part["is_whole"]]
    if not kept:
        raise CannotRetry(f"The answer to mail {number} is not kept.")
    done = db.executemany(
        """UPDATE outbox SET state = 'pending', attempts = 0, next_at = 0, created_at = ?, last_error = ''
            WHERE id = ? AND bounced_at IS NULL""",
        kept,
    )
    if not done.rowcount:  # see `suppression.py`: an answer that came back as undeliverable is final
        raise CannotRetry(f"The answer to mail {number} came back from its recipient: that is final.")
    return f"The answer to mail {number} is sent once more."
