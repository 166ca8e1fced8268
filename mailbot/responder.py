"""Answer one mail, from its bytes to the bytes of the answer.

`Responder.answer` returns the answer, or raises the reason for giving none. `bot.py` handles those errors.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from mailbot.config import Mail
from mailbot.intents import command_types, commands
from mailbot.intents.sender_commands import sender_command
from mailbot.intents.thanks import is_thanks, may_be_thanks
from mailbot.parsing.parse import StyleRequest, parse_email, without
from mailbot.replies import compose
from mailbot.replies.mime import ReplyContext
from mailbot.replies.wording import about_choice
from mailbot.result_cache import ResultCache
from mailbot.retention.retention import Retention
from mailbot.sender_policy import silence
from mailbot.sender_policy.admission import THANKS, Admission, Silent
from mailbot.storage import erasure, shown_pictures
from mailbot.storage.ledger import Ledger
from mailbot.storage.models import Message, Reply
from mailbot.style_list import StyleList
from runner.client import RunnerClient
from styles.contract import StyleJob, StyleResult, StyleSummary
from styles.errors import ImageTooLarge, NoImage, OwnPainting, PainterError, RegistryUnavailable, Temporary
from styles.service.units import HOUR

#: Bytes from which mails are parsed one at a time, because parsing takes three times their size in memory.
LARGE_MAIL = 4_000_000


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: str  #: as in `Reply`
    write: Callable[[ReplyContext], bytes]
    painted: Sequence[StyleResult] = ()


class Responder:
    """Answer mails, many at once."""

    def __init__(
        self,
        settings: Mail,
        default_style: str,
        *,
        ledger: Ledger,
        paint_client: RunnerClient,
        styles: StyleList,
        eraser: Retention,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._default_style = default_style
        self._ledger = ledger
        self._paint_client = paint_client
        self._styles = styles
        self._eraser = eraser
        self._clock = clock
        self._admission = Admission(settings, ledger, clock)
        self._large = asyncio.Lock()
        self._result_cache = ResultCache()

    async def answer(self, message: Message) -> Reply:
        """Return the answer to `message`. Raises the errors that `bot.py` lists."""
        request = await self._read(message)
        styles: Sequence[StyleSummary] = ()
        command = sender_command(request)
        if self._admission.may_delete(request, command):  # at once, whether and whenever it is answered
            self._result_cache.drop_of(request.automation.from_address)
            await self._eraser.forget(message.id, request.automation.from_address)
        try:
            await self._admission.admit(message, request, command)
            styles = await self._styles.styles()
            draft = await self._fulfil(message, request, styles)
        except PainterError as error:
            if error.retry and self._has_time(message):
                raise
            draft = _Draft("error", partial(compose.reply_error, error=error))
        return await self._reply(message, request, styles, draft)

    def forget(self, message: Message) -> None:
        """Drop the photos that were painted for `message`, which is done or begins anew."""
        self._result_cache.drop(message.id)

    async def _read(self, message: Message) -> StyleRequest:
        """Parse the mail and take the bot's own pictures out. Raises `Silent`."""
        async with self._large if message.size > LARGE_MAIL else contextlib.nullcontext():
            body = await self._ledger.body(message)
            request = await asyncio.to_thread(parse_email, body)
        author, now = request.automation.from_address, self._clock()
        if await self._ledger.transact(lambda db: erasure.noted(db, message.id, author, now), durable=False):
            raise Silent(erasure.AT_WISH)
        await self._admission.turn_away(message, request, body)
        digests = await asyncio.to_thread(lambda: [photo.sha256 for photo in request.images])
        ours = await self._ledger.ours(digests)
        request = await self._without_logos(message, without(request, ours) if ours else request)
        if not message.oversized and may_be_thanks(request):
            styles: Sequence[StyleSummary] = ()
            with contextlib.suppress(RegistryUnavailable):
                styles = await self._styles.styles()
            if is_thanks(request, styles):
                raise Silent(THANKS)
        return request

    async def _without_logos(self, message: Message, request: StyleRequest) -> StyleRequest:
        """Take out small pictures that the sender's earlier mails had beside other photos too."""
        small = [photo.sha256 for photo in request.images if photo.may_be_logo]
        others = [photo.sha256 for photo in request.images if not photo.may_be_logo]
        if not small or not others:
            return request
        author = self._ledger.known_as(request.automation.from_address)
        logos = await self._ledger.transact(
            lambda db: shown_pictures.note(db, message.id, author, small, others), durable=False
        )
        return without(request, logos) if logos else request

    async def _fulfil(
        self, message: Message, request: StyleRequest, styles: Sequence[StyleSummary]
    ) -> _Draft:
        """Do what the mail asks for. Raises `PainterError` where nothing can be painted or answered."""
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
            silence.check(request)
            if request.was_ours:
                raise OwnPainting from None
            raise
        match command:
            case command_types.Paint():
                return await self._paint(message, request, command)
            case command_types.Help():
                return _Draft("help", compose.reply_help)
            case command_types.ListStyles():
                return _Draft("styles", compose.reply_styles)
            case command_types.Stop():
                await self._admission.mute(message, request)
                return _Draft("stop", compose.reply_stop)
            case command_types.Start():
                await self._admission.unmute(request)
                return _Draft("start", compose.reply_start)
            case command_types.DeletePhotos():
                gone = await self._eraser.forget(message.id, request.automation.from_address)
                return _Draft("deleted", partial(compose.reply_deleted, gone=gone))

    async def _paint(self, message: Message, request: StyleRequest, paint: command_types.Paint) -> _Draft:
        """Paint all photos at once, and keep the painted ones if another photo of the mail must wait."""
        results = await asyncio.gather(*(self._run(message, request, job) for job in paint.jobs))
        waiting = [result for result in results if isinstance(result, Temporary)]
        if waiting and self._has_time(message):
            raise waiting[0]
        write = partial(
            compose.reply_results,
            jobs=paint.jobs,
            results=results,
            photos=paint.photos,
            left_over=paint.wanted - len(paint.jobs),
            reply_bytes=self._settings.max_reply_bytes,
            note=about_choice(paint.chosen, paint.alternatives, paint.not_understood),
        )
        return _Draft("results", write, [result for result in results if isinstance(result, StyleResult)])

    async def _run(
        self, message: Message, request: StyleRequest, job: StyleJob
    ) -> StyleResult | PainterError:
        if kept := self._result_cache.get(message.id, job.id):
            return kept
        try:
            result = await self._paint_client.run(job)
        except PainterError as error:
            return error
        self._result_cache.put(message.id, request.automation.from_address, result)
        return result

    async def _reply(
        self, message: Message, request: StyleRequest, styles: Sequence[StyleSummary], draft: _Draft
    ) -> Reply:
        """Write the answer in a thread, dated now."""
        address, now = self._settings.address, self._clock()
        context = ReplyContext(
            request=request,
            bot_address=address,
            styles=styles,
            message_id=self._ledger.reply_id(message, address.rpartition("@")[2]),
            date=datetime.fromtimestamp(now, UTC),
        )
        pictures = (shown for result in draft.painted for shown in (result.image, result.preview) if shown)
        return Reply(
            kind=draft.kind,
            message_id=context.message_id,
            recipient=request.sender,
            content=await asyncio.to_thread(draft.write, context),
            engine_seconds=sum(result.seconds for result in draft.painted),
            painted_at=now if draft.painted else None,
            pictures=tuple(sha256(picture).hexdigest() for picture in pictures),
        )

    def _has_time(self, message: Message) -> bool:
        since = max(message.accepted_at, message.held_until)
        return self._clock() < since + self._settings.retry_hours * HOUR
