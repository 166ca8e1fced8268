"""Find the lesson that a mail is about: that of its thread, or the newest one of its author."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mailbot.intents.command_types import Stop
from mailbot.intents.learning.corrections import says_mistaken
from mailbot.intents.learning.stops import is_mere_stop, stops_anywhere
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.teaching import lesson_search, lessons
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import author_of

#: What stops a lesson, or declines to have one.
STOPS = (LearningAim.CANCEL, LearningAim.HALT, LearningAim.DECLINE)


class LessonThreads:
    """Look lessons up in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def who(self, request: StyleRequest) -> str:
        """Return the keyed hash of a mail's author, as lessons have it."""
        return self._ledger.known_as(author_of(request))

    async def of_thread(self, message: Message, request: StyleRequest) -> Lesson | None:
        """Return the lesson in whose thread a mail is, or the one that took its place since."""
        if lesson := await self.answered(message, request):
            find = partial(lesson_search.successor, lesson=lesson, message=message.id)
            return await self._ledger.read(find)
        return None

    async def answered(self, message: Message, request: StyleRequest) -> Lesson | None:
        """Return the lesson of the answer to which a mail replies: another may have its place by now."""
        find = partial(lesson_search.find, message=message.id, who=self.who(request))
        return await self._ledger.read(partial(find, references=request.references))

    async def meant_by(
        self, message: Message, request: StyleRequest, intent: LearningIntent
    ) -> Lesson | None:
        """Return the lesson that a mail is about: that of its thread, or to be stopped the newest one."""
        found = await self.of_thread(message, request)
        if intent.wanted is LearningAim.RENAME and intent.left:
            return await self._named(message, request, intent) or found
        is_topic = await self.is_about_learning(message, request)
        if _may_mean_newest(request, intent, found, is_topic=is_topic):
            is_open = found is not None and await self.goes_on(message, request, found)
            newest = partial(lesson_search.newest, message=message, who=self.who(request))
            found = found if is_open else await self._ledger.read(newest) or found
        if found and intent.wanted is LearningAim.RETIRE and not found.style:
            return found if await self.goes_on(message, request, found) else None
        return found

    async def _named(self, message: Message, request: StyleRequest, intent: LearningIntent) -> Lesson | None:
        """Return the lesson of a style by its old name, or by the new one: it may have that since a crash."""
        for name in (intent.left, intent.name):
            find = partial(lesson_search.named, message=message.id, who=self.who(request), name=name)
            if found := await self._ledger.read(find):
                return found
        return None

    async def corrected(self, message: Message, request: StyleRequest) -> Lesson | None:
        """Return the lesson whose picture a mail may replace: that of its thread.

        Outside of any thread it is the newest one, if the mail says that its picture was wrong.
        """
        if request.references or not (request.images and says_mistaken(request.text)):
            return await self.of_thread(message, request)
        newest = partial(lesson_search.newest, message=message, who=self.who(request))
        return await self._ledger.read(newest)

    async def has_replaced(self, message: Message, lesson: Lesson) -> bool:
        """Tell whether the lesson of a mail has taken the place of an earlier one."""
        find = partial(lesson_search.has_replaced, message=message.id, lesson=lesson)
        return await self._ledger.read(find)

    async def has_own(self, message: Message) -> bool:
        """Tell whether a mail has a lesson of its own."""
        return await self._ledger.read(partial(lessons.of_message, message=message.id)) is not None

    async def is_open(self, lesson: Lesson) -> bool:
        """Tell whether a lesson is under way, of an earlier mail or a later one."""
        return await self._ledger.read(partial(lesson_search.is_open, lesson=lesson))

    async def is_kept(self, message: Message) -> bool:
        """Tell whether the photo of a mail waits for the style of its thread, or has waited."""
        return await self._ledger.read(partial(lesson_search.is_kept, message=message.id))

    async def under_way(self, message: Message, request: StyleRequest) -> Sequence[Lesson]:
        """Return the lessons of a mail's author that go on."""
        find = partial(lesson_search.under_way, message=message.id, who=self.who(request))
        return await self._ledger.read(find)

    async def note(self, message: Message, lesson: Lesson) -> None:
        """Record that a mail is about a lesson."""
        await self._ledger.transact(partial(lessons.note_mail, message=message.id, lesson=lesson.message))

    async def is_about_learning(self, message: Message, request: StyleRequest) -> bool:
        """Tell whether a mail is in a thread about learning, of a lesson or of none."""
        find = partial(lesson_search.is_about_learning, message=message.id, references=request.references)
        return await self._ledger.read(find)

    async def note_topic(self, message: Message) -> None:
        """Record that a mail is about learning, for replies to it."""
        await self._ledger.transact(partial(lessons.note_topic, message=message.id))

    async def newest_learnt(self, message: Message, request: StyleRequest) -> Lesson | None:
        """Return the newest lesson of a mail's author that has become a style."""
        find = partial(lesson_search.newest_learnt, message=message.id, who=self.who(request))
        return await self._ledger.read(find)

    async def goes_on(self, message: Message, request: StyleRequest, lesson: Lesson) -> bool:
        """Tell whether a lesson is under way, or was until this mail stopped it."""
        under_way = {each.message for each in await self.under_way(message, request)}
        return lesson.message in under_way or has_stopped(message, lesson)  # its row may have changed since


def _may_mean_newest(
    request: StyleRequest, intent: LearningIntent, found: Lesson | None, *, is_topic: bool
) -> bool:
    """Tell whether a mail that stops something may mean the newest lesson, unless that of its thread goes on.

    “No thanks” and “I sent the wrong photo” are about the thread in which they stand. So is any “stop” in a
    thread about a painting, though that is stopped or learnt by now. “Stop learning” goes on to the next
    lesson there, unless its thread waits for another picture.
    """
    if intent.wanted not in (LearningAim.CANCEL, LearningAim.HALT):
        return False
    if found and found.is_refused and (found.is_unmet or intent.wanted is LearningAim.HALT):
        return False
    if not request.references:
        return True
    if found or is_topic:
        return stops_anywhere(request.text) and not is_mere_stop(request.text)
    return stops_anywhere(request.text) or sender_command(request) == Stop()


def has_stopped(message: Message, lesson: Lesson) -> bool:
    """Tell whether a mail has stopped a lesson already."""
    return (lesson.cancelled_at or 0) >= message.accepted_at
