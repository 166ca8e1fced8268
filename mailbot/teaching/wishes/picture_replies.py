"""Read what a reply with a picture wants of the lesson of its thread.

    the right picture    is learnt in place of the one before: “A better shot of it, without the glare”
    one more painting    is learnt besides: “Here is another one: Barn”, afterwards “Another painting: Barn”
    a better photo       after the lesson: a new version of the style is learnt from it
    a photo to paint     is kept until the style is learnt: “Here is my dog. Could you paint him?”

A lesson that was refused takes any picture beside words that want nothing else.
"""

from __future__ import annotations

from mailbot.intents.learning.corrections import (
    further_name,
    is_correction,
    is_painting,
    is_retaken,
)
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger_rows import Message
from mailbot.teaching.lesson_threads import LessonThreads, has_stopped
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.wishes import resumed_wishes
from mailbot.teaching.wishes.earlier_mail import EarlierMail


class PictureReplies:
    """Read replies with a picture, of teachers."""

    def __init__(self, threads: LessonThreads) -> None:
        self._threads = threads

    async def wish(
        self, message: Message, request: StyleRequest, lesson: Lesson | None, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return what a reply with a picture wants, None where its photo is to be painted now."""
        if lesson is None:
            wish = resumed_wishes.wish_before(request)
            return wish if wish and thread.asks_nothing(request) else None
        is_open = await self._threads.is_open(lesson)
        keep = LearningIntent(wanted=LearningAim.WAIT)
        if await self._threads.is_kept(message):
            is_learnt = bool(lesson.style) and lesson.cancelled_at is None
            return None if is_learnt and not is_open else keep
        if again := await self.again(message, request, lesson):
            return again
        if further := await self._further(message, request, lesson, thread):
            return further
        wish = resumed_wishes.wish_of(lesson, request)
        if is_correction(request.text):
            instead = await self.instead(message, request, lesson)
            wish = instead or wish or resumed_wishes.of_stopped(lesson, request)
        if wish and thread.asks_nothing(request):
            return wish
        return keep if is_open and not lesson.is_exact and thread.names_no_style(request) else None

    async def _further(
        self, message: Message, request: StyleRequest, lesson: Lesson, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return the wish to learn one more painting.

        After the lesson a picture without the word “painting” is a photo: it is painted, with a question.
        """
        name = None if lesson.is_exact else further_name(request.text)
        if name is None:
            return None
        wish = LearningIntent(wanted=LearningAim.LEARN, called=name)
        if await self._threads.has_own(message):  # by now its name may be that of a style
            return wish
        is_open = await self._threads.is_open(lesson)
        is_meant = is_open or (bool(name) and is_painting(request.text))
        return wish if is_meant and not thread.chooses_style(request) else None

    async def instead(self, message: Message, request: StyleRequest, lesson: Lesson) -> LearningIntent | None:
        """Return the wish to learn the mail's picture in place of a lesson's, None if that has ended."""
        if not await self._gives_way(message, request, lesson):
            return None
        return resumed_wishes.replacing(resumed_wishes.wish_again(lesson, request))

    async def _gives_way(self, message: Message, request: StyleRequest, lesson: Lesson) -> bool:
        """Tell whether a lesson is under way, or was until this very mail took its place."""
        under_way = {each.message for each in await self._threads.under_way(message, request)}
        return lesson.message in under_way or await self._threads.has_replaced(message, lesson)

    async def again(self, message: Message, request: StyleRequest, lesson: Lesson) -> LearningIntent | None:
        """Return the wish to learn a better photo of the same painting, while it is learnt or afterwards.

        A style that was deleted since the mail came is not learnt once more.
        """
        if lesson.is_exact or not is_retaken(request.text):
            return None
        if not lesson.style or await self._gives_way(message, request, lesson):
            return await self.instead(message, request, lesson)
        is_deleted = has_stopped(message, lesson) and not await self._threads.has_own(message)
        return None if is_deleted else resumed_wishes.of_learnt(lesson)
