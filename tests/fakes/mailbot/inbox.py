"""An inbox that is polled while a test looks on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.imap_syntax import MailLocation
from tests.fakes.mailbot.servers.dovecot import Dovecot

LIMIT = 1_000_000


class Watcher:
    """Polls in the background and keeps what comes, filing it away as the bot does."""

    def __init__(self, inbox: Inbox, *, files: bool = True) -> None:
        self.inbox = inbox
        self.files = files
        self.got: list[RawMessage] = []
        self._change = asyncio.Condition()

    async def run(self) -> None:
        async with contextlib.aclosing(self.inbox.poll()) as mails:
            async for raw in mails:
                self.got.append(raw)
                if self.files:
                    self.inbox.file_away(raw)
                async with self._change:
                    self._change.notify_all()

    async def wait_for(self, count: int, seconds: float = 15) -> list[RawMessage]:
        async with asyncio.timeout(seconds), self._change:
            await self._change.wait_for(lambda: len(self.got) >= count)
        return self.got


async def set_aside(inbox: Inbox, mail: bytes) -> MailLocation | None:
    """Copy one mail into the quarantine folder."""
    async with inbox.copying() as copy:
        return await copy(mail)


@contextlib.asynccontextmanager
async def watching(
    settings: Imap, *, files: bool = True, limit: int = LIMIT, seconds: float = 10
) -> AsyncIterator[Watcher]:
    watcher = Watcher(Inbox(settings, Dovecot.credentials, limit, seconds), files=files)
    task = asyncio.create_task(watcher.run())
    try:
        yield watcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
