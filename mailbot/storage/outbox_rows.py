"""Keep the rows of `outbox`, from an answer's making until a server has it."""

from __future__ import annotations

import sqlite3

from mailbot.storage.connection import LedgerFile
from mailbot.storage.models import OutboxRow

ROW = """SELECT outbox.id, outbox.message, outbox.message_id, outbox.recipient, letter.content,
    outbox.attempts, outbox.created_at, message.accepted_at, message.engine_seconds
    FROM outbox JOIN message ON message.id = outbox.message LEFT JOIN letter ON letter.outbox = outbox.id
    WHERE outbox.id = ?"""


class OutboxRows(LedgerFile):
    """Hand out answers to send and record what became of them."""

    async def take(self) -> OutboxRow | None:
        """Return the next answer that is due, now `sending` and its attempt counted."""
        return await self._call(self._transact, lambda db: _take(db, self._clock()), False)

    async def next_reply_at(self) -> float | None:
        """Return when the next pending answer is due, seconds since the epoch; None if there is none."""
        query = "SELECT min(next_at) AS at FROM outbox WHERE state = 'pending'"
        at: float | None = await self.read(lambda db: db.execute(query).fetchone()["at"])
        return at

    async def sent(self, row: OutboxRow) -> None:
        """Record that the SMTP server has taken `row`, and delete its bytes."""
        await self._call(self._transact, lambda db: _sent(db, row.id, self._clock()), True)

    async def deferred(self, row: OutboxRow, until: float, error: str) -> None:
        """Record that `row` is to be sent again at `until`, the same bytes with the same id."""
        query = "UPDATE outbox SET state = 'pending', next_at = ?, last_error = ? WHERE id = ?"
        await self._change(query, until, error, row.id, durable=False)

    async def failed(self, row: OutboxRow, error: str) -> None:
        """Record that `row` was refused for good. Its bytes stay, so that a person may have it sent again."""
        query = "UPDATE outbox SET state = 'failed', last_error = ? WHERE id = ?"
        await self._change(query, error, row.id)


def _take(db: sqlite3.Connection, now: float) -> OutboxRow | None:
    due = "SELECT id FROM outbox WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT 1"
    found = db.execute(due, (now,)).fetchone()
    if found is None:
        return None
    db.execute(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, sending_at = ? WHERE id = ?",
        (now, found["id"]),
    )
    return OutboxRow.from_row(db.execute(ROW, (found["id"],)).fetchone())


def _sent(db: sqlite3.Connection, row: int, now: float) -> None:
    db.execute("UPDATE outbox SET state = 'sent', sent_at = ?, last_error = '' WHERE id = ?", (now, row))
    db.execute("DELETE FROM letter WHERE outbox = ?", (row,))
