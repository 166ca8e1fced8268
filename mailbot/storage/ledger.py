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
from mailbot.storage import message_rows, outbox_rows
from mailbot.storage.connection import transaction
from mailbot.storage.dedupe import dedupe_key, pseudonym
from mailbot.storage.message_rows import MessageRows
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
        now = self._clock()
        known = self._db.execute("SELECT id FROM message WHERE dedupe = ?", (key,)).fetchone()
        spooled = "" if known else self.spool.put(raw.body, f"-{raw.size}" if raw.oversized else "")
        with transaction(self._db, durable=True) as db:
            if known:
                message_rows.see(db, raw, known["id"])
                return None
            return message_rows.accept(db, raw, key, spooled, now)

    def _finish(self, message: Message, reply: Reply) -> None:
        with transaction(self._db, durable=True) as db:
            now = self._clock()
            if message_rows.finish(db, message.id, reply, now):
                outbox_rows.put(db, message.id, reply, now)
        self.spool.remove(message.spool)

    def _recover(self) -> tuple[int, int]:
        with transaction(self._db, durable=True) as db:
            freed = message_rows.freed(db, self._clock()), outbox_rows.freed(db)
            wanted = message_rows.wanted(db)
        self.spool.tidy(wanted)
        return freed
