"""Keep which orders were asked back, and read the answers to these questions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from mailbot.intents.learning.orders.answered_orders import confirms, keeps, leans_to_yes
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.teaching import lesson_search, lessons, naming
from mailbot.teaching.lesson_threads import STOPS, LessonThreads
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.orders.unclear_orders import AskedOrder, UnclearOrder
from mailbot.teaching.taught_mail import TaughtMail
from mailbot.teaching.wishes import resumed_wishes
from styles.language.tokens import key

#: What ends, renames or swaps something, and is asked back where a phrase is loose.
ORDERS = (*STOPS, LearningAim.RETIRE, LearningAim.RETIRE_ALL, LearningAim.RENAME, LearningAim.SWAP)


class OrderQuestions:
    """Ask orders back, and read the answers."""

    def __init__(self, ledger: Ledger, threads: LessonThreads) -> None:
        self._ledger, self._threads = ledger, threads

    async def asked(self, mail: TaughtMail) -> UnclearOrder:
        """Note what a mail is asked back, and return the question as the error to be answered with."""
        lesson = await self._threads.meant_by(mail.message, mail.request, mail.intent)
        order = AskedOrder(aim=_aim(mail.intent, lesson), words=_words(mail.intent, lesson))
        about = lesson.message if lesson else mail.message.id
        note = partial(lessons.note_mail, message=mail.message.id, lesson=about, asked=order.kept)
        await self._ledger.transact(note)
        return UnclearOrder(order, naming.title(lesson.written if lesson else order.words))

    async def answered(
        self, message: Message, request: StyleRequest, intent: LearningIntent | None
    ) -> LearningIntent | None:
        """Return what a reply to such a question wants, None for words that do not answer it.

        `intent` is what the words of the reply want by themselves.
        """
        find = partial(lesson_search.asked, message=message.id, references=request.references)
        kept = "" if request.images else await self._ledger.read(find)
        if not kept:
            return None
        order, lesson = AskedOrder.of(kept), await self._threads.of_thread(message, request)
        answer = _answer(order, lesson, request, intent)
        if answer and lesson:  # a reply to the answer of this one answers the question no more
            await self._threads.note(message, lesson)
        elif answer:
            await self._threads.note_topic(message)
        return answer

    async def meant(
        self, message: Message, request: StyleRequest, intent: LearningIntent, lesson: Lesson | None
    ) -> LearningIntent | None:
        """Return what a loose phrase may ask of a lesson, None where it could change nothing.

        Where there is nothing to stop, “please stop, it's lovely” silences nobody all the same.
        """
        if lesson and await self._is_open(message, request, lesson, intent.wanted):
            return intent
        is_stop = intent.wanted in STOPS and sender_command(request) is not None
        is_topic = is_stop and await self._threads.is_about_learning(message, request)
        return replace(intent, is_clear=True) if is_topic else None

    async def _is_open(
        self, message: Message, request: StyleRequest, lesson: Lesson, wanted: LearningAim
    ) -> bool:
        """Tell whether there is something that an order about a lesson could change."""
        if wanted is LearningAim.SWAP:
            return bool(lesson.is_exact)
        if bool(lesson.style) and lesson.cancelled_at is None:
            return wanted not in STOPS
        return await self._threads.goes_on(message, request, lesson)


def _aim(intent: LearningIntent, lesson: Lesson | None) -> LearningAim:
    """Return what is to be asked: a style that is learnt already can only be deleted."""
    if intent.wanted not in (*STOPS, LearningAim.RETIRE):
        return intent.wanted
    return LearningAim.CANCEL if lesson and not lesson.style else LearningAim.RETIRE


def _words(intent: LearningIntent, lesson: Lesson | None) -> str:
    return intent.name if intent.wanted is LearningAim.RENAME else "" if lesson else intent.left


def _answer(
    order: AskedOrder, lesson: Lesson | None, request: StyleRequest, intent: LearningIntent | None
) -> LearningIntent | None:
    """Return what a reply to the question about an order wants, None for words that do not answer it.

    “OK” may be a thank-you, and “yes, but not now” a “no”: they are asked once more.
    """
    if keeps(request.text):
        is_gone = lesson is not None and lesson.cancelled_at is not None  # by an answer before
        return None if is_gone else LearningIntent(wanted=LearningAim.KEEP)
    is_same = intent is not None and intent.is_clear and intent.wanted is order.aim
    named = intent.called or intent.left if intent else ""
    is_repeated = is_same and key(named) in ("", key(order.words))
    if is_repeated or confirms(request.text, order.is_repeated):
        return _confirmed(order, lesson)
    if (intent and intent.is_clear) or not leans_to_yes(request.text):
        return None
    meant = _confirmed(order, lesson)
    return replace(meant, is_clear=False) if meant else None


def _confirmed(order: AskedOrder, lesson: Lesson | None) -> LearningIntent | None:
    """Return the order of a question that was answered by a “yes”."""
    if order.aim is LearningAim.RENAME:
        return resumed_wishes.renaming(lesson, order.intent) if lesson else None
    is_learnt = order.aim is LearningAim.CANCEL and lesson is not None and bool(lesson.style)
    return LearningIntent(wanted=LearningAim.RETIRE) if is_learnt else order.intent
