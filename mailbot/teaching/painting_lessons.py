"""Have the painting of a mail learnt, step by step.

Each step may be repeated after a crash:

    the lesson's row      is written before anything is sent
    the painting is sent  with a key of the mail, by which the balancer knows it again
    it is published       once, since the registry notes which job made which version
    the style's row       then the answer is written, and finished as every answer is

Which balancer learns, and whether the style is live at once, the registry decides.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

from mailbot.config import Mail
from mailbot.intents.learning_intents import LearningAim
from mailbot.parsing.photos import Photo
from mailbot.sender_policy.admission import CANCELLED, Silent
from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_letters, lessons, naming
from mailbot.teaching.exact import exact_letters, sides
from mailbot.teaching.exact.choices import Guess
from mailbot.teaching.lesson_errors import LostLesson, NameNotFree, StillLearning
from mailbot.teaching.lesson_letters import Expectation
from mailbot.teaching.lesson_publisher import LessonPublisher
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import TaughtMail, TaughtReply
from mailbot.teaching.waiting.notices import Notices
from mailbot.transport.answer_sender import Outgoing
from registry.client import LearningClient, LearningStatus, PaintingToLearn
from styles.errors import PainterError, Permanent
from styles.learning_errors import LearningQueueFull, LearningStopped

log = logging.getLogger(__name__)

#: Shortest and longest pause between two looks at a lesson, seconds.
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
#: Seconds for which no notice to wait goes out while the picture was not looked at: it may be refused. Then
#: the seconds between two looks meanwhile.
LOOK_SECONDS, LOOK_PAUSE = 10.0, 2.0
#: Seconds that a lesson takes beside its minutes, for the trial and the mail, and that one picture takes.
FURTHER_SECONDS, PICTURE_SECONDS = 30.0, 180.0


class PaintingLessons:
    """Learn from the paintings of mails, through the registry."""

    def __init__(
        self,
        client: LearningClient,
        ledger: Ledger,
        settings: Mail,
        *,
        send_notice: Callable[[Outgoing], None],
        page_url: str,
        clock: Callable[[], float],
    ) -> None:
        """Take the parts of the process. `send_notice` and `page_url` are as in `Teaching`."""
        self._client = client
        self._ledger = ledger
        self._minutes, self._notices = settings.teaching_minutes, Notices(ledger, settings, send_notice)
        self._publisher = LessonPublisher(client, ledger, page_url=page_url, clock=clock)
        self._clock = clock

    async def taught(self, mail: TaughtMail, lesson: Lesson) -> TaughtReply:
        """Return the answer of a lesson that has ended. Raises `StillLearning` before, and as `Teaching`."""
        try:
            return await self._learnt(mail, lesson)
        except PainterError as error:
            if not error.retry:
                await self._transact(lessons.drop, mail, mail.intent.name)  # a reply may complete it
            raise

    async def _learnt(self, mail: TaughtMail, lesson: Lesson) -> TaughtReply:
        """Take the next steps of a lesson, and return its answer."""
        painting, photo, guess = sides.sides_of(mail, lesson)
        if photo is None and not lesson.name:
            lesson = replace(lesson, name=await self._name(mail, painting))
            await self._transact(lessons.note_name, mail, lesson.name)
            if mail.intent.name != lesson.name:
                await self._transact(lessons.note_title, mail, mail.intent.name)
        if lesson.style:  # it was published before a crash
            return await self._publisher.answer(mail, lesson, None, is_guess=guess is not None)
        try:
            status = await self._status(mail, lesson, painting, photo)
        except LearningQueueFull as error:
            await self._notify(mail, lesson, await self._behind(mail, error), guess)
            raise
        if status.state == "cancelled":
            raise Silent(CANCELLED) if await self._is_cancelled(mail) else LearningStopped
        _require_not_failed(status)
        if not status.is_final:
            now = self._clock()
            is_looked_at = not status.is_seen and now < mail.message.accepted_at + LOOK_SECONDS
            if not is_looked_at:
                expected = expectation(status, self._minutes, is_picture=photo is not None)
                await self._notify(mail, lesson, expected, guess)
            raise StillLearning(now + (min(LOOK_PAUSE, LONGEST_PAUSE) if is_looked_at else _pause(status)))
        if photo is None:
            async with self._beginning_again(status.id, mail.author):
                lesson = await self._publisher.publish(mail, lesson, status)
            return await self._publisher.answer(mail, lesson, status, is_guess=guess is not None)
        async with self._beginning_again(status.id, mail.author):
            picture = await self._client.picture(status.id, "picture", mail.author)
        taken = await self._taken(mail, status) if guess else b""
        name = naming.picture_name(photo.name)
        write = partial(
            exact_letters.reply_exactly,
            picture=picture,
            name=name,
            guess=guess,
            painting=taken,
            has_more=mail.has_more,
            is_replaced=mail.intent.replaces,
        )
        return TaughtReply(kind="exactly", write=write, pictures=(picture, *filter(None, (taken,))))

    async def _taken(self, mail: TaughtMail, status: LearningStatus) -> bytes:
        """Return a small JPEG of what was taken for the painting, b"" if there is none any more."""
        try:
            return await self._client.picture(status.id, "thumbnail", mail.author)
        except PainterError:
            return b""

    async def _name(self, mail: TaughtMail, painting: Photo) -> str:
        """Return the name of the style: as the mail says, or one that is made. Raises `NameNotFree`."""
        intent = mail.intent.name
        if mail.intent.style:
            return mail.intent.style
        choice = await self._client.name_for(intent, mail.author) if intent else None
        if choice and choice.flaw and choice.name:
            raise NameNotFree(intent, choice.free)
        if choice and choice.name:
            return intent
        for candidate in naming.candidates(mail.request, painting):
            made, id = await self._client.name_for(candidate, mail.author), mail.message.id
            is_free = made.name and not made.flaw and not made.exists
            claim = partial(lessons.claim, message=id, name=candidate)
            if is_free and await self._ledger.transact(claim):
                return candidate
        raise LostLesson

    async def _status(
        self, mail: TaughtMail, lesson: Lesson, painting: Photo, photo: Photo | None
    ) -> LearningStatus:
        """Return the status of the lesson's job, which begins if the balancer does not know it."""
        if lesson.job and (status := await self._client.status(lesson.job, mail.author)):
            return status
        wanted = PaintingToLearn(
            painting=painting.image,
            photo=photo.image if photo else b"",
            key=mail.message.dedupe[:40],
            name=lesson.name,
            minutes=0.0 if photo else self._minutes,
            address=mail.author,
        )
        status = await self._client.begin(wanted)
        await self._transact(lessons.note_job, mail, status.id)
        if await self._is_cancelled(mail):  # meanwhile, by a mail that could not know the job
            await self._client.cancel(status.id, withdraws=True)
        log.info("mail %d: its painting is job %s", mail.message.id, status.id)
        return status

    @contextlib.asynccontextmanager
    async def _beginning_again(self, job: str, author: str) -> AsyncIterator[None]:
        """Raise `StillLearning` if the block is refused and the job is gone: the next look begins another."""
        try:
            yield
        except Permanent:
            if await self._client.status(job, author) is None:
                raise StillLearning(self._clock()) from None
            raise

    async def _is_cancelled(self, mail: TaughtMail) -> bool:
        return await self._ledger.read(lambda db: lessons.is_cancelled(db, mail.message.id))

    async def _behind(self, mail: TaughtMail, full: LearningQueueFull) -> Expectation:
        """Return what to expect behind a full queue, and behind earlier mails that wait for a place in it.

        An older balancer tells neither place nor time.
        """
        before = await self._ledger.read(partial(lessons.count_unsent, before=mail.message.id))
        seconds = full.seconds_left * (1 + before / max(1, full.place))
        return Expectation(
            seconds and seconds + FURTHER_SECONDS, is_waiting=True, place=full.place and full.place + before
        )

    async def _notify(
        self, mail: TaughtMail, lesson: Lesson, expected: Expectation, guess: Guess | None
    ) -> None:
        """Say once when the answer will come, and which name the style will have."""
        write = partial(
            lesson_letters.reply_learning,
            expected=expected,
            name=lesson.name and naming.written(mail, lesson),
            guess=guess,
            has_more=mail.has_more,
            is_swapped=mail.intent.wanted is LearningAim.SWAP,
            is_replaced=mail.intent.replaces,
        )
        await self._notices.send(mail, write)

    async def _transact(self, work: Callable[..., None], mail: TaughtMail, *values: object) -> None:
        await self._ledger.transact(lambda db: work(db, mail.message.id, *values))


def expectation(status: LearningStatus | None, minutes: float, *, is_picture: bool) -> Expectation:
    """Return when the answer of a lesson is expected, of `minutes` of training."""
    place = status.place if status else 0
    seconds = (PICTURE_SECONDS if is_picture else 60 * minutes + FURTHER_SECONDS) * (1 + place)
    if status and status.seconds_left is not None:
        seconds = status.seconds_left + FURTHER_SECONDS
    return Expectation(seconds, is_waiting=place > 0, place=place)


def _pause(status: LearningStatus) -> float:
    left = LONGEST_PAUSE if status.seconds_left is None else status.seconds_left
    return min(max(left, SHORTEST_PAUSE), LONGEST_PAUSE)


def _require_not_failed(status: LearningStatus) -> None:
    """Raise the reason why a job has learnt nothing."""
    if status.state == "failed":  # for good: a temporary reason would have the mail wait for nothing
        raise status.problem if status.problem and not status.problem.retry else LostLesson()
