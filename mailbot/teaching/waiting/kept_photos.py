"""Keep a photo that comes while its style is learnt: it is painted when the style is there.

Its mail stays in the ledger, and is looked at again and again, as that of the lesson is.
"""

from __future__ import annotations

from functools import partial

from mailbot.parsing.headers import clean
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter
from mailbot.teaching.lesson_errors import PhotoNotPainted
from mailbot.teaching.lesson_letters import MAX_NAME, Expectation, about_expectation
from mailbot.teaching.lesson_threads import LessonThreads
from mailbot.teaching.questions.lesson_questions import LessonQuestions
from mailbot.teaching.taught_mail import TaughtMail
from mailbot.teaching.waiting.notices import Notices


class KeptPhotos:
    """Have photos wait for the style of their thread."""

    def __init__(self, threads: LessonThreads, questions: LessonQuestions, notices: Notices) -> None:
        self._threads, self._questions, self._notices = threads, questions, notices

    async def promise(self, mail: TaughtMail) -> None:
        """Tell once that the photo waits. Raises `PhotoNotPainted` if it does for nothing."""
        lesson = await self._threads.of_thread(mail.message, mail.request)
        if lesson is None or not await self._threads.is_open(lesson):
            lesson = await self._threads.of_thread(mail.message, mail.request)  # it may be learnt just now
            if lesson is None or lesson.cancelled_at is not None or not lesson.style:
                raise PhotoNotPainted
        await self._threads.note(mail.message, lesson)
        expected = await self._questions.expected(lesson, mail.author)
        await self._notices.send(mail, partial(reply_kept, name=lesson.written, expected=expected))


def reply_kept(context: ReplyContext, *, name: str, expected: Expectation) -> bytes:
    """Say that a photo is painted as soon as its style, `name`, is learnt; "" where it has no name yet."""
    say = context.say
    title = say.gettext("I keep your photo, and paint it in your new style as soon as I have learnt that.")
    if name:
        title = say.gettext(
            "I keep your photo, and paint it as “{name}” as soon as I have learnt that.",
            name=clean(name, MAX_NAME),
        )
    instead = say.gettext(
        "If I am to learn from it instead of the picture before, send it once more, without a word. To have "
        "a second style learnt from it, send it with “learn:” and another name."
    )
    paragraphs = tuple(filter(None, (about_expectation(context, expected), instead)))
    return seal(context, Letter(say=say, is_notice=True, title=title, paragraphs=paragraphs))
