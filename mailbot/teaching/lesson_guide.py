"""Answer what no rule reads in the thread of a lesson: with what can be written there.

Such a mail is never left in silence, and a photo there is painted in the style that was learnt, never in the
default one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from mailbot.intents.learning.own_styles import names_own_style, with_style
from mailbot.intents.learning.painters import near_wishes
from mailbot.intents.request_places import own_subject
from mailbot.intents.sender_orders.sender_commands import DELETE, unsure
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger_rows import Message
from mailbot.teaching.lesson_errors import StillLearning
from mailbot.teaching.lesson_threads import LessonThreads
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import author_of
from mailbot.teaching.unclear_replies import ThreadState, UnclearAtLesson, UnclearPicture
from registry.client import LearningClient
from styles.contract import StyleSummary

#: Seconds until a style that the list lacks is looked for again: the list may be the last one that was known.
LIST_SECONDS = 1.0


class LessonGuide:
    """Look up what a mail can mean by the lesson of its thread."""

    def __init__(self, client: LearningClient, threads: LessonThreads, clock: Callable[[], float]) -> None:
        self._client, self._threads, self._clock = client, threads, clock

    async def named(
        self, message: Message, request: StyleRequest, styles: Sequence[StyleSummary]
    ) -> tuple[StyleRequest, int] | None:
        """Return a mail that names no style with the one that it means, and the number of its lesson's mail.

        None if it means none. A photo in the thread of a lesson is to be painted in what was learnt there.
        “My style” is that, too, or else what its author taught last.
        """
        is_own = names_own_style(f"{own_subject(request)}\n{request.text}")
        lesson = await self._threads.of_thread(message, request)
        if lesson is None and is_own and request.images:
            lesson = await self._threads.newest_learnt(message, request)
        if not (lesson and _is_listed(lesson, styles) and (is_own or request.images)):
            return None
        return replace(request, text=with_style(request.text, lesson.style)), lesson.message

    async def note(self, message: Message, request: StyleRequest) -> str:
        """Return what to tell of a photo in a lesson's thread that may have been meant to be learnt."""
        note = near_wishes.after_lesson(request)
        lesson = await self._threads.of_thread(message, request) if note else None
        return note if lesson and lesson.style and lesson.cancelled_at is None else ""

    async def require_none(
        self,
        message: Message,
        request: StyleRequest,
        styles: Sequence[StyleSummary],
        of: Collection[int],
    ) -> None:
        """Raise `UnclearAtLesson` if the mail is in a lesson's thread, or its author has one under way.

        `of` are the earlier mails whose photos would be painted: outside of the thread only these count then.
        """
        if request.unsupported or unsure(request) == DELETE:
            return
        lesson = await self._threads.of_thread(message, request)
        if lesson is None and not (request.images or request.was_ours):
            found = await self._threads.under_way(message, request)
            lesson = next((each for each in reversed(found) if not of or each.message in of), None)
        if lesson:
            await self._require_listed(message, request, lesson, styles)
            await self._threads.note(message, lesson)
            raise await self._unclear(message, request, lesson, is_listed=_is_listed(lesson, styles))

    async def _require_listed(
        self, message: Message, request: StyleRequest, lesson: Lesson, styles: Sequence[StyleSummary]
    ) -> None:
        """Raise `StillLearning` for a kept photo whose style has come since the styles were asked for.

        It is live, or its author's alone.
        """
        is_usual = lesson.style and lesson.alias != "staged" and lesson.cancelled_at is None
        if (
            is_usual
            and request.images
            and not _is_listed(lesson, styles)
            and await self._threads.is_kept(message)
        ):
            own = await self._client.styles_of(author_of(request))
            if any(each.name == lesson.style for each in own):
                raise StillLearning(self._clock() + LIST_SECONDS)

    async def _unclear(
        self, message: Message, request: StyleRequest, lesson: Lesson, *, is_listed: bool
    ) -> UnclearAtLesson:
        unclear = UnclearPicture if request.images else UnclearAtLesson
        if lesson.cancelled_at is not None:
            return unclear(ThreadState.ENDED)
        if wanted := lesson.asked or (lesson.is_unmet and lesson.name):
            choice = await self._client.name_for(wanted, author_of(request), lesson.style)
            if choice.flaw and choice.free:
                return unclear(ThreadState.NO_NAME, choice.free)
        if await self._threads.goes_on(message, request, lesson):
            state = ThreadState.LEARNING if lesson.name else ThreadState.PAINTING
            return unclear(state, lesson.written)
        if lesson.style:
            # A maintainer may have made it live since.
            is_waiting = lesson.alias == "staged" and not is_listed
            if is_waiting and request.images:
                return unclear(ThreadState.WAITING_PHOTO, lesson.style)
            return unclear(
                ThreadState.WAITING if is_waiting else ThreadState.LEARNT, lesson.title or lesson.style
            )
        return unclear(ThreadState.PAINTED if lesson.is_exact else ThreadState.NO_PICTURE)


def _is_listed(lesson: Lesson, styles: Sequence[StyleSummary]) -> bool:
    """Tell whether a mail can ask for the style of a lesson."""
    return lesson.cancelled_at is None and any(lesson.style == style.name for style in styles)
