"""What the ledger knows of those who write: which answers came back, and who wants none.

    note_bounce     an answer of ours came back, or is late
    unreachable     whether the last answers to somebody all came back
    mute, unmute    somebody wrote "stop", or "start"
    muted           whether somebody wants no answers

Each works within a transaction of `Ledger.transact`. Who somebody is, `Ledger.known_as` says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mailbot.sender_policy.bounces import Bounce

#: So many answers in a row that came back, and their address is left alone for so many seconds. Then one
#: answer tries again: the next that comes back, comes back in a row.
MAX_BOUNCED, QUIET = 3, 86_400.0

_LAST = """SELECT outbox.bounced_at, outbox.state, outbox.sending_at FROM outbox
    JOIN message ON message.id = outbox.message
    WHERE message.correspondent = ? AND outbox.state IN ('sent', 'failed')
    ORDER BY message.parsed_at DESC LIMIT ?"""


def note_bounce(db: sqlite3.Connection, ids: Sequence[str], bounce: Bounce, now: float) -> int | None:
    """Note `bounce` at the answer that has the first of these Message-IDs; gives the mail it was for.

    None where none of them is ours: nobody else knows them, so who names one has seen the answer. A failure
    is final; what is only late may still fail.
    """
    for message_id in ids:
        row = db.execute("SELECT * FROM outbox WHERE message_id = ?", (message_id,)).fetchone()
        if row is None:
            continue
        if row["bounced_at"] is None:
            db.execute(
                "UPDATE outbox SET bounce = ?, bounced_at = ? WHERE id = ?",
                (str(bounce), now if bounce.is_final else None, row["id"]),
            )
        return int(row["message"])
    return None


def unreachable(db: sqlite3.Connection, who: str, now: float) -> bool:
    """Whether the last `MAX_BOUNCED` answers to `who` came back or were refused, the latest not long ago."""
    rows = db.execute(_LAST, (who, MAX_BOUNCED)).fetchall()
    if len(rows) < MAX_BOUNCED or any(r["bounced_at"] is None and r["state"] == "sent" for r in rows):
        return False
    return bool(now < max(row["bounced_at"] or row["sending_at"] or 0.0 for row in rows) + QUIET)


def mute(db: sqlite3.Connection, who: str, message: int, now: float) -> None:
    """`who` wants no more answers after the one to `message`. A second time changes nothing."""
    db.execute("INSERT OR IGNORE INTO muted VALUES (?, ?, ?)", (who, message, now))


def unmute(db: sqlite3.Connection, who: str) -> None:
    """`who` wants answers again."""
    db.execute("DELETE FROM muted WHERE correspondent = ?", (who,))


def muted(db: sqlite3.Connection, who: str, message: int) -> bool:
    """Whether `who` wants no answer to `message`; that which said so is still confirmed."""
    query = "SELECT 1 FROM muted WHERE correspondent = ? AND message <> ?"
    return db.execute(query, (who, message)).fetchone() is not None
