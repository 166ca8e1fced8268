"""Mails in a mailbox, ours and others, of which copies are to be deleted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.storage import server_copies
from mailbot.storage.ledger import Ledger
from mailbot.transport.imap import Connection
from mailbot.transport.imap_syntax import MailLocation
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.waiting import until

FOREIGN = b"From: me@example.org\r\nMessage-ID: <mine@x>\r\n\r\nof 2019, and dear to me\r\n"
#: Of the same size as the first of ours, and of its Message-ID; and the same mail as it was, but for a word.
LOOKALIKE = numbered(1).replace(b"mosaic", b"mosaik")


@contextlib.asynccontextmanager
async def polled(imap: Imap, ledger: Ledger, count: int, *, noted: bool = True) -> AsyncIterator[Inbox]:
    """An inbox whose first `count` mails are accepted and moved; of the move the ledger knows or not."""

    async def note(account: str, moves: list[tuple[MailLocation, MailLocation]]) -> None:
        if noted:
            await ledger.transact(lambda db: server_copies.filed(db, account, moves))
        moved.extend(moves)

    moved: list[tuple[MailLocation, MailLocation]] = []
    inbox = Inbox(imap, Dovecot.credentials, 1_000, filed=note)  # type: ignore[arg-type]

    async def poll() -> None:
        async with contextlib.aclosing(inbox.poll()) as mails:
            async for raw in mails:
                await ledger.accept(raw)
                inbox.file_away(raw)

    task = asyncio.create_task(poll())
    try:
        await until(lambda: len(moved) == count)
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lay(server: Dovecot, user: str, imap: Imap, folder: str, *mails: bytes) -> None:
    """Mails that lie there before any of ours, with lower UIDs, so that a search meets them first."""
    async with Connection.open(imap, Dovecot.credentials) as connection:
        for mail in mails:
            server.deliver(user, mail, folder)
        await connection.select(folder)
