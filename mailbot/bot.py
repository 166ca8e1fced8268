"""Move each mail to the outbox in three loops, and handle every failure on the way.

Each other channel has a loop of its own beside the mailbox's; all that follows is the same.

A mail that `Bot.accept` has taken will be answered. `AT_ONCE` mails are worked on at a time, so that none
blocks the next. These errors end the work on one mail:

    Silent          the mail is never answered
    PostponedMail   the day's limit of answers is reached, or the mail's painting is being learnt
    Permanent       an answer says what is wrong
    Temporary       retried after a backoff, for `retry_hours`; then an apology
    ParseError      set aside in the quarantine folder, not answered
    disk, ledger    the bot ends, and a new process takes up the mail: it is not the mail's fault
    anything else   logged and retried after a second and a minute; set aside after three times
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing

from mailbot.channels.channel import MessageSource
from mailbot.error_location import where
from mailbot.inbox import CopyMail, Inbox
from mailbot.outbox import Outbox
from mailbot.parsing.mail_parser import ParseError
from mailbot.responder import Responder
from mailbot.sender_policy.admission import PostponedMail, Silent
from mailbot.storage import server_copies
from mailbot.storage.disk_full import is_of_disk
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, RawMessage
from mailbot.transport.imap_calls import CommandRefused
from styles.errors import Busy, Temporary
from styles.service.asyncio_tasks import TaskSet, cancel, wait_until_set
from styles.service.backoff import jittered
from styles.service.logs import tracing

log = logging.getLogger(__name__)

#: Mails that are worked on at the same time. Each may hold `max_message_bytes` in memory.
AT_ONCE = 16
#: Further mails worked on while others only wait for large photos. Seconds between two counts of those.
WAITING_AT_ONCE, COUNT_SECONDS = 16, 5.0
#: Mails that are put into the ledger at the same time, so that one does not wait for all the others.
ACCEPTED_AT_ONCE = 4
#: Shortest and longest backoff between two attempts at a mail, seconds. Half to all of it is waited.
FIRST_DELAY, LAST_DELAY = 1.0, 30.0
#: Factor by which the delay grows after an unexpected error, so that a short fault sets no mail aside.
UNEXPECTED_FACTOR = 60
#: Shortest and longest backoff after a pass in which a copy into the quarantine folder failed, seconds.
FIRST_COPY_DELAY, LAST_COPY_DELAY = 60.0, 3600.0
#: Seconds that a mail has to get back into the ledger at a stop.
RELEASE_SECONDS = 2.0


class Bot:
    """Answer mail while `run` runs; then `drain` ends the running work."""

    def __init__(
        self,
        *,
        inbox: Inbox | None,
        ledger: Ledger,
        outbox: Outbox,
        responder: Responder,
        channels: Sequence[MessageSource] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._sources: tuple[MessageSource, ...] = (*([inbox] if inbox else []), *channels)
        self._ledger = ledger
        self._outbox = outbox
        self._responder = responder
        self._clock = clock
        self._news, self._unreadable = asyncio.Event(), asyncio.Event()
        self._working = TaskSet(self._done)
        #: An error that only a new process can recover from.
        self._fault: BaseException | None = None

    async def run(self) -> None:
        """Run until cancelled. Only an error of ledger or spool ends it."""
        messages, answers = await self._ledger.recover()
        if messages or answers:
            log.info("taking up %d mails and %d answers where they were left", messages, answers)
        self._outbox.wake()
        async with asyncio.TaskGroup() as group:
            for source in self._sources:
                group.create_task(self._poll(source))
            group.create_task(self._work())
            if self._inbox is not None:
                group.create_task(self._set_aside(self._inbox))

    async def accept(self, raw: RawMessage) -> bool:
        """Put a mail into the ledger, to be worked on; return False if it was there. Raises its errors."""
        try:
            message = await self._ledger.accept(raw)
        finally:  # cancelled, it may be there all the same
            self._news.set()
        if message is not None:
            with tracing(self._ledger.trace(message)):
                log.info("mail %d came in", message.id)
        return message is not None

    def wake(self) -> None:
        """Look for work, because another process has changed the ledger."""
        self._news.set()
        self._unreadable.set()

    async def drain(self, seconds: float) -> None:
        """Give running work `seconds` after `run` was cancelled, and put the rest back into the ledger."""
        if self._working:
            await asyncio.wait(self._working, timeout=seconds)
        await cancel(*self._working)

    async def _poll(self, source: MessageSource) -> None:
        room = asyncio.Semaphore(ACCEPTED_AT_ONCE)

        async def take(raw: RawMessage) -> None:
            await self.accept(raw)
            source.file_away(raw)

        async with aclosing(source.poll()) as messages, asyncio.TaskGroup() as group:
            async for raw in messages:
                await room.acquire()
                group.create_task(take(raw)).add_done_callback(lambda _: room.release())

    async def _work(self) -> None:
        while True:
            self._news.clear()
            if self._fault:
                raise self._fault
            most = AT_ONCE + min(self._responder.waiting, WAITING_AT_ONCE)
            room = most - len(self._working)
            for message in await self._ledger.lease(room) if room > 0 else ():
                self._working.start(self._take_on(message))
            # Until a mail comes in, one is finished or a postponed one is due.
            is_full = len(self._working) >= most
            due = self._clock() + COUNT_SECONDS if is_full else await self._ledger.next_message_at()
            seconds = None if due is None else max(0.01, due - self._clock())
            await wait_until_set(self._news, seconds)

    def _done(self, error: BaseException | None) -> None:
        self._news.set()
        if error is not None:
            log.error("a mail could not be put back, so the bot ends: %s", where(error))
            log.debug("in full", exc_info=error)
            self._fault = error

    async def _set_aside(self, inbox: Inbox) -> None:
        failures = 0
        tries: Counter[int] = Counter()  # by the mail's id
        while True:
            self._unreadable.clear()
            left = await self._copy_quarantined(inbox, tries)
            delay = jittered(failures, FIRST_COPY_DELAY, LAST_COPY_DELAY) if left else None
            failures = failures + 1 if left else 0
            await wait_until_set(self._unreadable, delay)

    async def _copy_quarantined(self, inbox: Inbox, tries: Counter[int]) -> int:
        """Copy the quarantined mails over one connection, and return the number of those that are left.

        A lost connection ends the pass. The mail that was under way is the last one of the next pass.
        """
        messages = sorted(await self._ledger.quarantined(), key=lambda message: tries[message.id])
        left = len(messages)
        copy: CopyMail | None = None
        try:
            async with contextlib.AsyncExitStack() as stack:
                for message in messages:
                    try:
                        body = await self._ledger.body(message)
                        if copy is None:
                            copy = await stack.enter_async_context(inbox.copying())
                        tries[message.id] += 1
                        await self._copy_aside(message, body, copy)
                        left -= 1
                    except (CommandRefused, FileNotFoundError) as error:
                        log.warning("mail %d stays in the spool alone for now: %s", message.id, error)
        except ConnectionError as error:
            log.warning("%d mails stay in the spool alone for now: %s", left, error)
        return left

    async def _copy_aside(self, message: Message, body: bytes, copy: CopyMail) -> None:
        note = await self._ledger.transact(lambda db: server_copies.copying(db, message.id))
        location = await copy(body)
        await self._ledger.set_aside(message)
        if location is not None:
            await self._ledger.transact(lambda db: server_copies.placed(db, [(note, location)]))

    async def _take_on(self, message: Message) -> None:
        with tracing(self._ledger.trace(message)):
            await self._work_on(message)

    async def _work_on(self, message: Message) -> None:
        """Work on `message` and handle its errors. Raises errors that must end the bot."""
        is_waiting = False
        try:
            reply = await self._responder.answer(message)
            await self._ledger.finish(message, reply)
        except Silent as reason:
            await self._ledger.silence(message, str(reason))
            log.info("mail %d is not answered: %s", message.id, reason)
        except PostponedMail as wait:
            await self._ledger.postpone(message, wait.until, str(wait))
            log.log(wait.level, "mail %d waits %.0f s: %s", message.id, wait.until - self._clock(), wait)
        except ParseError as error:
            await self._ledger.quarantine(message, str(error))
            self._unreadable.set()
            log.warning("mail %d cannot be understood: %s", message.id, error.detail)
        except Temporary as error:
            delay = retry_delay(message.postponed, error)
            is_waiting = await self._ledger.postpone(message, self._clock() + delay, str(error))
            log.warning("mail %d is tried again in %.1f s: %s", message.id, delay, type(error).__name__)
        except asyncio.CancelledError:
            with contextlib.suppress(TimeoutError):  # on a full disk; then a start counts it as one attempt
                async with asyncio.timeout(RELEASE_SECONDS):
                    await self._ledger.release(message)
            raise
        except Exception as error:
            if is_of_disk(error):
                with contextlib.suppress(sqlite3.Error, OSError):  # or else a start counts it as one attempt
                    await self._ledger.release(message)
                raise
            until = self._clock() + error_retry_delay(message.failures)
            await self._ledger.failed_unexpectedly(message, until, type(error).__name__)
            self._unreadable.set()
            log.error("mail %d met an unexpected error: %s", message.id, where(error))  # noqa: TRY400 - see there
            log.debug("in full", exc_info=error)
        finally:
            self._outbox.wake()  # of a bounce, its recipient may be told
            if not is_waiting:
                self._responder.forget(message)


def error_retry_delay(failures: int) -> float:
    """Return the seconds until a mail is retried after an unexpected error, with `failures` before it."""
    return FIRST_DELAY * float(UNEXPECTED_FACTOR) ** failures


def retry_delay(postponed: int, error: Temporary) -> float:
    """Return the seconds until a mail is retried that was postponed `postponed` times before."""
    asked = error.retry_after if isinstance(error, Busy) else 0.0
    return max(asked, jittered(postponed, FIRST_DELAY, LAST_DELAY))
