"""The walk of one photo, from the mailbox to the outbox.

    poll        Inbox.poll -> Ledger.accept -> Inbox.file_away: from then on the mail will be answered
    work        Ledger.lease -> `_answer` for each, `AT_ONCE` at a time, so that no mail blocks the next
    _answer     parse_email -> Admission -> commands.read -> RunnerClient.run -> compose -> finish
    set aside   a copy of what cannot be understood goes into the quarantine folder

What ends the walk of one mail, and what comes of it:

    Silent          never answered
    NoRoom          held until there is room again among the day's answers
    Permanent       an answer that says what is wrong
    Temporary       tried again after a backoff, for `retry_hours`; then an apology
    ParseError      set aside in the quarantine folder, not answered
    disk, ledger    the bot ends, and a new process takes up the mail: it is not the mail's fault
    anything else   logged, tried again after a second and a minute; set aside after three times
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Protocol

from mailbot import commands, compose, policy
from mailbot.admission import Admission, NoRoom, Silent, said
from mailbot.config import Mail
from mailbot.faults import where
from mailbot.keeping import erasing, whereabouts
from mailbot.keeping.erasing import Forgotten
from mailbot.keeping.schema import Message, RawEmail, Reply
from mailbot.ledger import Ledger
from mailbot.parse import ParseError, StyleRequest, parse_email, without
from mailbot.servers.uidplus import Place
from styles.contract import StyleJob, StyleResult, StyleSummary
from styles.errors import Busy, ImageTooLarge, NoImage, PainterError, Temporary

log = logging.getLogger(__name__)

#: Mails that are worked on at the same time; each may hold `max_message_bytes` in memory.
AT_ONCE = 16
#: Between two attempts at a mail, seconds: half to all of a delay that doubles from the first to the last.
FIRST_DELAY, LAST_DELAY = 1.0, 30.0
#: After an error of ours the delay grows by this much: a hiccup shall not set a mail aside.
STUMBLE_FACTOR = 60
#: To put a mail back into the ledger at a stop, seconds.
RELEASE_SECONDS = 2.0
HOUR = 3600.0
#: Bytes from which on mails are parsed one at a time: thrice their size is in memory meanwhile.
LARGE_MAIL = 4_000_000


class Mailbox(Protocol):
    """Where mail comes from."""

    def poll(self) -> AsyncGenerator[RawEmail, None]:
        """Every mail, for ever."""

    def file_away(self, raw: RawEmail) -> None:
        """It is in the ledger."""

    async def set_aside(self, mail: bytes) -> Place | None:
        """Put a copy into the quarantine folder; gives where it is, if that is known. Raises OSError."""


class Painter(Protocol):
    """Who paints."""

    async def run(self, job: StyleJob) -> StyleResult:
        """The painted photo. Raises `PainterError`."""


class Styles(Protocol):
    """Which styles there are."""

    async def styles(self) -> Sequence[StyleSummary]:
        """Every style. Raises `RegistryUnavailable`."""


class Sender(Protocol):
    """Who sends the answers."""

    def wake(self) -> None:
        """There is a new answer in the ledger."""


class Keeper(Protocol):
    """Who deletes what is kept."""

    async def forget(self, request: int, from_address: str) -> Forgotten:
        """Delete what the author of that mail sent before it."""


class Bot:
    """Answers mail for as long as `run` runs; then `drain` ends what is under way."""

    def __init__(
        self,
        settings: Mail,
        default_style: str,
        *,
        inbox: Mailbox,
        ledger: Ledger,
        outbox: Sender,
        painter: Painter,
        styles: Styles,
        keeper: Keeper,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._default_style = default_style
        self._inbox = inbox
        self._ledger = ledger
        self._outbox = outbox
        self._painter = painter
        self._styles = styles
        self._keeper = keeper
        self._clock = clock
        self._admission = Admission(settings, ledger, clock)
        self._news = asyncio.Event()
        self._unreadable = asyncio.Event()
        self._large = asyncio.Lock()
        self._working: set[asyncio.Task[None]] = set()
        #: Photos painted for mails that are still waiting for another of theirs, by message and job id.
        self._painted: dict[int, dict[str, StyleResult]] = {}
        #: What nobody but a new process can mend.
        self._fault: BaseException | None = None

    async def run(self) -> None:
        """Until cancelled; ends by an error only where ledger or spool fail."""
        messages, answers = await self._ledger.recover()
        if messages or answers:
            log.info("taking up %d mails and %d answers where they were left", messages, answers)
        self._outbox.wake()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll())
            group.create_task(self._work())
            group.create_task(self._set_aside())

    def wake(self) -> None:
        """Another process has changed the ledger: look what there is to do."""
        self._news.set()
        self._unreadable.set()

    async def drain(self, seconds: float) -> None:
        """After `run` was cancelled: give what is under way `seconds`, put the rest back into the ledger."""
        if self._working:
            await asyncio.wait(self._working, timeout=seconds)
        for task in set(self._working):
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    # The three loops

    async def _poll(self) -> None:
        async with aclosing(self._inbox.poll()) as mails:
            async for raw in mails:
                message = await self._ledger.accept(raw)
                self._inbox.file_away(raw)
                if message is not None:
                    self._news.set()

    async def _work(self) -> None:
        while True:
            self._news.clear()
            if self._fault:
                raise self._fault
            room = AT_ONCE - len(self._working)
            for message in await self._ledger.lease(room) if room else ():
                task = asyncio.create_task(self._take_on(message))
                self._working.add(task)
                task.add_done_callback(self._done)
            await self._wait_for_work()

    async def _wait_for_work(self) -> None:
        """Until a mail came in, one was finished, or a postponed one is due."""
        due = None if len(self._working) >= AT_ONCE else await self._ledger.next_message_at()
        seconds = None if due is None else max(0.01, due - self._clock())
        # Not `asyncio.wait_for`, which in Python 3.11 can swallow a cancellation.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        self._news.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a mail could not be put back, so the bot ends: %s", where(error))
            log.debug("in full", exc_info=error)
            self._fault = error

    async def _set_aside(self) -> None:
        while True:
            self._unreadable.clear()
            for message in await self._ledger.quarantined():
                try:
                    await self._copy_aside(message)
                except OSError as error:
                    log.warning("mail %d stays in the spool alone for now: %s", message.id, error)
            await self._unreadable.wait()

    async def _copy_aside(self, message: Message) -> None:
        """Raises OSError, and whatever the ledger raises."""
        body = await self._ledger.body(message)
        note = await self._ledger.transact(lambda db: whereabouts.copying(db, message.id))
        place = await self._inbox.set_aside(body)
        await self._ledger.set_aside(message)
        if place is not None:
            await self._ledger.transact(lambda db: whereabouts.placed(db, [(note, place)]))

    # One mail

    async def _take_on(self, message: Message) -> None:
        """Work on `message`, and see to whatever ends it. Raises what must end the bot."""
        is_waiting = False
        try:
            await self._answer(message)
        except Silent as reason:
            await self._ledger.silence(message, str(reason))
            log.info("mail %d is not answered: %s", message.id, reason)
        except NoRoom as full:
            await self._ledger.postpone(message, full.until, str(full))
            log.warning("mail %d waits %.0f s: %s", message.id, full.until - self._clock(), full)
        except ParseError as error:
            await self._ledger.quarantine(message, str(error))
            self._unreadable.set()
            log.warning("mail %d cannot be understood: %s", message.id, error.detail)
        except Temporary as error:
            is_waiting = True
            delay = retry_delay(message.postponed, error)
            await self._ledger.postpone(message, self._clock() + delay, str(error))
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
            until = self._clock() + stumble_delay(message.failures)
            await self._ledger.stumbled(message, until, type(error).__name__)
            self._unreadable.set()
            log.error("mail %d met an error of ours: %s", message.id, where(error))  # noqa: TRY400 - see there
            log.debug("in full", exc_info=error)
        finally:
            if not is_waiting:
                self._painted.pop(message.id, None)

    async def _answer(self, message: Message) -> None:
        """The walk from step 4 on. Raises what the module's table says."""
        request = await self._read(message)
        styles: Sequence[StyleSummary] = ()
        if isinstance(said(request), commands.DeletePhotos):  # at once, whether and whenever it is answered
            await self._keeper.forget(message.id, request.origin.from_address)
        try:
            await self._admission.admit(message, request)
            styles = await self._styles.styles()
            reply = await self._fulfil(message, request, styles)
        except PainterError as error:
            if error.retry and self._has_time(message):
                raise
            reply = await self._reply(message, request, styles, "error", compose.reply_error, error)
        await self._ledger.finish(message, reply)
        self._outbox.wake()

    async def _read(self, message: Message) -> StyleRequest:
        async with self._large if message.size > LARGE_MAIL else contextlib.nullcontext():
            body = await self._ledger.body(message)
            request = await asyncio.to_thread(parse_email, body)
        author, now = request.origin.from_address, self._clock()
        if await self._ledger.transact(lambda db: erasing.noted(db, message.id, author, now), durable=False):
            raise Silent(erasing.AT_WISH)
        await self._admission.turn_away(message, request, body)
        digests = await asyncio.to_thread(lambda: [photo.sha256 for photo in request.images])
        ours = await self._ledger.ours(digests)
        return without(request, ours) if ours else request

    async def _fulfil(self, message: Message, request: StyleRequest, styles: Sequence[StyleSummary]) -> Reply:
        """Do what the mail asks for. Raises `PainterError` where nothing can be given."""
        if message.oversized:
            raise ImageTooLarge(f"a mail of {message.size} bytes")
        try:
            # The same ids after a crash, so that the balancer can know a job again.
            command = commands.read(
                request,
                styles,
                self._default_style,
                job_prefix=message.dedupe[:16],
                reply_bytes=self._settings.effective_reply_bytes,
                own=self._settings.own,
            )
        except NoImage:
            policy.check(request)
            raise
        match command:
            case commands.Help():
                return await self._reply(message, request, styles, "help", compose.reply_help)
            case commands.ListStyles():
                return await self._reply(message, request, styles, "styles", compose.reply_styles)
            case commands.Stop():
                await self._admission.mute(message, request)
                return await self._reply(message, request, styles, "stop", compose.reply_stop)
            case commands.Start():
                await self._admission.unmute(request)
                return await self._reply(message, request, styles, "start", compose.reply_start)
            case commands.DeletePhotos():
                gone = await self._keeper.forget(message.id, request.origin.from_address)
                return await self._reply(message, request, styles, "deleted", compose.reply_deleted, gone)
            case commands.Paint(jobs=jobs):
                return await self._paint(message, request, styles, jobs)

    async def _paint(
        self,
        message: Message,
        request: StyleRequest,
        styles: Sequence[StyleSummary],
        jobs: Sequence[StyleJob],
    ) -> Reply:
        """All photos at once; what was painted is kept while another photo of the mail must wait."""
        results = await asyncio.gather(*(self._run(message, job) for job in jobs))
        waiting = [result for result in results if isinstance(result, Temporary)]
        if waiting and self._has_time(message):
            raise waiting[0]
        painted_at = self._clock()
        painted = [result for result in results if isinstance(result, StyleResult)]
        write = partial(compose.reply_results, reply_bytes=self._settings.max_reply_bytes)
        reply = await self._reply(message, request, styles, "results", write, jobs, results)
        return replace(
            reply,
            painted_at=painted_at,
            engine_seconds=sum(result.seconds for result in painted),
            pictures=tuple(
                sha256(shown).hexdigest() for r in painted for shown in (r.image, r.preview) if shown
            ),
        )

    async def _run(self, message: Message, job: StyleJob) -> StyleResult | PainterError:
        if kept := self._painted.get(message.id, {}).get(job.id):
            return kept
        try:
            result = await self._painter.run(job)
        except PainterError as error:
            return error
        self._painted.setdefault(message.id, {})[job.id] = result
        return result

    async def _reply(
        self,
        message: Message,
        request: StyleRequest,
        styles: Sequence[StyleSummary],
        kind: str,
        write: Callable[..., bytes],
        *what: object,
    ) -> Reply:
        """The answer that `write`, a function of `compose`, makes of `what`."""
        address = self._settings.address
        message_id = self._ledger.reply_id(message, address.rpartition("@")[2])
        date = datetime.fromtimestamp(self._clock(), UTC)
        content = await asyncio.to_thread(write, request, address, *what, styles, message_id, date)
        return Reply(kind=kind, message_id=message_id, recipient=request.sender, content=content)

    def _has_time(self, message: Message) -> bool:
        since = max(message.accepted_at, message.held_until)
        return self._clock() < since + self._settings.retry_hours * HOUR


def is_of_disk(error: Exception) -> bool:
    """Whether ledger or spool failed: the disk is full, say. One mail's file that is gone does not count."""
    one_mail = isinstance(error, FileNotFoundError | ConnectionError | TimeoutError)
    return isinstance(error, sqlite3.Error | OSError) and not one_mail


def stumble_delay(failures: int) -> float:
    """Seconds until a mail is tried again that met an error of ours, after `failures` before."""
    return FIRST_DELAY * float(STUMBLE_FACTOR) ** failures


def retry_delay(postponed: int, error: Temporary) -> float:
    """Seconds until a mail is tried again that was put off `postponed` times before."""
    longest = min(LAST_DELAY, FIRST_DELAY * 2.0 ** min(postponed, 16))
    asked = error.retry_after if isinstance(error, Busy) else 0.0
    return max(asked, longest * random.uniform(0.5, 1))
