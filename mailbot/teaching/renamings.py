"""Give styles another name: those that are learnt just now, and those that are published.

While a style is learnt, the ledger has its name. A published one gets it from the registry, which publishes
the same weights under the new name and retires the old one. Each step may be repeated after a crash.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from functools import partial

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_letters, lesson_search, lessons, naming
from mailbot.teaching.lesson_errors import LostLesson, NewNameNotFree, NotYourStyle
from mailbot.teaching.lesson_threads import LessonThreads
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply
from registry.client import LearningClient
from styles.errors import Permanent


class Renamings:
    """Rename styles for their authors."""

    def __init__(self, client: LearningClient, ledger: Ledger) -> None:
        self._client = client
        self._ledger = ledger
        self._threads = LessonThreads(ledger)

    async def renamed(self, mail: TaughtMail) -> TaughtReply:
        """Rename the style of the lesson that a mail is about.

        Raises `NewNameNotFree`, `NotYourStyle`, and `NotRenamed` where its author alone cannot rename it.
        """
        lesson = await self._threads.meant_by(mail.message, mail.request, mail.intent)
        if lesson is None:
            raise NotYourStyle(mail.intent.left, is_renaming=True) if mail.intent.left else LostLesson
        await self._threads.note(mail.message, lesson)
        called = mail.intent.name
        name = called if await self._is_free(mail, lesson) else ""
        rename = partial(lessons.rename, message=lesson.message, called=called, name=name)
        if await self._ledger.transact(rename):
            write = partial(lesson_letters.reply_to_be_called, name=called)
            return TaughtReply(kind="renamed", write=write)
        now = await self._ledger.read(partial(lessons.of_message, message=lesson.message)) or lesson
        if not now.style:  # it was stopped meanwhile, or has failed
            raise LostLesson
        before = now.style
        try:
            now = await self._rename_style(replace(now, called=called, name=name or now.name), mail.author)
        except Permanent:
            await self._is_free(mail, now)  # raises where somebody else got the name meanwhile
            raise
        write = partial(
            lesson_letters.reply_renamed,
            title=naming.title(called),
            style=now.style,
            alias=now.alias,
            before=before,
        )
        return TaughtReply(kind="renamed", write=write)

    async def _is_free(self, mail: TaughtMail, lesson: Lesson) -> bool:
        """Return True for a free name, and False where the words of a mail are a title alone.

        Raises `NewNameNotFree`, and notes for a “yes” what was asked for.
        """
        called = mail.intent.name
        choice = await self._client.name_for(called, mail.author, lesson.style)
        if choice.flaw and choice.name:
            asked = partial(lessons.note_asked, message=lesson.message, asked=called)
            await self._ledger.transact(asked)
            raise NewNameNotFree(called, choice.free)
        return bool(choice.name)

    async def settled(self, lesson: Lesson, author: str) -> Lesson:
        """Return a lesson whose style has the name that its author gave it while it was being published.

        Where that name was taken meanwhile, the style keeps the one that it has.
        """
        if lesson.called:
            with contextlib.suppress(Permanent):
                return await self._rename_style(lesson, author)
        return lesson

    async def _rename_style(self, lesson: Lesson, author: str) -> Lesson:
        title, before = naming.title(lesson.called), lesson.style
        found = await self._client.rename(author, lesson.style, lesson.called, title)
        lesson = replace(
            lesson, style=found.name, version=found.version, alias=found.alias, preview=found.preview
        )
        await self._ledger.transact(partial(_note_renamed, lesson=lesson, before=before))
        return lesson


def _note_renamed(db: sqlite3.Connection, lesson: Lesson, before: str) -> None:
    """Record the new name of a style, also for what is to be its next version: it had the name `before`."""
    for each in lesson_search.beside(db, lesson):
        if each.has_name(before.replace("-", " ")):
            lessons.rename(db, each.message, lesson.called, lesson.name)
    lessons.note_renamed(db, lesson)
