"""Answer mails about learning: learn, stop, swap, rename and delete.

A mail with a painting goes the way of every other one: it stays in the ledger until its answer is written.
Meanwhile it is looked at again and again (`painting_lessons.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from mailbot.config import Mail
from mailbot.intents.learning_intents import LearningAim
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.sender_policy.admission import CANCELLED, Silent, listed
from mailbot.storage.ledger import Ledger
from mailbot.teaching import ending_letters, lesson_errors, lessons, private_styles
from mailbot.teaching.exact import sides
from mailbot.teaching.lesson_guide import LessonGuide
from mailbot.teaching.lesson_stops import LessonStops
from mailbot.teaching.lesson_threads import STOPS, LessonThreads, has_stopped
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.orders.order_questions import ORDERS, OrderQuestions
from mailbot.teaching.orders.retirements import Retirements
from mailbot.teaching.painting_lessons import LONGEST_PAUSE, PaintingLessons
from mailbot.teaching.questions.lesson_questions import LessonQuestions
from mailbot.teaching.renamings import Renamings
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply, author_of
from mailbot.teaching.waiting.kept_photos import KeptPhotos
from mailbot.teaching.waiting.notices import Notices
from mailbot.teaching.wishes.wish_reader import WishReader
from mailbot.transport.answer_sender import Outgoing
from registry.client import LearningClient
from styles.contract import StyleSummary
from styles.errors import Temporary
from styles.learning_errors import LearningOff
from styles.service.units import HOUR

log = logging.getLogger(__name__)

#: Hours after which a lesson that cannot be finished is given up.
MOST_HOURS = 12.0


class Teaching:
    """Answer mails about learning: `wishes` recognizes them, `stops` ends what goes on."""

    def __init__(
        self,
        settings: Mail,
        client: LearningClient,
        ledger: Ledger,
        *,
        send_notice: Callable[[Outgoing], None],
        page_url: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take `send_notice`, which sends a notice once, and the address of the registry's pages."""
        self._settings = settings
        self._client = client
        self._ledger = ledger
        self._clock = clock
        self._threads, self._taking_over = LessonThreads(ledger), asyncio.Lock()
        self.questions = LessonQuestions(client, self._threads, settings.teaching_minutes)
        self._orders = OrderQuestions(ledger, self._threads)
        self.wishes = WishReader(settings, client, self._threads, self.questions, self._orders)
        self.guide = LessonGuide(client, self._threads, clock)
        self.stops = LessonStops(client, ledger, clock)
        self._kept = KeptPhotos(self._threads, self.questions, Notices(ledger, settings, send_notice))
        self._renamings = Renamings(client, ledger)
        self._retirements = Retirements(client, ledger, self._threads, self.stops, self._orders, clock=clock)
        self._lessons = PaintingLessons(
            client, ledger, settings, send_notice=send_notice, page_url=page_url, clock=clock
        )

    async def with_private(
        self, styles: Sequence[StyleSummary], request: StyleRequest, *, is_answered: bool
    ) -> Sequence[StyleSummary]:
        """Return the styles, and those that were learnt for the mail's author alone.

        `is_answered` says that its author, and nobody whom a `Reply-To` names, gets the answer.
        """
        author = author_of(request)
        if not (is_answered and self._client.token):
            return styles
        return await private_styles.with_private(self._client, styles, author)

    async def fulfil(self, mail: TaughtMail) -> TaughtReply:
        """Do what a mail asks.

        Raises `StillLearning`, `Silent`, and a `PainterError` with the reason for the person.
        """
        wanted = mail.intent.wanted
        is_lesson = wanted in (LearningAim.LEARN, LearningAim.EXACTLY, LearningAim.SWAP)
        if (is_lesson or wanted is LearningAim.EXPLAIN) and not listed(mail.author, self._settings.teachers):
            raise lesson_errors.NotATeacher
        if not (self._client.token or wanted in STOPS):
            raise LearningOff("the bot has no token of the registry")
        if wanted in STOPS and mail.intent.is_clear:
            return await self._cancel(mail)
        if not mail.is_proven:
            raise lesson_errors.TeacherNotProven
        if wanted in ORDERS and not mail.intent.is_clear:
            raise await self._orders.asked(mail)
        return await (self._learn(mail) if is_lesson else self._changed(mail))

    async def _changed(self, mail: TaughtMail) -> TaughtReply:
        """Answer what is about teaching, but is no lesson and no stop."""
        match mail.intent.wanted:
            case LearningAim.KEEP:
                return TaughtReply(kind="kept", write=ending_letters.reply_kept)
            case LearningAim.WAIT:
                await self._kept.promise(mail)
                raise lesson_errors.StillLearning(self._clock() + LONGEST_PAUSE)
            case LearningAim.EXPLAIN:
                return self.questions.explained()
            case LearningAim.PROGRESS:
                return await self.questions.progress(mail)
            case LearningAim.RENAME:
                return await self._renamings.renamed(mail)
            case _:
                return await self._retirements.retired(mail)

    async def _learn(self, mail: TaughtMail) -> TaughtReply:
        """Take the next steps of a mail's lesson, and return its answer."""
        mail, lesson = await self._begun(mail)
        if lesson.cancelled_at is not None:
            is_stopped = await self.stops.job(lesson, withdraws=True)
            if not is_stopped and self._clock() < lesson.cancelled_at + MOST_HOURS * HOUR:
                raise lesson_errors.StillLearning(self._clock() + LONGEST_PAUSE)
            raise Silent(CANCELLED)
        try:
            return await self._lessons.taught(mail, lesson)
        except Temporary as error:
            if self._clock() > mail.message.accepted_at + MOST_HOURS * HOUR:
                await self._give_up(mail)
                raise lesson_errors.LostLesson from error
            log.info("a lesson waits: %s", type(error).__name__)
            raise lesson_errors.StillLearning(self._clock() + LONGEST_PAUSE) from error

    async def _give_up(self, mail: TaughtMail) -> None:
        """Have nothing be left of a lesson; its wish is kept for a reply."""
        message = mail.message.id
        await self._ledger.transact(partial(lessons.drop, message=message, called=mail.intent.name))
        if lesson := await self._ledger.read(partial(lessons.of_message, message=message)):
            await self.stops.job(lesson, withdraws=True)  # while the balancer is away, `again` tries on

    async def _begun(self, mail: TaughtMail) -> tuple[TaughtMail, Lesson]:
        """Return the mail with its lesson, which ends the one whose pictures it swaps or replaces."""
        if not (mail.intent.wanted is LearningAim.SWAP or mail.intent.replaces):
            return mail, await self._begin(mail, sides.told(mail))
        async with self._taking_over:  # one of several replies to the same answer after the other
            return await self._begun_instead(mail)

    async def _begun_instead(self, mail: TaughtMail) -> tuple[TaughtMail, Lesson]:
        is_swap = mail.intent.wanted is LearningAim.SWAP
        before = await self._threads.corrected(mail.message, mail.request)
        answered = await self._threads.answered(mail.message, mail.request) if is_swap else None
        choice = sides.swapped(mail, answered) if is_swap else sides.told(mail)
        is_kept = before is not None and (before.cancelled_at is None or has_stopped(mail.message, before))
        if is_swap and before and is_kept and len(mail.photos) > 1:
            had = sides.numbers(mail, sides.Choice(before.painting, bool(before.is_swapped)))
            if had[0] == sides.numbers(mail, choice)[0]:
                await self._threads.note(mail.message, before)
                raise lesson_errors.SidesKept(*had)
        lesson = await self._begin(mail, choice)
        if before is None or not mail.photos:
            return mail, lesson
        await self._threads.note(mail.message, before)
        if is_swap:  # it may still be painted the wrong way round
            keep = partial(lessons.keep_photos, message=before.message, count=len(mail.photos))
            await self._ledger.transact(keep)
        has_stopped_it = await self.stops.one(before) or has_stopped(mail.message, before)
        was_stopped = before.cancelled_at is not None and not before.style
        if was_stopped and not lesson.job:  # once more, at the first look: now it does not count
            await self.stops.job(before, withdraws=True)
        return replace(mail, intent=replace(mail.intent, replaces=has_stopped_it and not is_swap)), lesson

    async def _begin(self, mail: TaughtMail, choice: sides.Choice) -> Lesson:
        """Return the mail's lesson."""
        begin = partial(
            lessons.begin,
            message=mail.message.id,
            who=self._threads.who(mail.request),
            now=self._clock(),
            is_exact=mail.intent.wanted is not LearningAim.LEARN,
            painting=choice.painting,
            is_swapped=choice.is_swapped,
        )
        return await self._ledger.transact(begin)

    async def _cancel(self, mail: TaughtMail) -> TaughtReply:
        was_running = False
        if lesson := await self._threads.meant_by(mail.message, mail.request, mail.intent):
            if not mail.is_proven:
                raise lesson_errors.TeacherNotProven
            await self._threads.note(mail.message, lesson)
            was_running = not lesson.is_refused and await self._stop(mail, lesson)
            if lesson.is_refused:
                await self._ledger.transact(partial(lessons.close, lesson=lesson, now=self._clock()))
        stopped = lesson.written if lesson else ""
        under_way = await self._threads.under_way(mail.message, mail.request)
        goes_on = any(each.message != (lesson and lesson.message) for each in under_way)
        in_thread = await self._threads.is_about_learning(mail.message, mail.request)
        is_offer = in_thread or mail.intent.wanted is LearningAim.DECLINE
        write = partial(
            ending_letters.reply_stopped,
            was_running=was_running,
            was_stopped=lesson is not None and lesson.cancelled_at is not None and not lesson.is_refused,
            name=stopped,
            goes_on=goes_on,
            is_halt=mail.intent.wanted is LearningAim.HALT,
            is_declined=lesson.is_refused if lesson else is_offer,
            is_learnt=bool(lesson and lesson.style and lesson.cancelled_at is None and not was_running),
        )
        return TaughtReply(kind="stopped", write=write)

    async def _stop(self, mail: TaughtMail, lesson: Lesson) -> bool:
        """Stop a lesson; tell whether it was under way, now or before a crash."""
        if has_stopped(mail.message, lesson):
            await self.stops.job(lesson, withdraws=True)
            return True
        return await self.stops.one(lesson)
