"""Send the answers of the outbox until a server takes or refuses them for good.

    250; by Graph 202                   sent
    5xx for this mail: at RCPT or DATA  failed, and logged
    4xx, no connection, no login, 5xx   pending again after a backoff that doubles: the same bytes, the same
    about the bot, a lost connection    Message-ID, so that a mail which came twice can be recognised

SMTP cannot deliver exactly once (RFC 1047). If a connection drops between the mail and its 250, nobody knows
whether the mail was taken, and it is sent again. `Ledger.recover` handles what a dead process was sending.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from aiosmtplib import SMTPException

from mailbot.channels.channel import Channel
from mailbot.config import Smtp
from mailbot.error_location import where
from mailbot.oauth.login_file import NoToken
from mailbot.parsing.mail_parser import MAIL
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import OutboxRow
from mailbot.transport.answer_sender import AnswerSender, Outgoing, ReplyRejected, TryLater
from mailbot.transport.credentials import Credentials
from mailbot.transport.graph_sender import GraphSender
from mailbot.transport.smtp import TIMEOUT
from mailbot.transport.smtp_sender import SmtpSender
from mailbot.transport.tls import Untrusted
from styles.service.asyncio_tasks import TaskSet, cancel, wait_until_set
from styles.service.backoff import jittered
from styles.service.logs import tracing

log = logging.getLogger(__name__)

#: Answers that each channel sends at once, each over a connection of its own. So slow uploads of one channel
#: hold up no other.
SENDERS = 4
#: Seconds that an unused connection is kept, since a login costs more than a mail. Servers allow five minutes
#: (RFC 5321, 4.5.3.2.7).
KEEP_SECONDS = 5.0
#: Shortest and longest backoff between two attempts, seconds. Half to all of it is waited.
FIRST_DELAY, LAST_DELAY = 1.0, 900.0
#: Longest wait that a server may ask for, seconds. Microsoft's limits are by the minute and by the day.
LONGEST_DELAY = 86_400.0
#: Seconds after which an answer is given up (RFC 5321, 4.5.4.1 asks for four to five days).
GIVE_UP_SECONDS = 5 * 86_400.0


#: Is called with the ledger, a message and the reason why its answer did not arrive, in that transaction.
Undelivered = Callable[[sqlite3.Connection, int, str], object]


class Outbox:
    """Send the ledger's answers while `run` runs: mails from `address`, others by their channels."""

    def __init__(
        self,
        settings: Smtp,
        ledger: Ledger,
        address: str,
        credentials: Credentials,
        clock: Callable[[], float] = time.time,
        timeout: float = TIMEOUT,
        channels: Sequence[Channel] = (),
        undelivered: Undelivered = lambda *_: None,
    ) -> None:
        self._undelivered = undelivered
        self._senders: dict[str, AnswerSender] = {
            MAIL: sender_of(settings, credentials, address, timeout),
            **{channel.name: channel for channel in channels},
        }
        self._ledger = ledger
        self._clock = clock
        self._news = asyncio.Event()
        self._sending = TaskSet(self._delivered)
        self._under_way: Counter[str] = Counter()  # answers that are being sent, by their channel
        #: The ledger's error. Without it nothing can be recorded, so no more is sent.
        self._fault: BaseException | None = None

    def wake(self) -> None:
        """Look for a new answer in the ledger."""
        self._news.set()

    def send_notice(self, notice: Outgoing) -> None:
        """Send what no answer waits for, once: a word that is lost is not missed."""
        self._sending.start(self._send_notice(notice))

    async def run(self) -> None:
        """Send until cancelled; `drain` finishes the running deliveries. Raises the ledger's errors."""
        while True:
            self._news.clear()
            if self._fault:
                raise self._fault
            full = [channel for channel, count in self._under_way.items() if count >= SENDERS]
            has_room = not full or self._senders.keys() - full
            if has_room and (row := await self._ledger.take(full)) is not None:
                self._under_way[row.channel] += 1
                self._sending.start(self._deliver(row))
                continue
            due = await self._ledger.next_reply_at(full) if has_room else None
            wait = kept = KEEP_SECONDS if any(each.is_open for each in self._senders.values()) else None
            if due is not None:
                # Not below 10 ms: a clock may be read a little early.
                wait = min(max(0.01, due - self._clock()), kept or LAST_DELAY)
            if not await wait_until_set(self._news, wait) and wait == kept:
                # Else an answer is due, which is about to need the connection.
                await self._hang_up([sender for sender in self._senders.values() if sender.is_open])

    async def drain(self, seconds: float) -> None:
        """Let running deliveries end after `run` was cancelled, and hang up."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)
        await cancel(*self._sending)
        await self._hang_up(self._senders.values())

    @staticmethod
    async def _hang_up(senders: Iterable[AnswerSender]) -> None:
        for sender in senders:
            await sender.hang_up()

    async def _send(self, answer: Outgoing) -> str:
        sender = self._senders.get(answer.channel)
        if sender is None:
            raise TryLater(f"the channel {answer.channel} is switched off")
        return await sender.send(answer)

    def _delivered(self, error: BaseException | None) -> None:
        # `run` may be asleep without knowing of the connection just kept, or of the row just deferred.
        self._news.set()
        if error is not None:
            log.error("the outcome of an answer could not be recorded, so the bot ends: %s", where(error))
            log.debug("in full", exc_info=error)
            self._fault = error

    async def _send_notice(self, notice: Outgoing) -> None:
        try:
            await self._send(notice)
        except Exception as error:
            # The server's words may hold the address.
            log.warning("a notice of a long wait was not sent: %s", type(error).__name__)

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            with tracing(self._ledger.trace(row)):
                await self._deliver_traced(row)
        finally:
            self._under_way[row.channel] -= 1

    async def _deliver_traced(self, row: OutboxRow) -> None:
        try:
            name = await self._send(row)
        except ReplyRejected as error:
            await self._fail(row, str(error))
            # The server's words may hold the address, so they are in the ledger and not in the log.
            log.warning("answer %d was refused for good: see outbox.last_error", row.message)
        except Exception as error:
            if not isinstance(error, OSError | SMTPException):
                log.error("answer %d met an unexpected error: %s", row.message, where(error))  # noqa: TRY400 - see there
                log.debug("in full", exc_info=error)
            await self._defer(row, error)
        else:
            await self._ledger.sent(row, name, keeps=self._senders[row.channel].keeps)
            seconds = self._clock() - row.accepted_at
            log.info("answered mail %d in %.2f s (engine %.2f s)", row.message, seconds, row.engine_seconds)

    async def _fail(self, row: OutboxRow, error: str) -> None:
        await self._ledger.failed(row, error, lambda db: self._undelivered(db, row.message, error))

    async def _defer(self, row: OutboxRow, error: Exception) -> None:
        if self._clock() - row.created_at > GIVE_UP_SECONDS:
            await self._fail(row, f"given up after {row.attempts} attempts: {error}")
            log.error("answer %d is given up after %d attempts", row.message, row.attempts)
            return
        delay = jittered(row.attempts - 1, FIRST_DELAY, LAST_DELAY)
        if isinstance(error, TryLater):
            delay = max(delay, min(error.retry_after, LONGEST_DELAY))
        await self._ledger.deferred(row, self._clock() + delay, f"{type(error).__name__}: {error}")
        # The server's words are not logged: they may hold the address. These two errors hold none.
        reason = str(error) if isinstance(error, NoToken | Untrusted) else type(error).__name__
        log.warning("answer %d is sent again in %.1f s: %s", row.message, delay, reason)


def sender_of(
    settings: Smtp, credentials: Credentials, address: str, timeout: float = TIMEOUT
) -> AnswerSender:
    """Return the configured way to send mails from `address`. `timeout`: seconds of one command."""
    if settings.transport == "graph":
        return GraphSender(settings, credentials, timeout)
    return SmtpSender(settings, credentials, address, timeout)
