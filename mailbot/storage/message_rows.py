"""Keep the rows of `message`, from a mail's arrival until it is answered or given up.

A worker's result counts only while the row is `working`: a wish to be deleted may have come meanwhile
(`erasure.forget`).
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.storage.connection import LedgerFile
from mailbot.storage.models import Message

#: Attempts after which a mail that was never finished is quarantined without an answer.
MAX_ATTEMPTS = 3

#: Rows with an attempt behind them were being worked on when a process died: one of them at a time.
LEASE = """UPDATE message SET state = 'working', attempts = attempts + 1 WHERE id IN (
    SELECT id FROM message WHERE state = 'accepted' AND next_at <= :now AND (attempts = 0 OR (
        id = (SELECT min(id) FROM message WHERE state = 'accepted' AND attempts > 0 AND next_at <= :now)
        AND NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1)))
    ORDER BY id LIMIT :limit) RETURNING *"""


class MessageRows(LedgerFile):
    """Hand out messages to work on and record what became of them."""

    async def lease(self, limit: int) -> list[Message]:
        """Return at most `limit` messages that are due, now `working` and their attempt counted.

        Of the messages that were being worked on when a process died, only one is handed out at a time. So
        if one of them ends the process, no other is blamed for it three times.
        """
        values = {"now": self._clock(), "limit": limit}
        rows = await self._call(self._transact, lambda db: db.execute(LEASE, values).fetchall(), False)
        return sorted((Message.from_row(row) for row in rows), key=lambda message: message.id)

    async def next_message_at(self) -> float | None:
        """Return when `lease` has the next message, seconds since the epoch; None while none will be due."""
        query = """SELECT min(next_at) AS at FROM message WHERE state = 'accepted' AND (attempts = 0
            OR NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1))"""
        at: float | None = await self.read(lambda db: db.execute(query).fetchone()["at"])
        return at

    async def postpone(self, message: Message, until: float, reason: str) -> None:
        """Give the attempt back after a temporary error; `message` is due again at `until`."""
        await self._change(
            """UPDATE message SET state = 'accepted', attempts = 0, postponed = postponed + 1,
                next_at = ?, reason = ? WHERE id = ? AND state = 'working'""",
            *(until, reason, message.id),
            durable=False,
        )

    async def release(self, message: Message) -> None:
        """Give the attempt back unharmed, as at shutdown."""
        query = "UPDATE message SET state = 'accepted', attempts = 0 WHERE id = ? AND state = 'working'"
        await self._change(query, message.id, durable=False)

    async def stumbled(self, message: Message, until: float, reason: str) -> None:
        """Record an unexpected error: retry at `until`, or quarantine the message the third time.

        The attempt is given back, because attempts count what ends the process, and the process is alive.
        """
        await self._change(
            """UPDATE message SET failures = failures + 1, attempts = attempts - 1,
                next_at = ?, reason = ?, finished_at = ?,
                state = CASE WHEN failures + 1 >= ? THEN 'quarantined' ELSE 'accepted' END
                WHERE id = ? AND state = 'working'""",
            *(until, reason, self._clock(), MAX_ATTEMPTS, message.id),
            durable=False,
        )

    async def silence(self, message: Message, reason: str) -> None:
        """Record that `message` is never answered."""
        await self._end(message, "silent", reason)
        await self._call(self.spool.remove, message.spool)

    async def quarantine(self, message: Message, reason: str) -> None:
        """Record that `message` cannot be understood. It is kept for a person and not answered."""
        await self._end(message, "quarantined", reason)

    async def _end(self, message: Message, state: str, reason: str) -> None:
        await self._change(
            "UPDATE message SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state = 'working'",
            *(state, reason, self._clock(), message.id),
        )

    async def quarantined(self) -> list[Message]:
        """Return the quarantined messages that the mailbox's quarantine folder has no copy of yet."""
        query = """SELECT * FROM message WHERE state = 'quarantined' AND NOT set_aside
            AND erased_at IS NULL ORDER BY id"""
        return await self.read(lambda db: [Message.from_row(row) for row in db.execute(query)])

    async def set_aside(self, message: Message) -> None:
        """Record that the quarantine folder has `message`. The spool keeps it too, so it can be retried."""
        await self._change("UPDATE message SET set_aside = 1 WHERE id = ?", message.id)

    async def ours(self, digests: Sequence[str]) -> set[str]:
        """Return those of these hex SHA-256 that are of pictures which the bot has sent."""
        query = "SELECT 1 FROM picture WHERE sha256 = ?"
        return await self.read(lambda db: {each for each in digests if db.execute(query, (each,)).fetchone()})
