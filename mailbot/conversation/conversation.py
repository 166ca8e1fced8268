"""Read what a mail asks for as a part of its conversation; the package says in which order.

Memory is only for a sender whose address is proven: others could have a person's photos painted and mailed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from mailbot.config import Mail
from mailbot.conversation import first_mail, picture_styles, recipes, thread_history, thread_pictures
from mailbot.conversation.earlier_mails import EarlierMails, MailThread
from mailbot.conversation.mail_reader import SOME_PHOTO, MailReader, numbered
from mailbot.conversation.photo_names import without_more
from mailbot.conversation.picture_strengths import with_named_strengths
from mailbot.conversation.reply_reader import likely_wish, read_reply
from mailbot.conversation.unclear_photos import note_of_all
from mailbot.conversation.understood import Understood
from mailbot.intents import learning_intents
from mailbot.intents.changes.objections import is_disliked
from mailbot.intents.changes.other_paintings import with_other
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.command_types import Paint
from mailbot.intents.learning.painters import near_wishes
from mailbot.intents.learning.painters.refusals import refuses_to_teach, speaks_of_learning
from mailbot.intents.names.catalogue import echo
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.intents.thanks import is_idle, is_thanks
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.sender_policy.admission import listed
from mailbot.storage import conversations
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.teaching.teaching import Teaching
from styles.contract import StyleSummary
from styles.errors import NoImage, NotLiked, PhotoGone, UnclearReply


class Conversations:
    """Read mails with the memory that the ledger has."""

    def __init__(
        self, settings: Mail, default_style: str, ledger: Ledger, teaching: Teaching | None = None
    ) -> None:
        """Take the parts of the process. `teaching` knows the threads of lessons."""
        self._settings, self._default_style = settings, default_style
        self._ledger, self._teaching = ledger, teaching
        self.earlier = EarlierMails(ledger)

    async def read(
        self,
        message: Message,
        request: StyleRequest,
        styles: Sequence[StyleSummary],
        is_proven: bool,
        known: Remembered | None = None,
    ) -> Understood:
        """Return what the mail asks for: what is `known` once more, if its code was written.

        Raises errors of `styles.errors` for what cannot be painted, and `UnclearAtLesson`.
        """
        reader = MailReader(self._settings, self._default_style, styles, message)
        if known:
            return await self._again(request, reader, known)
        understood, unread = None, None
        try:
            understood = await self._read(message, request, reader, is_proven)
        except PhotoGone:
            raise
        except (NoImage, UnclearReply) as why:
            unread = why if isinstance(why, NoImage) else type(why)(echo(request.text or request.subject))
        is_unnamed = understood is None or understood.is_default
        if self._teaching and is_proven and is_unnamed:
            by_lesson = await self._by_lesson(message, request, styles, reader, understood)
            understood = by_lesson or understood
        if understood is None:
            raise unread or NoImage
        understood = self._with_hint(understood) if request.images else understood
        if self._teaching and is_proven and is_unnamed and not understood.note:
            return replace(understood, note=await self._teaching.guide.note(message, request))
        return understood

    async def _by_lesson(
        self,
        message: Message,
        request: StyleRequest,
        styles: Sequence[StyleSummary],
        reader: MailReader,
        understood: Understood | None,
    ) -> Understood | None:
        """Return what a mail asks for by the lesson of its thread. Raises `UnclearAtLesson`."""
        if self._teaching is None:
            return None
        if found := await self._teaching.guide.named(message, request, styles):
            named, painting = found
            with contextlib.suppress(NoImage, UnclearReply):
                again = await self._read(message, named, reader, is_proven=True)
                if request.images or {*again.sources.values()} - {painting}:
                    return again
        sources = {*understood.sources.values()} if understood else {}
        await self._teaching.guide.require_none(message, request, styles, sources)
        return None

    async def _read(
        self, message: Message, request: StyleRequest, reader: MailReader, is_proven: bool
    ) -> Understood:
        if sender_command(request) or request.unsupported:
            return Understood(command=reader.read(request), request=request)
        if request.images:
            return await self._with_photo(message, request, reader, is_proven=is_proven)
        if is_proven and (known := await self.earlier.recall(message, request)):
            return await self._of_thread(message, request, reader, known)
        return Understood(command=reader.read(request), request=request)

    async def _of_thread(
        self, message: Message, request: StyleRequest, reader: MailReader, known: Remembered
    ) -> Understood:
        """Return what a reply asks for of the pictures that it means; `known` are the last ones."""
        request = await with_named_strengths(message, request, reader, self.earlier, known)
        request = await thread_pictures.both_mixed(message, request, self.earlier)
        if choice := await thread_history.chosen(message, request, reader, self.earlier):
            return await self._without_photo(choice.request, reader, choice.pictures, is_chosen=True)
        if reader.change(request).is_undone or thread_history.is_bare_return(request, reader):
            known = await thread_history.before_last(message, request, reader, self.earlier, known)
            return await self._without_photo(request, reader, known, is_chosen=True)
        if found := await thread_pictures.alike(message, request, reader, self.earlier):
            text, known = found
            return await self._without_photo(replace(request, text=text), reader, known, is_chosen=True)
        request, known = await thread_pictures.meant(message, request, reader, self.earlier, known)
        painted = tuple(each.recipe.style for each in known.painted)
        request = replace(request, text=with_other(request.text, reader.catalogue, painted))
        return await self._without_photo(request, reader, known)

    async def is_thanks(
        self, message: Message, request: StyleRequest, styles: Sequence[StyleSummary]
    ) -> bool:
        """Tell whether a mail only says thank you, or "ok" to a painting, and answers no offer."""
        wishes, thread = self._teaching and self._teaching.wishes, self.thread(message, styles)
        if not is_thanks(request, styles):
            is_nothing = is_idle(request, styles) and not thread.reader.change(request).is_any
            known = await self.earlier.recall(message, request) if is_nothing else None
            if not (known and known.painted):
                return False
        if await thread_pictures.is_more_wanted(message, request, thread.reader, self.earlier):
            return False
        return not (wishes and await wishes.expects_answer(message, request, thread))

    def thread(self, message: Message, styles: Sequence[StyleSummary]) -> MailThread:
        """Return what is known of a mail in its thread."""
        reader = MailReader(self._settings, self._default_style, styles, message)
        return MailThread(message=message, reader=reader, earlier=self.earlier)

    def _with_hint(self, understood: Understood) -> Understood:
        """Tell a teacher who named no style, and seems to want a painting learnt, how to write that.

        Words that refuse to have it learnt are understood: it is painted, as every photo is. Beside “learn:
        x” they leave a doubt.
        """
        request, command = understood.request, understood.command
        if isinstance(command, Paint) and refuses_to_teach(learning_intents.sentences_of(request)):
            unread = tuple(words for words in command.not_understood if not speaks_of_learning(words))
            understood = replace(understood, command=replace(command, not_understood=unread))
        is_teacher = listed(request.automation.from_address, self._settings.teachers)
        is_default = understood.is_default and not understood.note
        if is_default and is_teacher and (hint := near_wishes.hint(request)):
            return replace(understood, note=hint)
        return understood

    async def _again(self, request: StyleRequest, reader: MailReader, known: Remembered) -> Understood:
        """Return the request to paint what is `known` once more, whoever asks. Raises `PhotoGone`."""
        found = await self.earlier.photos(known.mails)
        painted = [each for each in known.painted if each.photo in found]
        if not painted:
            raise PhotoGone
        images = tuple(photo for photo, _ in found.values())
        bare = replace(request, subject="", text="", images=images, was_ours=False, recipes=())
        before = numbered(painted, [photo.sha256 for photo in images])
        command = reader.read_again(bare, Change(), before)
        sources = {photo.sha256: source for photo, source in found.values()}
        return Understood(command=command, request=bare, sources=sources)

    async def _with_photo(
        self, message: Message, request: StyleRequest, reader: MailReader, *, is_proven: bool
    ) -> Understood:
        said, change = request, reader.change(request, len(request.images))
        shown, note = request.recipes[:1], ""
        if not shown and is_proven and (thread := await self.earlier.recall(message, request)):
            said = without_more(request, reader.catalogue)
            change = reader.change(said, len(request.images))
            shown = tuple(each.recipe for each in thread.painted)
            if not change.is_same and reader.names_no_style(said):  # "and this one too, please"
                shown, note = recipes.of_last_photo(thread.painted), recipes.AS_BEFORE
            elif not change.is_same:
                shown = ()
        if not shown and is_proven and change.is_same:
            last = await self._ledger.read(partial(conversations.last, message=message))
            said, shown = without_more(request, reader.catalogue), tuple(each.recipe for each in last)
        if not shown:  # "like last time" of a person without a last time: the default
            command = reader.read_again(said, change, []) if change.is_same else reader.read(said)
            if isinstance(command, Paint):
                command = replace(command, is_forgotten=change.is_same)
            return Understood(command=command, request=request)
        shown = tuple(dict.fromkeys(shown))
        before = [(number, recipe) for number in range(len(request.images)) for recipe in shown]
        change = recipes.fitting(change, [recipe for _, recipe in before])
        command = reader.read_again(said, change, before)
        note = note if isinstance(command, Paint) and command.chosen == "remembered" else ""
        note = recipes.SEVERAL if len(request.recipes) > 1 else recipes.note(shown, change) or note
        return Understood(command=command, request=request, note=note)

    async def _without_photo(
        self, request: StyleRequest, reader: MailReader, known: Remembered, *, is_chosen: bool = False
    ) -> Understood:
        found = await self.earlier.photos(known.mails)
        images = tuple(photo for photo, _ in found.values())
        painted = [each for each in known.painted if not found or each.photo in found]
        before = numbered(painted, [*(found or dict.fromkeys(each.photo for each in painted))])
        names = await first_mail.names(request, reader, self.earlier, known, images)
        said, before = reader.with_photos(request, names, before)
        said = replace(said, text=picture_styles.with_numbers(said.text, before, reader.catalogue))
        shown = replace(said, images=images or (SOME_PHOTO,) * max(1, known.count))
        read = read_reply(await first_mail.reader_of(reader, self.earlier, known), shown, before)
        read = replace(read, is_request=read.is_request or is_chosen)
        if not isinstance(read.command, Paint):
            return Understood(command=read.command, request=request)
        if not images:
            raise PhotoGone if read.is_request and (known.is_gone or known.painted) else NoImage
        if not read.is_request and (
            style := await first_mail.suggested(request, read.change, reader, self.earlier, known)
        ):
            return await self._without_photo(replace(request, text=style), reader, known)
        if not read.is_request and (likely := likely_wish(request.text, reader.catalogue, len(before))):
            guessed = await self._without_photo(replace(request, text=likely.text), reader, known)
            return likely.with_doubt(guessed)
        if not read.is_request:
            unread = NotLiked if is_disliked(request.text) else UnclearReply
            raise unread(echo(request.text or request.subject))
        is_of_all = len(read.command.jobs) > 1
        return Understood(
            command=read.command,
            request=replace(request, images=images, was_ours=False),
            sources={photo.sha256: source for photo, source in found.values()},
            note=read.note or (note_of_all(said.text, len(images), reader.catalogue) if is_of_all else ""),
        )
