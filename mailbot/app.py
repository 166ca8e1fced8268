"""Build, start and stop everything in the bot's process.

At a stop no new mail is taken up and running work gets some seconds. What does not finish is in the ledger
for the next start. A second signal ends the process at once, which loses nothing either.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from functools import partial
from typing import Any

from mailbot.admin.heartbeat import Heartbeat
from mailbot.admin.metrics import metrics
from mailbot.bot import Bot
from mailbot.channels.enabled import leave_others, open_channels
from mailbot.config import Mail, MailbotConfigFile
from mailbot.inbox import Inbox
from mailbot.local_programs import BOT_TOKEN
from mailbot.locks import mailbox_lock
from mailbot.outbox import Outbox
from mailbot.proofs.proof_mailer import ProofMailer
from mailbot.responder import Responder
from mailbot.retention.retention import Retention
from mailbot.retention.server_deletion import ServerDeletion
from mailbot.storage import server_copies
from mailbot.storage.backup import remove_leftovers
from mailbot.storage.ledger import Ledger
from mailbot.style_list import StyleList
from mailbot.teaching.teaching import Teaching
from mailbot.transport.credentials import Credentials, to_read, to_send
from mailbot.transport.imap_syntax import MailLocation
from mailbot.undelivered import notice
from registry.client import LearningClient, ProofClient, RegistryClient
from runner.client import RunnerClient
from styles.service.asyncio_tasks import start
from styles.service.optional_libraries import require

log = logging.getLogger(__name__)

#: Seconds that running work has at a stop. A photo takes well under one of them, `mailbot up` waits 30.
DRAIN_SECONDS = 6.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def serve(config: MailbotConfigFile) -> None:
    """Answer mail until a signal comes. Raises `ConfigError` and the errors that end the bot."""
    reading, sending = to_read(config.mail), to_send(config.mail)
    if config.mail.lmtp.listen:
        require("lmtp", "[mail.lmtp]")
    os.umask(0o077)  # files hold people's mail and photos, which no other user of this machine may read
    stop = stop_event()
    async with AsyncExitStack() as stack:
        if not await stack.enter_async_context(mailbox_lock(config.mail, stop)):
            return
        await asyncio.to_thread(remove_leftovers, config.mail.ledger)
        ledger = await stack.enter_async_context(Ledger(config.mail.ledger))
        paint_client = await stack.enter_async_context(RunnerClient(*config.balancer.all_urls))
        registry = await stack.enter_async_context(RegistryClient(config.registry.url))
        inbox = inbox_of(config.mail, reading, ledger)
        channels = open_channels(config, ledger, os.environ, lambda: outbox.wake())  # noqa: PLW0108 - not there yet
        await leave_others(ledger, channels)
        smtp, address = config.mail.effective_smtp, config.mail.address
        outbox = Outbox(
            smtp,
            ledger,
            address,
            sending,
            channels=channels,
            undelivered=lambda db, message, why: notice.keep(db, config.mail, message, why, time.time()),
        )
        server_deletion = ServerDeletion(config.mail.effective_imap, reading, ledger)
        token = os.environ.pop(BOT_TOKEN, "")
        proofs = ProofMailer(ProofClient(config.registry.url, token), address, ledger, outbox.wake)
        teaching = Teaching(
            config.mail,
            LearningClient(config.registry.url, token),
            ledger,
            send_notice=outbox.send_notice,
            page_url=config.registry.public_url or config.registry.url,
        )
        keep_days, clear, stops = config.mail.keep_days, server_deletion.clear, teaching.stops
        retention = Retention(keep_days, ledger, clear, stop_learning=stops.all, stop_again=stops.again)
        responder = Responder(
            config.mail,
            config.styles.default,
            ledger=ledger,
            paint_client=paint_client,
            styles=StyleList(registry.styles, registry.card),
            eraser=retention,
            send_notice=outbox.send_notice,
            going_live=proofs.going_live,
            teaching=teaching,
            channels=channels,
        )
        bot = Bot(inbox=inbox, ledger=ledger, outbox=outbox, responder=responder, channels=channels)
        log.info("answering %s", " and ".join([f"mail to {address}", *(each.name for each in channels)]))
        await stack.enter_async_context(metrics(config.mail.ledger, config.mail.metrics_port))
        polled_at = (lambda: inbox.polled_at) if inbox else time.monotonic  # LMTP has nothing to look into
        heartbeat = Heartbeat(ledger, polled_at, (bot.wake, outbox.wake, retention.wake))
        for name, work in _loops(heartbeat, retention, proofs).items():
            stack.push_async_callback(_end, start(work, name))
        await stack.enter_async_context(lmtp(config.mail, bot))
        await run_until(stop, bot, outbox)
    log.info("stopped")


def _loops(
    heartbeat: Heartbeat, retention: Retention, proofs: ProofMailer
) -> dict[str, Coroutine[Any, Any, None]]:
    """Return the work beside the bot and its outbox, by its name in the log."""
    loops = {"the heartbeat": heartbeat.run(), "deleting old mails": retention.run()}
    return loops | ({"mailing proofs": proofs.run()} if proofs.is_on else {})


def stop_event() -> asyncio.Event:
    """Return an event that the first signal to stop sets; a second signal ends the process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop_at(number: signal.Signals) -> None:
        log.info("stopping at %s", number.name)
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
        stop.set()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop_at, number)
    return stop


def inbox_of(mail: Mail, credentials: Credentials, ledger: Ledger) -> Inbox | None:
    """Return the mailbox to poll, if there is one."""
    if not mail.has_mailbox:
        return None
    filed = partial(note_moves, ledger)
    return Inbox(mail.effective_imap, credentials, mail.max_message_bytes, filed=filed)


def lmtp(mail: Mail, bot: Bot) -> AbstractAsyncContextManager[None]:
    """Return a context in which mail is taken by LMTP, if the config says where. Raises `ConfigError`."""
    if not mail.lmtp.listen:
        return nullcontext()
    from mailbot.lmtp.server import listening  # its library comes with an extra

    return listening(mail.lmtp, mail.own, mail.max_message_bytes, bot.accept)


async def note_moves(
    ledger: Ledger, account: str, moves: Sequence[tuple[MailLocation, MailLocation]]
) -> None:
    """Record where mails lie on the server now, so that they can be deleted there."""
    await ledger.transact(lambda db: server_copies.filed(db, account, moves), durable=False)


async def run_until(stop: asyncio.Event, bot: Bot, outbox: Outbox) -> None:
    """Run both until `stop` is set or one of them fails, and drain. Raises the error of that one."""
    answering, sending = asyncio.create_task(bot.run()), asyncio.create_task(outbox.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([answering, sending, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await _end(answering)
        await bot.drain(DRAIN_SECONDS)
        await _end(sending)
        await outbox.drain(DRAIN_SECONDS)
    for task in (answering, sending):
        if not task.cancelled():
            await task


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
