"""A whole bot for a test: everything but the mailbox is real, and that may be real as well."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from mailbot.bot import Bot
from mailbot.channels.channel import Channel
from mailbot.config import Imap, Mail, Smtp
from mailbot.inbox import CopyMail, Inbox
from mailbot.outbox import Outbox
from mailbot.proofs.proof_mailer import GoingLive, no_proof
from mailbot.responder import Responder
from mailbot.retention.retention import Retention
from mailbot.retention.server_deletion import ServerDeletion
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.style_list import StyleList
from mailbot.transport.credentials import Password
from mailbot.undelivered import notice
from registry.client import RegistryClient
from runner.client import RunnerClient
from styles.service.asyncio_tasks import cancel
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

ADDRESS = "bot@painter.example"


class Folder(Inbox):
    """A mailbox in memory, where a test is about the bot and not about IMAP."""

    def __init__(self, *bodies: bytes, oversized: bool = False) -> None:
        super().__init__(Imap(), Password(""), 1)
        self.coming: asyncio.Queue[RawMessage] = asyncio.Queue()
        self.filed: list[int] = []
        self.aside: list[bytes] = []
        self.was_set_aside = asyncio.Event()
        #: Connections for copies, and copies that were tried.
        self.connections = self.copied = 0
        #: The errors of the first copies for the quarantine folder; the copies after them are taken.
        self.refusals: list[ConnectionError] = []
        self.last = 0
        for body in bodies:
            self.put(body, oversized=oversized)

    def put(self, body: bytes, *, oversized: bool = False) -> None:
        self.last += 1
        raw = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=self.last, body=body, size=len(body))
        self.coming.put_nowait(replace(raw, oversized=oversized))

    async def poll(self) -> AsyncGenerator[RawMessage, None]:
        while True:
            yield await self.coming.get()

    def file_away(self, raw: RawMessage) -> None:
        self.filed.append(raw.uid)

    @asynccontextmanager
    async def copying(self) -> AsyncIterator[CopyMail]:
        self.connections += 1
        yield self._copy

    async def _copy(self, mail: bytes) -> None:
        self.copied += 1
        if self.refusals:
            raise self.refusals.pop(0)
        self.aside.append(mail)
        self.was_set_aside.set()


async def clear_nothing() -> int:
    """For a mailbox in which nothing is to be deleted."""
    return 0


@asynccontextmanager
async def answering(
    inbox: Inbox | None,
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    server_deletion: ServerDeletion | None = None,
    outbox: Outbox | None = None,
    going_live: GoingLive = no_proof,
    /,
    channels: Sequence[Channel] = (),
    teaching: Any = None,  #: makes `Teaching` with a way to send notices
    clock: Callable[[], float] = time.time,  #: of the responder
    **settings: object,
) -> AsyncIterator[Bot]:
    """A bot at work, and stopped in good order; `settings` are keys of [mail]."""
    async with AsyncExitStack() as stack:
        painter = await stack.enter_async_context(RunnerClient(balancer.url, *balancer.others))
        registry = await stack.enter_async_context(RegistryClient(balancer.url))
        smtp = Smtp(host=sink.host, port=sink.port, tls="none")
        mail = Mail.model_validate({"address": ADDRESS, **settings})
        outbox = outbox or Outbox(
            smtp,
            ledger,
            mail.address,
            Password(""),
            channels=channels,
            undelivered=lambda db, message, why: notice.keep(db, mail, message, why, time.time()),
        )
        clear = server_deletion.clear if server_deletion else clear_nothing
        teacher = teaching(outbox.send_notice) if teaching else None
        eraser = Retention(7, ledger, clear)
        if teacher:
            eraser = Retention(
                7, ledger, clear, stop_learning=teacher.stops.all, stop_again=teacher.stops.again
            )
            stack.push_async_callback(cancel, asyncio.create_task(eraser.run(), name="eraser"))
        responder = Responder(
            mail,
            "starry-night",
            ledger=ledger,
            paint_client=painter,
            styles=StyleList(registry.styles, registry.card),
            eraser=eraser,
            send_notice=outbox.send_notice,
            going_live=going_live,
            teaching=teacher,
            channels=channels,
            clock=clock,
        )
        bot = Bot(inbox=inbox, ledger=ledger, outbox=outbox, responder=responder, channels=channels)
        tasks = [asyncio.create_task(bot.run(), name="bot"), asyncio.create_task(outbox.run())]
        try:
            yield bot
        finally:
            tasks[0].cancel()
            await asyncio.gather(tasks[0], return_exceptions=True)
            await bot.drain(0)
            tasks[1].cancel()
            await asyncio.gather(tasks[1], return_exceptions=True)
            await outbox.drain(1)


async def until_census(ledger: Ledger, state: str, count: int = 1) -> None:
    """Rows change without an event for tests."""
    async with asyncio.timeout(40):
        while (await census(ledger)).get(state, 0) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_settled(ledger: Ledger, count: int) -> None:
    """Until nothing more is to be done with `count` mails."""
    async with asyncio.timeout(300):
        while True:
            counts = await census(ledger)
            if sum(counts.get(f"message.{state}", 0) for state in ("done", "silent", "quarantined")) == count:
                return
            await asyncio.sleep(0.02)


def asking(number: int = 1, sender: str = "ann@example.org", style: str = "mosaic", photos: int = 1) -> bytes:
    pictures = [(f"holiday{n}.jpg", photo(seed=100 * number + n)) for n in range(photos)]
    return mail(sender=sender, subject=style, message_id=f"<{number}@example.org>", images=pictures)


def pictures_of(answer: EmailMessage) -> list[bytes]:
    """The full pictures, without their previews."""
    parts = (part for part in answer.walk() if part.get_content_disposition() == "attachment")
    return [part.get_content() for part in parts]


def text_of(answer: object) -> str:
    return str(answer.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
