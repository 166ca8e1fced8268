"""Answer how the bot is taught, and how far a lesson is."""

from __future__ import annotations

import contextlib
from functools import partial

from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger_rows import Message
from mailbot.teaching import naming
from mailbot.teaching.lesson_letters import Expectation
from mailbot.teaching.lesson_threads import LessonThreads
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.painting_lessons import expectation
from mailbot.teaching.questions import question_letters
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply
from registry.client import LearningClient, LearningStatus
from styles.errors import PainterError


class LessonQuestions:
    """Look up what a question about teaching is answered with."""

    def __init__(self, client: LearningClient, threads: LessonThreads, minutes: float) -> None:
        """Take the parts of the process, and the `minutes` that a painting is learnt."""
        self._client, self._threads, self._minutes = client, threads, minutes

    def explained(self) -> TaughtReply:
        """Return the answer to a question how the bot is taught."""
        return TaughtReply(kind="explained", write=question_letters.reply_explained)

    async def meant_by(self, message: Message, request: StyleRequest) -> Lesson | None:
        """Return the lesson after which a mail asks: that of its thread, or else the newest that goes on.

        None where it has ended without a style, or waits for another picture.
        """
        lesson = await self._threads.of_thread(message, request)
        if lesson is None and not request.references:
            lesson = next(reversed(await self._threads.under_way(message, request)), None)
        if lesson is None or lesson.cancelled_at is not None:
            return None
        is_known = bool(lesson.style) or await self._threads.goes_on(message, request, lesson)
        return lesson if is_known else None

    async def progress(self, mail: TaughtMail) -> TaughtReply:
        """Return the answer to a question when a lesson is ready."""
        lesson = await self.meant_by(mail.message, mail.request)
        if lesson is None:  # it has failed, or was stopped, since the question was read
            return self.explained()
        await self._threads.note(mail.message, lesson)
        if lesson.style:
            title = naming.title(lesson.written)
            ready = partial(question_letters.reply_ready, title=title, style=lesson.style, alias=lesson.alias)
            return TaughtReply(kind="progress", write=ready)
        expected = await self.expected(lesson, mail.author)
        write = partial(question_letters.reply_progress, name=lesson.written, expected=expected)
        return TaughtReply(kind="progress", write=write)

    async def expected(self, lesson: Lesson, author: str) -> Expectation:
        """Return when the answer of a lesson is expected that goes on."""
        if not lesson.job:
            return Expectation(is_waiting=True)  # while the queue is full
        status = await self._status(lesson, author)
        return expectation(status, self._minutes, is_picture=bool(lesson.is_exact))

    async def _status(self, lesson: Lesson, author: str) -> LearningStatus | None:
        """Return how far a job is, None while it is not known."""
        with contextlib.suppress(PainterError):
            return await self._client.status(lesson.job, author)
        return None
