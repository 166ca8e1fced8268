"""Answer one mail, from its bytes to the bytes of the answer.

`Responder.answer` returns the answer, or raises the reason for giving none. `bot.py` handles those errors.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from mailbot.channels.channel import Channel
from mailbot.channels.chat_message import read_request
from mailbot.config import Mail
from mailbot.conversation.conversation import Conversations
from mailbot.conversation.understood import Understood
from mailbot.intents import command_types
from mailbot.intents.jobs import versions_named
from mailbot.intents.learning_intents import LearningIntent
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.intents.thanks import may_be_thanks
from mailbot.languages.language_choice import with_language
from mailbot.mail_painter import MailPainter
from mailbot.parsing.mail_parser import MAIL, StyleRequest, without
from mailbot.proofs.proof_mailer import GoingLive, no_proof
from mailbot.replies import chat, letters
from mailbot.replies.answer_parts import answers
from mailbot.replies.draft import ReplyDraft, written
from mailbot.replies.mime import ReplyContext
from mailbot.replies.sender_replies import reply_deleted, reply_start, reply_stop
from mailbot.replies.style_wording import shares_of
from mailbot.retention.retention import Retention
from mailbot.sender_policy import silence
from mailbot.sender_policy.admission import THANKS, Admission, Silent
from mailbot.storage import conversations, erasure, shown_pictures
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, Reply
from mailbot.style_list import StyleList
from mailbot.teaching.private_styles import own_among, private_among, with_aliases
from mailbot.teaching.taught_mail import TaughtMail
from mailbot.teaching.teaching import Teaching
from mailbot.transport.answer_sender import Outgoing
from mailbot.undelivered.redemption import Redemption
from runner.client import RunnerClient
from styles.contract import StyleResult, StyleSummary
from styles.errors import (
    ImageTooLarge,
    NoImage,
    OwnPainting,
    PainterError,
    PhotoGone,
    RegistryUnavailable,
    Temporary,
)
from styles.service.units import HOUR

Styles = Sequence[StyleSummary]


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
        send_notice: Callable[[Outgoing], None],
        going_live: GoingLive = no_proof,
        teaching: Teaching | None = None,
        channels: Sequence[Channel] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings, self._default_style = settings, default_style
        self._domain = settings.address.rpartition("@")[2]
        self._ledger, self._styles, self._eraser = ledger, styles, eraser
        self._clock, self._going_live, self._teaching = clock, going_live, teaching
        self._painter = MailPainter(
            paint_client, ledger, self._domain, channels, write=self._notice, send=send_notice, clock=clock
        )
        self._admission, self._codes = Admission(settings, ledger, clock), Redemption(settings, ledger, clock)
        self._conversations = Conversations(settings, default_style, ledger, teaching)

    async def answer(self, message: Message) -> Reply:
        """Return the answer to `message`. Raises the errors that `bot.py` lists."""
        request = await self._read(message)
        styles: Styles = ()
        learning = await self._teaching.wishes.intent(message, request) if self._teaching else None
        command = None if learning else sender_command(request)
        if self._admission.may_delete(request, command):  # at once, whether and whenever it is answered
            self._painter.kept.drop_of(request.automation.from_address)
            await self._eraser.forget(message.id, request.automation.from_address)
        try:
            await self._admission.admit(message, request, command)
            styles = await self._styles.styles()
            named = await self._styles.with_staged(styles, versions_named(request))
            if self._teaching:
                own = self._admission.may_remember(request)
                named = await self._teaching.with_private(named, request, is_answered=own)
                thread = self._conversations.thread(message, named)
                learning = learning or await self._teaching.wishes.resumed(message, request, thread)
            request = await with_language(request, message, named, self._ledger)
            if learning:
                draft = await self._teach(message, request, learning)
            elif live := await self._going_live(request, self._admission.is_proven):
                draft = ReplyDraft("live", live)
            else:
                draft = await self._fulfil(message, request, named)
            draft = await self._codes.instead(message, request, draft)
        except PainterError as error:
            if error.retry and self._has_time(message):
                raise
            request = await with_language(request, message, styles, self._ledger)
            draft = ReplyDraft("error", partial(letters.reply_error, error=error))
        context = self._context(request, () if learning else styles, "")  # a painter asks for none
        reply = await written(draft, context, partial(self._ledger.reply_id, message, self._domain))
        # Kept for the conversation that may follow; what must never be painted again is not.
        photos = 0 if message.oversized else len(request.images)
        return replace(reply, photos=photos, recipes=draft.recipes, language=request.language)

    @property
    def waiting(self) -> int:
        """Mails that only wait for photos which take long."""
        return self._painter.waiting

    def forget(self, message: Message) -> None:
        """Drop the photos that were painted for `message`, which is done or begins anew."""
        self._painter.kept.drop(message.id)

    async def _read(self, message: Message) -> StyleRequest:
        """Parse the mail and take the bot's own pictures out. Raises `Silent`."""
        async with self._conversations.earlier.room_for(message.size):
            body = await self._ledger.body(message)
            request = await asyncio.to_thread(read_request, message.channel, body)
        author, now = request.automation.from_address, self._clock()

        def noted(db: sqlite3.Connection) -> bool:
            conversations.note_id(db, message.id, request.message_id)
            return erasure.noted(db, message.id, author, now)

        if await self._ledger.transact(noted, durable=False):
            raise Silent(erasure.ON_REQUEST)
        await self._admission.turn_away(message, request, body)
        ours = await self._ledger.ours(await asyncio.to_thread(lambda: [p.sha256 for p in request.images]))
        request = await asyncio.to_thread(without, request, ours)
        request = await shown_pictures.without_logos(self._ledger, message, request)
        if not message.oversized and may_be_thanks(request):
            with contextlib.suppress(RegistryUnavailable):  # `answer` asks again, and then the mail waits
                if await self._conversations.is_thanks(message, request, await self._styles.styles()):
                    raise Silent(THANKS)
        return request

    async def _teach(self, message: Message, request: StyleRequest, learning: LearningIntent) -> ReplyDraft:
        """Learn from the mail's paintings, or those of its thread. Raises as `Teaching.fulfil`."""
        if message.oversized or self._teaching is None:
            raise ImageTooLarge(f"a mail of {message.size} bytes")
        photos = request.images
        if self._admission.may_remember(request):
            photos = await self._conversations.earlier.pictures(message, request, learning.pictures)
        mail = TaughtMail(
            message=message,
            request=request,
            intent=learning,
            photos=photos,
            is_proven=self._admission.is_proven(request),
            context=partial(self._context, request, ()),
        )
        taught = await self._teaching.fulfil(mail)
        return ReplyDraft(taught.kind, taught.write, shown=taught.pictures)

    async def _fulfil(self, message: Message, request: StyleRequest, styles: Styles) -> ReplyDraft:
        """Do what the mail asks for. Raises `PainterError` where nothing can be painted or answered."""
        if message.oversized:
            raise ImageTooLarge(f"a mail of {message.size} bytes")
        is_proven, known = self._admission.may_remember(request), await self._codes.redeemed(message, request)
        try:
            understood = await self._conversations.read(message, request, styles, is_proven, known)
        except PhotoGone:
            raise
        except NoImage:
            silence.check(request)
            if request.was_ours:
                raise OwnPainting from None
            raise
        match understood.command:
            case command_types.Paint() as paint:
                return await self._paint(message, understood, paint, styles)
            case command_types.Help():
                return ReplyDraft("help", partial(letters.reply_help, learn=self._admission.teaches(request)))
            case command_types.ListStyles():
                return ReplyDraft("styles", partial(letters.reply_styles, own=own_among(styles)))
            case command_types.Stop():
                await self._admission.mute(message, request)
                await self._eraser.stop_learning(message.id, request.automation.from_address)
                return ReplyDraft("stop", reply_stop)
            case command_types.Start():
                is_first = not await self._admission.unmute(request) and request.channel != MAIL
                return ReplyDraft(*(("help", letters.reply_help) if is_first else ("start", reply_start)))
            case command_types.DeletePhotos():
                gone = await self._eraser.forget(message.id, request.automation.from_address)
                return ReplyDraft("deleted", partial(reply_deleted, gone=gone))

    async def _paint(
        self, message: Message, understood: Understood, paint: command_types.Paint, styles: Styles
    ) -> ReplyDraft:
        """Paint all photos at once, and keep the painted ones if another photo of the mail must wait."""
        request, photos = understood.request, understood.request.images
        secrets = private_among(styles)
        results = await self._painter.run(message, request, with_aliases(paint.jobs, secrets))
        waiting = [result for result in results if isinstance(result, Temporary)]
        if waiting and self._has_time(message):
            raise waiting[0]
        first, *further = answers(
            paint, photos, results, self._settings.effective_reply_bytes, understood.note
        )
        painted = [result for result in results if isinstance(result, StyleResult)]
        versions = [name for job in paint.jobs for name in shares_of(job.style) if "@" in name]
        recipes = understood.painted(paint, results, message.id)
        described = (*await self._styles.versions(versions), *(s for s in styles if s.name in secrets))
        return ReplyDraft("results", first, painted, further, recipes, described)

    def _context(self, request: StyleRequest, styles: Styles, message_id: str) -> ReplyContext:
        return ReplyContext(
            request=request,
            bot_address=self._settings.address,
            styles=styles,
            message_id=message_id,
            date=datetime.fromtimestamp(self._clock(), UTC),
            remembers=self._admission.is_remembered(request),
        )

    def _notice(self, request: StyleRequest, message_id: str, seconds: float) -> bytes:
        """Write the mail that says when the answer will come."""
        notice = letters.reply_wait(self._context(request, (), message_id), seconds)
        return chat.pieces(request.channel, notice)[0]

    def _has_time(self, message: Message) -> bool:
        return (
            self._clock() < max(message.accepted_at, message.held_until) + self._settings.retry_hours * HOUR
        )
