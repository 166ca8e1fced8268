"""Keep every mail that came in, the work on it and its answer, so that all of it survives a crash.

It is one SQLite file and the spool beside it:

    accept      spool the mail, then one transaction: from here on it will be answered
    lease       hand out messages to work on; counts the attempt *before* anything is parsed
    finish      result and outbox rows in one transaction; the spool keeps a mail with photos
    postpone, release                   give the attempt back
    take, sent, deferred, failed        the outbox
    recover     at start: free the mails of a dead process, and send its unfinished answers again

A worker's result counts only while the message is `working`: a request to be deleted may have come meanwhile
(`erasure.forget`). `LedgerFile` says how durable each transaction is.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence

from mailbot.storage import conversations, server_copies
from mailbot.storage.keyed_hash import pseudonym, trace_of
from mailbot.storage.ledger_file import LedgerFile, transaction
from mailbot.storage.ledger_rows import Message, OutboxRow, RawMessage, Reply, of_row
from mailbot.storage.mail_keys import dedupe_key

#: Attempts after which a mail that was never finished is quarantined without an answer.
MAX_ATTEMPTS = 3

#: Rows with an attempt behind them were being worked on when a process died: one of them at a time.
LEASE = """UPDATE message SET state = 'working', attempts = attempts + 1 WHERE id IN (
    SELECT id FROM message WHERE state = 'accepted' AND next_at <= :now AND (attempts = 0 OR (
        id = (SELECT min(id) FROM message WHERE state = 'accepted' AND attempts > 0 AND next_at <= :now)
        AND NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1)))
    ORDER BY id LIMIT :limit) RETURNING *"""
#: A mail that is answered no more: its sender has stopped its lesson meanwhile, and was told so. Its next
#: look takes back what was learnt; where three fail it is left to a person.
STOPPED = """UPDATE message SET failures = failures + 1, attempts = 0, next_at = 0, finished_at = ?,
    reason = 'stopped while it was answered',
    state = CASE WHEN failures + 1 >= ? THEN 'quarantined' ELSE 'accepted' END WHERE id = ?
    AND state = 'working' AND id IN (SELECT message FROM lesson WHERE cancelled_at IS NOT NULL)"""
#: Pending answers by the time of their next attempt. The parts of a mail's answer go out in any order, those
#: of a chat's one after the other. Channels in the list of JSON are passed over.
PENDING = """SELECT id, next_at FROM outbox WHERE state = 'pending'
    AND channel NOT IN (SELECT value FROM json_each(?)) AND (channel = 'mail' OR NOT EXISTS (
    SELECT 1 FROM outbox AS before WHERE before.message = outbox.message AND before.id < outbox.id
    AND before.state IN ('pending', 'sending'))) ORDER BY next_at, id LIMIT 1"""
TAKE = """UPDATE outbox SET state = 'sending', attempts = attempts + 1, sending_at = ? WHERE id = ?"""
ROW = """SELECT outbox.id, outbox.message, outbox.message_id, outbox.recipient, letter.content,
    outbox.channel, outbox.attempts, outbox.created_at, message.dedupe, message.accepted_at,
    message.engine_seconds
    FROM outbox JOIN message ON message.id = outbox.message LEFT JOIN letter ON letter.outbox = outbox.id
    WHERE outbox.id = ?"""
#: The files of the spool that are still needed.
SPOOLED = """SELECT spool FROM message WHERE state IN ('accepted', 'working')
    OR ((state = 'quarantined' OR photos > 0) AND erased_at IS NULL)"""


class Ledger(LedgerFile):
    """Accept mails, hold the work on them and their answers. Use it as an async context manager."""

    async def accept(self, raw: RawMessage) -> Message | None:
        """Keep `raw` durably, so that no crash can lose it any more. Returns None if it was seen before."""
        key = await asyncio.to_thread(dedupe_key, raw)
        return await self._call(self._accept, raw, key)

    async def body(self, message: Message) -> bytes:
        """Return the mail as it came, or its headers alone where it was oversized."""
        return await asyncio.to_thread(self.spool.read, message.spool)

    async def lease(self, limit: int) -> list[Message]:
        """Return at most `limit` messages that are due, now `working` and their attempt counted.

        Of the messages that were being worked on when a process died, only one is handed out at a time. So
        if one of them ends the process, no other is blamed for it three times.
        """
        values = {"now": self._clock(), "limit": limit}
        rows = await self.transact(lambda db: db.execute(LEASE, values).fetchall(), durable=False)
        return sorted((of_row(Message, row) for row in rows), key=lambda message: message.id)

    async def next_message_at(self) -> float | None:
        """Return when `lease` has the next message, seconds since the epoch; None while none will be due."""
        query = """SELECT min(next_at) AS at FROM message WHERE state = 'accepted' AND (attempts = 0
            OR NOT EXISTS (SELECT 1 FROM message WHERE state = 'working' AND attempts > 1))"""
        at: float | None = await self.read(lambda db: db.execute(query).fetchone()["at"])
        return at

    async def postpone(self, message: Message, until: float, reason: str) -> bool:
        """Give the attempt back; `message` is due again at `until`. Returns False if it was deleted since."""
        query = """UPDATE message SET state = 'accepted', attempts = 0, postponed = postponed + 1,
            next_at = ?, reason = ? WHERE id = ? AND state = 'working'"""
        return await self._change(query, until, reason, message.id, durable=False)

    async def release(self, message: Message) -> None:
        """Give the attempt back unharmed, as at shutdown."""
        query = "UPDATE message SET state = 'accepted', attempts = 0 WHERE id = ? AND state = 'working'"
        await self._change(query, message.id, durable=False)

    async def failed_unexpectedly(self, message: Message, until: float, reason: str) -> None:
        """Record an unexpected error: retry at `until`, or quarantine the message the third time.

        The attempt is given back, because attempts count what ends the process, and the process is alive.
        """
        query = """UPDATE message SET failures = failures + 1, attempts = attempts - 1,
            next_at = ?, reason = ?, finished_at = ?,
            state = CASE WHEN failures + 1 >= ? THEN 'quarantined' ELSE 'accepted' END
            WHERE id = ? AND state = 'working'"""
        values = (until, reason, self._clock(), MAX_ATTEMPTS, message.id)
        await self._change(query, *values, durable=False)

    async def silence(self, message: Message, reason: str) -> None:
        """Record that `message` is never answered. Its file stays where a later mail needs its photos."""
        await self._end(message, "silent", reason)
        if not await self.read(lambda db: conversations.is_kept(db, message.id)):
            await self._call(self.spool.remove, message.spool)

    async def quarantine(self, message: Message, reason: str) -> None:
        """Record that `message` cannot be understood. It is kept for a person and not answered."""
        await self._end(message, "quarantined", reason)

    async def _end(self, message: Message, state: str, reason: str) -> None:
        query = "UPDATE message SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state = 'working'"
        await self._change(query, state, reason, self._clock(), message.id)

    async def quarantined(self) -> list[Message]:
        """Return the quarantined messages of the mailbox that its quarantine folder has no copy of yet."""
        query = """SELECT * FROM message WHERE state = 'quarantined' AND NOT set_aside AND channel = 'mail'
            AND erased_at IS NULL AND id IN (SELECT message FROM sighting) ORDER BY id"""
        return await self.read(lambda db: [of_row(Message, row) for row in db.execute(query)])

    async def set_aside(self, message: Message) -> None:
        """Record that the quarantine folder has `message`. The spool keeps it too, so it can be retried."""
        await self._change("UPDATE message SET set_aside = 1 WHERE id = ?", message.id)

    async def ours(self, digests: Sequence[str]) -> set[str]:
        """Return those of these hex SHA-256 that are of pictures which the bot has sent."""
        query = "SELECT 1 FROM picture WHERE sha256 = ?"
        return await self.read(lambda db: {each for each in digests if db.execute(query, (each,)).fetchone()})

    async def finish(self, message: Message, reply: Reply) -> None:
        """Record the result and its outbox rows in one transaction, once; see `STOPPED` for the exception."""
        await self._call(self._finish, message, reply)

    async def take(self, full: Sequence[str] = ()) -> OutboxRow | None:
        """Return the next answer due, not of channels in `full`; now `sending` and its attempt counted."""
        return await self.transact(lambda db: _take(db, self._clock(), full), durable=False)

    async def next_reply_at(self, full: Sequence[str] = ()) -> float | None:
        """Return when `take` has the next answer, seconds since the epoch; None if there is none."""
        row = await self.read(lambda db: db.execute(PENDING, (json.dumps(full),)).fetchone())
        return row["next_at"] if row else None

    async def sent(self, row: OutboxRow, name: str = "", *, keeps: bool = False) -> None:
        """Record that the server has taken `row` as `name`, and delete its bytes unless it `keeps` them."""
        await self.transact(lambda db: _sent(db, row.id, name, self._clock(), keeps))

    async def deferred(self, row: OutboxRow, until: float, error: str) -> None:
        """Record that `row` is to be sent again at `until`, the same bytes with the same id."""
        query = "UPDATE outbox SET state = 'pending', next_at = ?, last_error = ? WHERE id = ?"
        await self._change(query, until, error, row.id, durable=False)

    async def failed(
        self, row: OutboxRow, error: str, also: Callable[[sqlite3.Connection], object] = lambda _: None
    ) -> None:
        """Record that `row` was refused for good. Its bytes stay, so that a person may have it sent again."""
        query = "UPDATE outbox SET state = 'failed', last_error = ? WHERE id = ?"
        await self.transact(lambda db: (db.execute(query, (error, row.id)), also(db)))

    async def recover(self) -> tuple[int, int]:
        """Free leases and make answers that were being sent pending, at start. Returns the numbers of both.

        A message that was being worked on when the process died, three times, is quarantined.
        """
        return await self._call(self._recover)

    def reply_id(self, message: Message, domain: str, part: int = 1) -> str:
        """Return the Message-ID of the answer to `message`: always the same, and not to be guessed."""
        return f"<{self.keyed('reply', message.dedupe + (f' {part}' if part > 1 else ''))}@{domain}>"

    def notice_id(self, message: Message, domain: str) -> str:
        """Return the Message-ID of the mail that says when the answer to `message` will come."""
        return f"<{self.keyed('word', message.dedupe)}@{domain}>"

    def trace(self, message: Message | OutboxRow) -> str:
        """Return the trace of a mail or answer."""
        return trace_of(self._secret, message.dedupe)

    def _accept(self, raw: RawMessage, key: str) -> Message | None:
        row = self._db.execute("SELECT * FROM message WHERE dedupe = ?", (key,)).fetchone()
        is_known, accepted_at = row is not None, self._clock()
        spooled = "" if is_known else self.spool.put(raw.body, f"-{raw.size}" if raw.oversized else "")
        with transaction(self._db, durable=True) as db:
            if not is_known:
                insert = """INSERT INTO message (dedupe, spool, size, oversized, accepted_at, channel,
                    cleared, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *"""
                values = (key, spooled, raw.size, raw.oversized, accepted_at, raw.channel, not raw.uid)
                (row,) = db.execute(insert, (*values, pseudonym(self._secret, raw.sender))).fetchall()
            server_copies.seen(db, raw, row["id"])
        return None if is_known else of_row(Message, row)

    def _finish(self, message: Message, reply: Reply) -> None:
        with transaction(self._db, durable=True) as db:
            now = self._clock()
            db.execute(STOPPED, (now, MAX_ATTEMPTS, message.id))
            query = """UPDATE message SET state = 'done', reason = '', finished_at = ?, painted_at = ?,
                engine_seconds = ? WHERE id = ? AND state = 'working'"""
            done = db.execute(query, (now, reply.painted_at, reply.engine_seconds, message.id))
            if done.rowcount:
                pictures = [(sha256,) for sha256 in reply.pictures]
                db.executemany("INSERT OR IGNORE INTO picture VALUES (?)", pictures)
                for part in reply.parts:
                    insert = """INSERT INTO outbox (message, kind, message_id, recipient, created_at, channel)
                        VALUES (?, ?, ?, ?, ?, ?)"""
                    values = (message.id, reply.kind, part.message_id, reply.recipient, now, message.channel)
                    answer = db.execute(insert, values)
                    db.execute("INSERT INTO letter VALUES (?, ?)", (answer.lastrowid, part.content))
                conversations.keep(db, message.id, reply)
            is_kept = conversations.is_kept(db, message.id)
        if not is_kept:
            self.spool.remove(message.spool)

    def _recover(self) -> tuple[int, int]:
        with transaction(self._db, durable=True) as db:
            messages = db.execute(
                """UPDATE message SET state = CASE WHEN attempts >= ? THEN 'quarantined' ELSE 'accepted' END,
                    next_at = 0, finished_at = ? WHERE state = 'working'""",
                (MAX_ATTEMPTS, self._clock()),
            )
            answers = db.execute("UPDATE outbox SET state = 'pending', next_at = 0 WHERE state = 'sending'")
            wanted = {row["spool"] for row in db.execute(SPOOLED)}
        self.spool.tidy(wanted)
        return messages.rowcount, answers.rowcount


def _take(db: sqlite3.Connection, now: float, full: Sequence[str]) -> OutboxRow | None:
    due = db.execute(PENDING, (json.dumps(full),)).fetchone()
    if due is None or due["next_at"] > now:
        return None
    db.execute(TAKE, (now, due["id"]))
    # Its letter may be missing, by an error of the code: that is found when it is sent, and defers it alone.
    return OutboxRow(**db.execute(ROW, (due["id"],)).fetchone())


def _sent(db: sqlite3.Connection, row: int, name: str, now: float, keeps: bool) -> None:
    query = "UPDATE outbox SET state = 'sent', sent_at = ?, sent_as = ?, last_error = '' WHERE id = ?"
    db.execute(query, (now, name, row))
    if not keeps:
        db.execute("DELETE FROM letter WHERE outbox = ?", (row,))
