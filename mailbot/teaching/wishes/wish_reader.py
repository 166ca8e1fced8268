"""Read what a mail asks about learning: in the thread of its lesson, and what is read outside of it too."""

from __future__ import annotations

from dataclasses import replace

from mailbot.config import Mail
from mailbot.intents import learning_intents
from mailbot.intents.learning.answers import agrees, declines, refuses
from mailbot.intents.learning.corrections import is_correction, is_further
from mailbot.intents.learning.half_wishes import half_wish, wants_alike
from mailbot.intents.learning.own_names import is_plain_name
from mailbot.intents.learning.painters.told_names import answered_name, is_told_plainly
from mailbot.intents.learning.topics import has_learning_verb, is_about_learning
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.sender_policy.admission import listed
from mailbot.storage.ledger_rows import Message
from mailbot.teaching.lesson_threads import STOPS, LessonThreads
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.orders.order_questions import OrderQuestions
from mailbot.teaching.questions.lesson_questions import LessonQuestions
from mailbot.teaching.taught_mail import author_of
from mailbot.teaching.wishes import outside_wishes, resumed_wishes
from mailbot.teaching.wishes.earlier_mail import EarlierMail
from mailbot.teaching.wishes.picture_replies import PictureReplies
from mailbot.teaching.wishes.resumed_wishes import renaming
from registry.client import LearningClient
from styles.language.tokens import key

#: What a mail asks of a painting, and all that it may ask outside of the thread of a lesson.
_OF_PAINTING = (LearningAim.LEARN, LearningAim.EXACTLY)
_ANYWHERE = (*_OF_PAINTING, LearningAim.RETIRE_ALL)
#: What is asked of a lesson, and of other things in the same words.
_OF_LESSON = (*STOPS, LearningAim.SWAP, LearningAim.RENAME, LearningAim.RETIRE, LearningAim.PROGRESS)
_QUESTIONS = (LearningAim.EXPLAIN, LearningAim.PROGRESS)


class WishReader:
    """Recognize mails about learning."""

    def __init__(
        self,
        settings: Mail,
        client: LearningClient,
        threads: LessonThreads,
        questions: LessonQuestions,
        orders: OrderQuestions,
    ) -> None:
        self._teachers, self._orders = settings.teachers, orders
        self._client, self._threads, self._questions = client, threads, questions
        self._pictures = PictureReplies(threads)

    async def intent(self, message: Message, request: StyleRequest) -> LearningIntent | None:
        """Return what a mail asks about learning, None for any other mail.

        To swap and to delete one style are read in the thread of a lesson only. To stop learning is also read
        outside of it, while the author has a lesson under way. So is a mere "stop": it asks for silence only
        where nothing is learnt, and never in a thread about learning.
        """
        intent = learning_intents.read(request)
        if answer := await self._orders.answered(message, request, intent):
            return answer
        if await self._is_topic(message, request, intent):
            await self._threads.note_topic(message)
        if intent is None or (intent.wanted in _OF_PAINTING and not intent.is_clear):
            return None  # `resumed` knows whether such a picture names a style
        if intent.wanted in _QUESTIONS:
            return intent if await self._is_question(message, request, intent) else None
        if intent.wanted in _ANYWHERE:
            return await self._in_thread(message, request, intent)
        return await self._about_lesson(message, request, intent)

    async def resumed(
        self, message: Message, request: StyleRequest, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return the wish of the mail before that a reply of a teacher completes, None for any other mail.

        A reply in the thread of a lesson that was not refused completes nothing, but for a name. Outside of
        it “Sorry, wrong photo, here is the right one” is about the lesson that goes on.
        """
        if wish := await self._spoken(message, request, thread):
            return wish
        deletion = await outside_wishes.deletion(self._client, request, thread)
        if deletion or sender_command(request):
            return deletion
        if not self._is_teacher(request):
            return outside_wishes.of_stranger(request, thread)
        return await self._of_teacher(message, request, thread) if self._client.token else None

    async def _spoken(
        self, message: Message, request: StyleRequest, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return the wish to learn in words of a teacher's own, if they choose no style to paint."""
        wish = outside_wishes.spoken(request, thread) if self._is_teacher(request) else None
        return await self._in_thread(message, request, wish) if wish else None

    async def _of_teacher(
        self, message: Message, request: StyleRequest, thread: EarlierMail
    ) -> LearningIntent | None:
        lesson = await self._threads.corrected(message, request)
        if request.images and (wish := await self._exactly(message, request, lesson, thread)):
            return wish
        if not request.references:
            is_meant = lesson is not None and thread.asks_nothing(request)
            return await self._pictures.instead(message, request, lesson) if lesson and is_meant else None
        if not request.images:
            if lesson is None:
                return await self._offered(request, thread) or await self._declined(request, thread)
            return await self._named(request, lesson, thread)
        return await self._pictures.wish(message, request, lesson, thread)

    async def _exactly(
        self, message: Message, request: StyleRequest, lesson: Lesson | None, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return the wish for one perfect picture in words of a teacher's own, if they name no style.

        With one picture alone it is the other one of a wish before, or the bot asks for that.
        """
        if thread.chooses_style(request):
            return None
        if len(request.images) > 1:
            intent = learning_intents.read(request)
            is_wish = intent is not None and intent.wanted is LearningAim.EXACTLY
            return await self._in_thread(message, request, intent) if intent and is_wish else None
        is_asked = lesson is not None and bool(lesson.is_exact) and lesson.is_unmet
        side = half_wish(request, is_asked=is_asked) if is_asked or not lesson else None
        return None if side is None else LearningIntent(wanted=LearningAim.EXACTLY, painting=side)

    async def expects_answer(self, message: Message, request: StyleRequest, thread: EarlierMail) -> bool:
        """Tell whether thanks are more than that: with a “no”, or where something is missing or offered."""
        if await self.intent(message, request):  # "no thanks, leave it"
            return True
        if lesson := await self._threads.of_thread(message, request):
            return bool(lesson.is_unmet or lesson.asked or refuses(request.text))
        is_answer = await self._offered(request, thread) or await self._declined(request, thread)
        return self._is_teacher(request) and is_answer is not None

    async def _offered(self, request: StyleRequest, thread: EarlierMail) -> LearningIntent | None:
        """Return the wish that a “yes” completes, where the bot offered to learn the picture before."""
        intent = learning_intents.read(request)
        explains = intent if intent and intent.wanted is LearningAim.EXPLAIN else None
        is_wish = explains is not None or wants_alike(request)
        is_answer = bool(request.references) and (is_wish or agrees(request.text))
        before = await thread.before(request) if is_answer else None
        if before and is_wish:
            return resumed_wishes.of_photo_before(request, before) or explains
        return resumed_wishes.offered(before) if before else explains

    async def _is_question(self, message: Message, request: StyleRequest, intent: LearningIntent) -> bool:
        """Tell whether a mail asks about teaching; a mere wish may mean the picture of the mail before."""
        if intent.wanted is LearningAim.PROGRESS:
            return await self._questions.meant_by(message, request) is not None
        if not self._is_teacher(request):
            return not request.images and (intent.is_clear or has_learning_verb(request))
        if request.images or not request.references:
            return True
        lesson = await self._threads.of_thread(message, request)
        return intent.is_clear and lesson is not None

    async def _declined(self, request: StyleRequest, thread: EarlierMail) -> LearningIntent | None:
        """Return the “no” to the offer to learn the picture before."""
        before = await thread.before(request) if request.references and declines(request.text) else None
        is_offered = before is not None and resumed_wishes.offered(before) is not None
        return LearningIntent(wanted=LearningAim.DECLINE) if is_offered else None

    async def _named(
        self, request: StyleRequest, lesson: Lesson, thread: EarlierMail
    ) -> LearningIntent | None:
        """Return the name that a reply is: one of its own, or the free one that was offered."""
        author, refused = author_of(request), lesson.asked or (lesson.is_unmet and lesson.name)
        choice = await self._client.name_for(refused, author, lesson.style) if refused else None
        offer = choice.free if choice and choice.flaw else ""
        name = answered_name(request.text, is_asked=bool(offer))
        if name and thread.names_style(request):  # "rather mosaic"
            return None
        if not name and offer and agrees(request.text, offer):
            name = offer
        if not name:
            return None
        is_plain = is_plain_name if lesson.is_unmet else is_told_plainly
        is_clear = bool(offer) or is_plain(name, request.text)
        return renaming(lesson, LearningIntent(wanted=LearningAim.RENAME, called=name, is_clear=is_clear))

    async def _about_lesson(
        self, message: Message, request: StyleRequest, intent: LearningIntent
    ) -> LearningIntent | None:
        """Return what a mail asks about a lesson, None if there is none that it can mean."""
        lesson = await self._threads.meant_by(message, request, intent)
        if not intent.is_clear:
            return await self._orders.meant(message, request, intent, lesson)
        if intent.wanted in STOPS:
            return intent if lesson or await self._is_topic(message, request, None) else None
        if lesson is None or (lesson.name and intent.wanted is LearningAim.SWAP):
            return None
        if intent.wanted is LearningAim.RENAME:
            return renaming(lesson, intent)
        if intent.wanted is LearningAim.RETIRE and not lesson.style:
            return replace(intent, wanted=LearningAim.CANCEL) if not intent.left else None
        return intent

    async def _is_topic(self, message: Message, request: StyleRequest, intent: LearningIntent | None) -> bool:
        """Tell whether a mail is about learning: by its thread, or its words (of others clear ones)."""
        is_wish = intent is not None and intent.wanted not in _OF_LESSON
        if self._is_teacher(request) and (is_wish or is_about_learning(request)):
            return True
        is_clear = is_wish and intent is not None and intent.is_clear
        return is_clear or await self._threads.is_about_learning(message, request)

    def _is_teacher(self, request: StyleRequest) -> bool:
        return listed(author_of(request), self._teachers)

    async def _in_thread(
        self, message: Message, request: StyleRequest, intent: LearningIntent
    ) -> LearningIntent | None:
        """Return a wish to teach: in place of what is learnt in its thread, unless it has another name.

        A picture alone, in answer to what was learnt, is a photo to be painted.
        """
        lesson = await self._threads.of_thread(message, request)
        if lesson and lesson.style and request.images and not request.text.strip():
            return None
        if lesson and not request.images:
            return await self._renaming_now(message, request, lesson, intent)
        if lesson and (wish := await self._pictures.again(message, request, lesson)) and not intent.called:
            return wish
        instead = await self._pictures.instead(message, request, lesson) if lesson else None
        if instead is None or instead.wanted is not intent.wanted:
            return intent
        is_same = key(intent.name) in ("", key(instead.name)) and not is_further(request.text)
        return instead if is_same or is_correction(request.text) else intent

    async def _renaming_now(
        self, message: Message, request: StyleRequest, lesson: Lesson, intent: LearningIntent
    ) -> LearningIntent:
        """Return "learn: blue hills" without a picture as another name for what is learnt just now."""
        is_named = bool(lesson.name and intent.name) and intent.wanted is LearningAim.LEARN
        is_open = is_named and await self._threads.goes_on(message, request, lesson)
        return replace(intent, wanted=LearningAim.RENAME) if is_open else intent
