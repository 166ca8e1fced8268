"""Keep every mail that came in, the work on it and its answer, so that all of it survives a crash.

It is one SQLite file and the spool beside it:

    accept      spool the mail, then one transaction: from here on it will be answered
    lease       hand out messages to work on; counts the attempt *before* anything is parsed
    finish      result and outbox row in one transaction
    postpone, release                   give the attempt back
    take, sent, deferred, failed        the outbox
    recover     at start: free what a dead process held, and send again what it was sending

`MessageRows` and `OutboxRows` have what concerns one table, `Ledger` what concerns both or the spool, and
`LedgerFile` says how durable each transaction is.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac

from mailbot.parsing.headers import without_tag
from mailbot.storage.connection import transaction
from mailbot.storage.dedupe import dedupe_key, pseudonym
from mailbot.storage.message_rows import MAX_ATTEMPTS, MessageRows
from mailbot.storage.models import Message, RawEmail, Reply
from mailbot.storage.outbox_rows import OutboxRows


class Ledger(MessageRows, OutboxRows):
    """Accept mails, hold the work on them and their answers. Use it as an async context manager."""

    async def accept(self, raw: RawEmail) -> Message | None:
        """Take over `raw`: once this returns, it will be answered. Returns None if it was seen before."""
        key = await asyncio.to_thread(dedupe_key, raw)
        return await self._call(self._accept, raw, key)

    async def body(self, message: Message) -> bytes:
        """Return the mail as it came, or its headers alone where it was oversized."""
        return await asyncio.to_thread(self.spool.read, message.spool)

    async def finish(self, message: Message, reply: Reply) -> None:
        """Record the result and its outbox row in one transaction. A second time changes nothing."""
        await self._call(self._finish, message, reply)

    async def recover(self) -> tuple[int, int]:
        """Free leases and send again what was being sent, at start. Returns the numbers of both.

        A message that was being worked on when the process died, three times, is quarantined.
        """
        return await self._call(self._recover)

    def reply_id(self, message: Message, domain: str) -> str:
        """Return the Message-ID of the answer to `message`: always the same, and not to be guessed."""
        digest = hmac.new(self._secret, f"reply {message.dedupe}".encode(), hashlib.sha256).hexdigest()
        return f"<{digest[:40]}@{domain}>"

    def known_as(self, address: str) -> str:
        """Return a keyed hash of the address without its `+tag`, by which its sender is counted."""
        return pseudonym(self._secret, without_tag(address))

    def _accept(self, raw: RawEmail, key: str) -> Message | None:
        accepted_at = self._clock()
        row = self._db.execute("SELECT * FROM message WHERE dedupe = ?", (key,)).fetchone()
        is_known = row is not None
        spooled = "" if is_known else self.spool.put(raw.body, f"-{raw.size}" if raw.oversized else "")
        with transaction(self._db, durable=True) as db:
            if not is_known:
                insert = """INSERT INTO message (dedupe, spool, size, oversized, accepted_at)
                    VALUES (?, ?, ?, ?, ?) RETURNING *"""
                (row,) = db.execute(insert, (key, spooled, raw.size, raw.oversized, accepted_at)).fetchall()
            # REPLACE: should a server ever give one UID to two mails, the key decides, and none is lost.
            place = (raw.account, raw.folder, raw.uidvalidity, raw.uid, row["id"])
            db.execute("INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)", place)
        return None if is_known else Message.from_row(row)

    def _finish(self, message: Message, reply: Reply) -> None:
        with transaction(self._db, durable=True) as db:
            now = self._clock()
            done = db.execute(
                """UPDATE message SET state = 'done', reason = '', finished_at = ?, painted_at = ?,
                    engine_seconds = ? WHERE id = ? AND state = 'working'""",
                (now, reply.painted_at, reply.engine_seconds, message.id),
            )
            if done.rowcount:
                db.executemany(
                    "INSERT OR IGNORE INTO picture VALUES (?)", [(each,) for each in reply.pictures]
                )
                answer = db.execute(
                    """INSERT INTO outbox (message, kind, message_id, recipient, created_at)
                        VALUES (?, ?, ?, ?, ?)""",
                    (message.id, reply.kind, reply.message_id, reply.recipient, now),
                )
                db.execute("INSERT INTO letter VALUES (?, ?)", (answer.lastrowid, reply.content))
        self.spool.remove(message.spool)

    def _recover(self) -> tuple[int, int]:
        with transaction(self._db, durable=True) as db:
            messages = db.execute(
                """UPDATE message SET state = CASE WHEN attempts >= ? THEN 'quarantined' ELSE 'accepted' END,
                    next_at = 0, finished_at = ? WHERE state = 'working'""",
                (MAX_ATTEMPTS, self._clock()),
            )
            answers = db.execute("UPDATE outbox SET state = 'pending', next_at = 0 WHERE state = 'sending'")
            kept = db.execute(
                """SELECT spool FROM message WHERE state IN ('accepted', 'working')
                    OR (state = 'quarantined' AND erased_at IS NULL)"""
            )
            spooled = {row["spool"] for row in kept}
        self.spool.tidy(spooled)
        return messages.rowcount, answers.rowcount
