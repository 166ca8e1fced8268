"""Publish what was learnt from a painting, and tell its author.

The registry notes which job made which version: published a second time, it is the first one.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from functools import partial

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_letters, lessons, naming
from mailbot.teaching.lesson_errors import StillLearning
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.renamings import Renamings
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply
from registry.client import LearningClient, LearningStatus
from styles.errors import PainterError, Permanent

log = logging.getLogger(__name__)


class LessonPublisher:
    """Publish styles, and write the answers that tell of them."""

    def __init__(
        self, client: LearningClient, ledger: Ledger, *, page_url: str, clock: Callable[[], float]
    ) -> None:
        """Take the parts of the process. `page_url` is the address of the registry's pages."""
        self._client = client
        self._ledger = ledger
        self._renamings = Renamings(client, ledger)
        self._page_url = page_url.rstrip("/")
        self._clock = clock

    async def publish(self, mail: TaughtMail, lesson: Lesson, status: LearningStatus) -> Lesson:
        """Publish what was learnt; under another name, if somebody has taken its own meanwhile."""
        written = naming.written(mail, lesson)
        card = {"title": naming.title(written), "artist": naming.artist(mail.request), "address": mail.author}
        try:
            published = await self._client.accept(status.id, name=lesson.name, **card)
        except Permanent:  # perhaps since its name is taken: 409, or 403 where that was during the trial
            await self._require_wanted(mail)
            choice = await self._client.name_for(lesson.name, mail.author)
            if not (choice.flaw and choice.free):
                raise
            published = await self._client.accept(status.id, name=choice.free, **card)
        name, alias, preview = published.name, published.alias, published.preview
        note = partial(lessons.note_style, message=mail.message.id, style=name, version=published.version)
        await self._ledger.transact(partial(note, alias=alias, preview=preview))
        await self._require_wanted(mail)  # else the next look has it taken back
        with contextlib.suppress(PainterError):
            await self._client.cancel(status.id)  # its painting is kept no longer than needed
        log.info("mail %d: learnt %s, version %d", mail.message.id, name, published.version)
        return await self._ledger.read(partial(lessons.of_message, message=mail.message.id)) or lesson

    async def answer(
        self, mail: TaughtMail, lesson: Lesson, status: LearningStatus | None, *, is_guess: bool
    ) -> TaughtReply:
        """Return the answer that tells what was learnt."""
        lesson = await self._renamings.settled(lesson, mail.author)
        preview = await self._client.blob(lesson.preview)
        wished = (await self._client.name_for(lesson.name, mail.author)).name
        learnt = lesson_letters.LearntNews(
            style=lesson.style,
            title=naming.title(naming.written(mail, lesson)),
            alias=lesson.alias,
            page=f"{self._page_url}/styles/{lesson.style}",
            preview=preview,
            minutes=status.minutes if status else 0.0,
            steps=round(status.steps) if status else 0,
            is_first_taken=is_guess,
            taken=wished if wished != lesson.style else "",
            is_whole=bool(status and status.is_whole),
            is_replaced=mail.intent.replaces,
        )
        write = partial(lesson_letters.reply_learnt, learnt=learnt)
        return TaughtReply(kind="learnt", write=write, pictures=(preview,))

    async def _require_wanted(self, mail: TaughtMail) -> None:
        """Raise `StillLearning` if the lesson was cancelled meanwhile: the next look cleans up."""
        if await self._ledger.read(partial(lessons.is_cancelled, message=mail.message.id)):
            raise StillLearning(self._clock())
