"""The rows of `message`, from a mail's coming in until it is dealt with: the SQL behind `Ledger`.

    known, accept, see                a row for a mail that is spooled, and where it was seen
    lease, next_at                    what is due
    postpone, release, stumbled       not now
    silence, quarantine               without an answer
    quarantined, set_aside            of those in quarantine, the copies in the mailbox's folder for that
    finish                            with one: `sending.put`
    freed, wanted                     at start: what a dead process held, and the files of the spool that stay

All functions take the ledger's connection, inside a transaction (`Ledger.transact`); `known`, `next_at`,
`quarantined` and `wanted` only read. What takes a mail out of its worker's hands does so only while it is in
them: a wish may have come in between (`erasing.forget`).
"""

from __future__ import annotations

import sqlite3

from mailbot.storage import outbox_rows
from mailbot.storage.models import Message, RawEmail, Reply

#: A mail that was begun this often and never came through is set aside without an answer.
MAX_ATTEMPTS = 3

#: A message with an attempt behind it was in the hands of a process that died: one of these at a time.
LEASE = """UPDATE message SET state = 'working', attempts = attempts + 1 WHERE id IN (
    SELECT id FROM message WHERE state = 'accepted' AND next_at <= :now AND (attempts = 0 OR (
        id = (SELECT min(id) FROM message WHERE state = 'accepted' AND attempts > 0 AND next_at <= :now)
        AND NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1)))
    ORDER BY id LIMIT :limit) RETURNING *"""


def known(db: sqlite3.Connection, key: str) -> int | None:
    """The number of the mail with that dedupe key."""
    row = db.execute("SELECT id FROM message WHERE dedupe = ?", (key,)).fetchone()
    return row["id"] if row else None


def accept(db: sqlite3.Connection, raw: RawEmail, key: str, spooled: str, now: float) -> Message:
    """A mail that was never seen before, and lies in the spool under the name `spooled`."""
    (row,) = db.execute(
        """INSERT INTO message (dedupe, spool, size, oversized, accepted_at)
            VALUES (?, ?, ?, ?, ?) RETURNING *""",
        (key, spooled, raw.size, raw.oversized, now),
    ).fetchall()
    message = Message.from_row(row)
    see(db, raw, message.id)
    return message


def see(db: sqlite3.Connection, raw: RawEmail, number: int) -> None:
    """This place in the mailbox is of that mail."""
    # REPLACE: should a server ever give one UID to two mails, the key decides, and none is lost.
    db.execute(
        "INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)",
        (raw.account, raw.folder, raw.uidvalidity, raw.uid, number),
    )


def lease(db: sqlite3.Connection, limit: int, now: float) -> list[Message]:
    """See `Ledger.lease`."""
    rows = db.execute(LEASE, {"now": now, "limit": limit}).fetchall()
    return sorted((Message.from_row(row) for row in rows), key=lambda message: message.id)


def next_at(db: sqlite3.Connection) -> float | None:
    """When `lease` has the next message; None if that is up to those at work."""
    query = """SELECT min(next_at) AS at FROM message WHERE state = 'accepted' AND (attempts = 0
        OR NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1))"""
    at: float | None = db.execute(query).fetchone()["at"]
    return at


def postpone(db: sqlite3.Connection, message: int, until: float, reason: str) -> None:
    """Its attempt is given back, and it is worked on again at `until`."""
    db.execute(
        """UPDATE message SET state = 'accepted', attempts = 0, postponed = postponed + 1,
            next_at = ?, reason = ? WHERE id = ? AND state = 'working'""",
        (until, reason, message),
    )


def release(db: sqlite3.Connection, message: int) -> None:
    """Its attempt is given back."""
    query = "UPDATE message SET state = 'accepted', attempts = 0 WHERE id = ? AND state = 'working'"
    db.execute(query, (message,))


def stumbled(db: sqlite3.Connection, message: int, until: float, reason: str, now: float) -> None:
    """An error of ours: again at `until`, and into quarantine the third time.

    Its attempt is given back: attempts are for what ends the process, and the process has lived.
    """
    db.execute(
        """UPDATE message SET failures = failures + 1, attempts = attempts - 1,
            next_at = ?, reason = ?, finished_at = ?,
            state = CASE WHEN failures + 1 >= ? THEN 'quarantined' ELSE 'accepted' END
            WHERE id = ? AND state = 'working'""",
        (until, reason, now, MAX_ATTEMPTS, message),
    )


def silence(db: sqlite3.Connection, message: int, reason: str, now: float) -> None:
    """Never answered."""
    db.execute(
        """UPDATE message SET state = 'silent', reason = ?, finished_at = ?
            WHERE id = ? AND state = 'working'""",
        (reason, now, message),
    )


def quarantine(db: sqlite3.Connection, message: int, reason: str, now: float) -> None:
    """Kept for a person to look at."""
    db.execute(
        """UPDATE message SET state = 'quarantined', reason = ?, finished_at = ?
            WHERE id = ? AND state = 'working'""",
        (reason, now, message),
    )


def quarantined(db: sqlite3.Connection) -> list[Message]:
    """Those in quarantine of which the mailbox's quarantine folder has no copy yet."""
    query = """SELECT * FROM message WHERE state = 'quarantined' AND NOT set_aside
        AND erased_at IS NULL ORDER BY id"""
    return [Message.from_row(row) for row in db.execute(query)]


def set_aside(db: sqlite3.Connection, message: int) -> None:
    """The quarantine folder has a copy."""
    db.execute("UPDATE message SET set_aside = 1 WHERE id = ?", (message,))


def finish(db: sqlite3.Connection, message: int, reply: Reply, now: float) -> None:
    """The result, and its row in the outbox. A second time changes nothing."""
    done = db.execute(
        """UPDATE message SET state = 'done', reason = '', finished_at = ?, painted_at = ?,
            engine_seconds = ? WHERE id = ? AND state = 'working'""",
        (now, reply.painted_at, reply.engine_seconds, message),
    )
    if done.rowcount:
        outbox_rows.put(db, message, reply, now)
        db.executemany("INSERT OR IGNORE INTO picture VALUES (?)", [(sha256,) for sha256 in reply.pictures])


def freed(db: sqlite3.Connection, now: float) -> int:
    """Take all from the hands of a process that died, the third time into quarantine; gives their number."""
    return db.execute(
        """UPDATE message SET state = CASE WHEN attempts >= ? THEN 'quarantined' ELSE 'accepted' END,
            next_at = 0, finished_at = ? WHERE state = 'working'""",
        (MAX_ATTEMPTS, now),
    ).rowcount


def wanted(db: sqlite3.Connection) -> set[str]:
    """The spool's names of all mails that are not dealt with, or in quarantine."""
    query = """SELECT spool FROM message WHERE state IN ('accepted', 'working')
        OR (state = 'quarantined' AND erased_at IS NULL)"""
    return {row["spool"] for row in db.execute(query)}
