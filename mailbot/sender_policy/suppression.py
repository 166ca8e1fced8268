"""Record in the ledger which answers bounced, and which senders want none.

Each function works within a transaction of `Ledger.transact`. `Ledger.known_as` gives a sender's name there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mailbot.sender_policy.bounces import Bounce

#: Bounced answers in a row after which an address gets none, and for how many seconds. Then one answer tries
#: again: if it bounces too, it continues the row.
MAX_BOUNCED, QUIET = 3, 86_400.0

_LAST = """SELECT outbox.bounced_at, outbox.state, outbox.sending_at FROM outbox
    JOIN message ON message.id = outbox.message
    WHERE message.correspondent = ? AND outbox.state IN ('sent', 'failed')
    AND NOT EXISTS (  -- the parts of an answer count once
        SELECT 1 FROM outbox AS part WHERE part.message = outbox.message AND part.id < outbox.id)
    ORDER BY message.parsed_at DESC LIMIT ?"""


def note_bounce(db: sqlite3.Connection, ids: Sequence[str], bounce: Bounce, now: float) -> int | None:
    """Note `bounce` at the answer with the first known Message-ID; return its mail's number, or None.

    Only a recipient of the answer can know its id. A failure is final; a delayed answer may still fail.
    """
    for message_id in ids:
        row = db.execute("SELECT * FROM outbox WHERE message_id = ?", (message_id,)).fetchone()
        if row is not None:
            query = "UPDATE outbox SET bounce = ?, bounced_at = ? WHERE id = ? AND bounced_at IS NULL"
            db.execute(query, (str(bounce), now if bounce.is_final else None, row["id"]))
            return int(row["message"])
    return None


def unreachable(db: sqlite3.Connection, who: str, now: float) -> bool:
    """Tell whether the last `MAX_BOUNCED` answers to `who` bounced or were refused, one within `QUIET`."""
    rows = db.execute(_LAST, (who, MAX_BOUNCED)).fetchall()
    if len(rows) < MAX_BOUNCED or any(r["bounced_at"] is None and r["state"] == "sent" for r in rows):
        return False
    return bool(now < max(row["bounced_at"] or row["sending_at"] or 0.0 for row in rows) + QUIET)


def mute(db: sqlite3.Connection, who: str, message: int, now: float) -> None:
    """Send `who` no more answers after the one to `message`. A second call changes nothing."""
    db.execute("INSERT OR IGNORE INTO muted VALUES (?, ?, ?)", (who, message, now))


def unmute(db: sqlite3.Connection, who: str) -> bool:
    """Answer `who` again; return whether they were muted."""
    return db.execute("DELETE FROM muted WHERE correspondent = ?", (who,)).rowcount > 0


def muted(db: sqlite3.Connection, who: str, message: int) -> bool:
    """Tell whether `who` wants no answer to `message`; the mail that said so still gets one."""
    query = "SELECT 1 FROM muted WHERE correspondent = ? AND message <> ?"
    return db.execute(query, (who, message)).fetchone() is not None


def may_send_notice(db: sqlite3.Connection, who: str, message: int, word_id: str) -> bool:
    """Record that `word_id` is about to say when `message` will be answered; return whether it may be sent.

    It may be once, while `message` is worked on, and unless `who` has written "stop" meanwhile.
    """
    query = "UPDATE message SET word_id = ? WHERE id = ? AND word_id = '' AND state = 'working'"
    return not muted(db, who, message) and db.execute(query, (word_id, message)).rowcount > 0
