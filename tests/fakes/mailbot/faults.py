"""A bot between two proxies and over a disk that can be full, and the books of what a fault cost it.

    World     mailbox, SMTP server, ledger, and what can go wrong with each
    Fault     a thing that goes wrong: `brings_about` does that to a world with a bot at work, and mends it
    Finding   what came of it

The faults themselves are in `imap_faults.py`, `smtp_faults.py` and `disk_faults.py`.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailbot import bot as bot_module
from mailbot import inbox as inbox_module
from mailbot import outbox
from mailbot.config import Imap, Smtp
from mailbot.inbox import Inbox
from mailbot.outbox import Outbox
from mailbot.storage import disk_full
from mailbot.storage.ledger import Ledger
from mailbot.transport.credentials import Password
from tests.fakes.mailbot.bot import ADDRESS, answering
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.proxy import Proxy
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

#: Seconds for a silent server, and the first pause between two attempts.
TIMEOUT, FIRST_DELAY = 0.5, 0.05
#: What a fault may take to be overcome once it is mended, seconds.
RECOVERY_SECONDS = 30.0


class Clock:
    """The time of day, which can be moved ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class World:
    """One account and one bot. `mended` is when the fault was over."""

    def __init__(self, folder: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer) -> None:
        self.folder = folder
        self.dovecot, self.user, self.sink, self.balancer = dovecot, user, sink, balancer
        self.imap = Proxy(dovecot.host, dovecot.port)
        self.smtp = Proxy(sink.host, sink.port)
        self.watched = "INBOX"
        self.clock = Clock()
        self.delivered = 0
        self.mended = 0.0
        self.log = Log()

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Outbox]:
        """A bot at work, once it has looked into the mailbox."""
        settings = Imap(
            host="127.0.0.1", port=self.imap.port, tls="none", username=self.user, folder=self.watched,
            idle_seconds=TIMEOUT,
        )  # fmt: skip
        smtp = Smtp(host="127.0.0.1", port=self.smtp.port, tls="none", username="bot")
        async with Ledger(self.folder / "ledger.db", self.clock) as self.ledger:
            inbox = Inbox(settings, Dovecot.credentials, 1_000_000, TIMEOUT)
            sending = Outbox(smtp, self.ledger, ADDRESS, Password("secret"), self.clock, TIMEOUT)
            async with answering(inbox, self.ledger, self.balancer, self.sink, None, sending):
                await until(lambda: inbox.polled_at)
                self.log.is_at_work = True
                yield sending

    def deliver(self, count: int = 1, folder: str = "", size: int = 0) -> None:
        """More mails, each by a person of its own and with a photo of `size` bytes more."""
        for _ in range(count):
            self.delivered += 1
            number = self.delivered
            picture = photo(seed=number) + bytes(size)
            sender = f"person{number}@example.org"
            body = mail("mosaic", "", [("p.jpg", picture)], sender, message_id=f"<{number}@mail.example>")
            self.dovecot.deliver(self.user, body, folder)

    async def answered(self, count: int | None = None) -> None:
        """Until so many different mails were answered; all of them by default."""
        wanted = self.delivered if count is None else count
        await until(lambda: len(self.answers()) >= wanted, RECOVERY_SECONDS)

    def answers(self) -> Counter[bytes]:
        """How often the answer to each mail came."""
        ids = [re.search(rb"^In-Reply-To: *(\S+)", raw, re.MULTILINE) for raw in self.sink.received]
        return Counter(match[1] for match in ids if match)

    def count(self, query: str) -> int:
        """What a query for one number gives, asked beside the bot."""
        with closing(sqlite3.connect(self.folder / "ledger.db", timeout=10)) as connection:
            return int(connection.execute(query).fetchone()[0])

    def mend(self) -> None:
        """From now on nothing is wrong."""
        self.mended = time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that goes wrong."""

    name: str
    brings_about: Callable[[World], Awaitable[None]]
    doubled: int = 0  #: answers that may come twice: only where the server took one and could not say so
    unanswered: int = 0  #: mails whose answer the server refuses for good
    mounts: bool = False  #: it needs a small disk of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of a fault."""

    fault: Fault
    deeds: tuple[str, ...]  #: what the bot said that it did
    mails: int
    answered: int
    doubled: int
    identical: bool  #: what came twice was the same to the last byte
    seconds: float  #: from when it was mended to the last answer

    @property
    def lost(self) -> int:
        return self.mails - self.answered - self.fault.unanswered

    @property
    def is_right(self) -> bool:
        return self.lost == 0 and self.doubled == self.fault.doubled and self.identical


async def find(fault: Fault, world: World) -> Finding:
    """Bring it about and see it through."""
    async with AsyncExitStack() as stack:
        stack.enter_context(short_timeouts())
        stack.enter_context(world.log.listening())
        await stack.enter_async_context(world.imap)
        await stack.enter_async_context(world.smtp)
        await fault.brings_about(world)
    answers = world.answers()
    return Finding(
        fault=fault,
        deeds=tuple(world.log.deeds),
        mails=world.delivered,
        answered=len(answers),
        doubled=sum(count - 1 for count in answers.values()),
        identical=len(set(world.sink.received)) == len(answers),
        seconds=world.log.last_at - world.mended,
    )


class Log(logging.Handler):
    """What the bot says, each kind of thing once, in order."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.deeds: list[str] = []
        #: The folders that every account needs were made.
        self.is_at_work = False
        self.last_at = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg)
        if said.startswith("answered mail"):
            self.last_at = time.monotonic()
        elif record.levelno >= logging.WARNING or (self.is_at_work and said.startswith("creating")):
            deed = _told(said)
            self.deeds += [deed] if deed not in self.deeds else []

    @contextmanager
    def listening(self) -> Iterator[None]:
        logger = logging.getLogger("mailbot")
        before = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.setLevel(before)


def _told(message: str) -> str:
    """A log's message without its numbers and names: "the mailbox is away, again"."""
    return re.sub(r"(?:(?: in)? )?%[\w.]+(?: s\b)?", "", message.partition(":")[0]).strip()


@contextmanager
def short_timeouts() -> Iterator[None]:
    """Pauses of some hundredths of a second instead of some tenths."""
    modules: tuple[Any, ...] = (bot_module, inbox_module, outbox, disk_full)
    before = [module.FIRST_DELAY for module in modules]
    for module in modules:
        module.FIRST_DELAY = FIRST_DELAY
    try:
        yield
    finally:
        for module, delay in zip(modules, before, strict=True):
            module.FIRST_DELAY = delay
