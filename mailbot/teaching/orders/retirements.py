"""Delete styles for their authors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial

from mailbot.intents.learning.deletions import means
from mailbot.intents.learning_intents import LearningAim
from mailbot.storage.ledger import Ledger
from mailbot.teaching import ending_letters, lessons
from mailbot.teaching.lesson_errors import NotYourStyle
from mailbot.teaching.lesson_stops import LessonStops
from mailbot.teaching.lesson_threads import LessonThreads, has_stopped
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.orders.order_questions import OrderQuestions
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply
from registry.client import LearningClient

log = logging.getLogger(__name__)


class Retirements:
    """Delete styles, of one lesson, by their names, or all of an author."""

    def __init__(
        self,
        client: LearningClient,
        ledger: Ledger,
        threads: LessonThreads,
        stops: LessonStops,
        orders: OrderQuestions,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the parts of the process."""
        self._client, self._ledger, self._threads = client, ledger, threads
        self._stops, self._orders, self._clock = stops, orders, clock

    async def retired(self, mail: TaughtMail) -> TaughtReply:
        """Delete the style that a mail means, or all of its author.

        Raises `UnclearOrder` where its words are about more than the style, and `NotYourStyle`.
        """
        is_all = mail.intent.wanted is LearningAim.RETIRE_ALL
        # First of all, so that what goes live meanwhile is taken back.
        has_stopped = is_all and await self._stop_lessons(mail)
        lesson = None if is_all else await self._threads.meant_by(mail.message, mail.request, mail.intent)
        if lesson and not lesson.is_named(mail.intent.left):
            raise await self._orders.asked(mail)
        own = [
            each
            for each in await self._client.styles_of(mail.author)
            if is_all
            or (each.name == lesson.style if lesson else means(mail.intent.left, each.name, each.title))
        ]
        kept = [each.name for each in own if not each.may_retire]
        wanted = [each.name for each in own if each.may_retire]
        note = partial(
            lessons.note_retired,
            message=mail.message,
            who=self._threads.who(mail.request),
            styles=wanted,
            now=self._clock(),
        )
        noted = await self._ledger.transact(note)
        meant = sorted({*wanted, *noted}.difference(kept))  # after a crash some are retired already
        if not (lesson or is_all or meant or kept):
            raise NotYourStyle(mail.intent.left)
        if not is_all:  # a new version would bring the style back
            has_stopped = await self._stop_lessons(mail, meant)
        names = [each for style in meant for each in await self._client.retire(mail.author, style)]
        log.info("mail %d: styles retired by their author: %d", mail.message.id, len(names))
        write = partial(ending_letters.reply_retired, names=names, kept=kept, has_stopped=has_stopped)
        return TaughtReply(kind="retired", write=write)

    async def _stop_lessons(self, mail: TaughtMail, styles: Sequence[str] | None = None) -> bool:
        """Stop what becomes versions of some styles, or all that becomes styles, of a mail's author.

        Tell whether the mail has stopped any, now or before a crash.
        """
        who, now = self._threads.who(mail.request), self._clock()
        find = partial(lessons.not_forgotten, message=mail.message.id, who=who, now=now)
        for each in await self._ledger.read(find):
            if _becomes(each, styles):
                await self._stops.one(each)
        found = await self._ledger.read(find)
        return any(
            has_stopped(mail.message, each) and not each.style and _becomes(each, styles) for each in found
        )


def _becomes(lesson: Lesson, styles: Sequence[str] | None) -> bool:
    """Tell whether a lesson makes one of some styles, or any style at all."""
    if styles is None:
        return not lesson.is_exact
    return any(lesson.has_name(style.replace("-", " ")) for style in styles)
