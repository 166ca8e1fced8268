"""Stop lessons, and have the balancer forget their jobs, again and again while it is away.

The registry takes back what such a job has made: a lesson may be stopped after its style was published, and
before its answer is on its way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_search, lessons
from mailbot.teaching.lessons import Lesson
from registry.client import LearningClient
from styles.errors import PainterError

log = logging.getLogger(__name__)


class LessonStops:
    """Stop lessons for their authors."""

    def __init__(self, client: LearningClient, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._client = client
        self._ledger = ledger
        self._clock = clock

    async def one(self, lesson: Lesson) -> bool:
        """Stop a lesson, and return whether it was under way."""
        now = self._clock()
        was_running = await self._ledger.transact(lambda db: lessons.cancel(db, lesson, now))
        if was_running:
            await self.job(lesson, withdraws=True)
        return was_running

    async def all(self, message: int, from_address: str) -> None:
        """Stop the lessons of a mail's author, who has asked to delete what came before it.

        Of those that have ended the pictures are forgotten, which their jobs keep for a while.
        """
        who, now = self._ledger.known_as(from_address), self._clock()
        find = partial(lessons.not_forgotten, message=message, who=who, now=now)
        for lesson in await self._ledger.read(find):
            was_running = await self._ledger.transact(partial(lessons.cancel, lesson=lesson, now=now))
            await self.job(lesson, withdraws=was_running)

    async def again(self) -> bool:
        """Cancel jobs again of which nothing may be left; return False if the balancer is still away.

        Their mails may be erased, so nobody else looks at them. Most were cancelled before: that is no error.
        """
        for lesson, withdraws in await self._ledger.read(partial(lessons.to_forget, now=self._clock())):
            if not await self.job(lesson, withdraws=withdraws):
                return False
        return True

    async def job(self, lesson: Lesson, *, withdraws: bool) -> bool:
        """Cancel the job of a lesson; return False if the balancer is away: it is to be tried again.

        `withdraws`: what was published of it is undone, too. It does not count in the day then, if another
        lesson has its place.
        """
        if not lesson.job:
            return True
        replaced = await self._ledger.read(partial(lesson_search.is_replaced, lesson=lesson))
        is_swapped = withdraws and replaced
        try:
            await self._client.cancel(lesson.job, withdraws=withdraws, is_swapped=is_swapped)
        except PainterError as error:
            log.warning("a job could not be cancelled: %s", type(error).__name__)
            return not error.retry
        return True
