"""Note what Twilio reports about an answer that it has taken.

    delivered              the picture is served no more; an answer that waits to be sent again is sent
    failed, undelivered    sent again after a while where the reason may pass, else final, as a mail's bounce

Each may come before Twilio's answer to the request is recorded. Then it is noted when that is.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

#: Codes whose reasons may pass: a full queue, a phone that is off, an unknown error, a failed download.
PASSING = frozenset((30001, 30003, 30008, 30017, 11200, 12300))
#: Attempts at an answer, and seconds before the second one; they double.
MAX_ATTEMPTS, FIRST_DELAY = 3, 300.0

_ROW = """SELECT outbox.*, letter.outbox IS NOT NULL AS is_whole
    FROM outbox LEFT JOIN letter ON letter.outbox = outbox.id
    WHERE id = ? AND channel = 'sms' AND state IN ('pending', 'sending', 'sent')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Hold a receipt."""

    sid: str
    status: str
    code: int  #: Twilio's, 0 without one

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Receipt:
        """Read the fields of a call."""
        code = fields.get("ErrorCode", "")
        return cls(
            sid=fields.get("MessageSid", ""),
            status=fields.get("MessageStatus", ""),
            code=int(code) if code.isdecimal() and len(code) < 9 else 0,
        )


def note(db: sqlite3.Connection, row: int, receipt: Receipt, now: float) -> str | None:
    """Record a receipt at its row of the outbox; return what follows, "" for nothing.

    Returns None while the row is being sent: nobody knows yet whether the receipt is about this attempt.
    """
    found = db.execute(_ROW, (row,)).fetchone()
    is_final = receipt.status in ("delivered", "failed", "undelivered")
    if found is not None and is_final and found["state"] == "sending":
        return None
    if found is None or not is_final or found["sent_as"] not in ("", receipt.sid):
        return ""
    if receipt.status == "delivered":
        # Where Twilio's answer was lost the row is pending, and would be sent a second time.
        sent = "UPDATE outbox SET state = 'sent', sent_at = ?, sent_as = ? WHERE id = ? AND state = 'pending'"
        db.execute(sent, (now, receipt.sid, row))
        db.execute("DELETE FROM letter WHERE outbox = ?", (row,))
        return "delivered"
    if found["state"] != "sent":
        return ""
    words = f"{receipt.status} {receipt.code}"
    if receipt.code in PASSING and found["is_whole"] and found["attempts"] < MAX_ATTEMPTS:
        at = now + FIRST_DELAY * 2 ** (found["attempts"] - 1)
        again = "UPDATE outbox SET state = 'pending', next_at = ?, last_error = ?, sent_as = '' WHERE id = ?"
        db.execute(again, (at, words, row))
        return f"{words}, sent again"
    final = "UPDATE outbox SET state = 'failed', bounce = ?, bounced_at = ?, last_error = ? WHERE id = ?"
    db.execute(final, (words, now, words, row))
    db.execute("DELETE FROM letter WHERE outbox = ?", (row,))
    return words


def expire(db: sqlite3.Connection, before: float) -> None:
    """Delete the pictures of answers that were taken before a moment."""
    db.execute(
        """DELETE FROM letter WHERE outbox IN (
            SELECT letter.outbox FROM letter JOIN outbox ON outbox.id = letter.outbox
            WHERE channel = 'sms' AND state = 'sent' AND sent_at < ?)""",
        (before,),
    )
