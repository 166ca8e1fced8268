"""Read what a mail asks for as a part of its conversation.

    no photo                 the photos of the thread, painted as last time but for what the mail says
    a photo and "the same"   this photo, as the thread's last painting, else as the sender's last one
    a photo and a painting   this photo, as the painting's own recipe says
    anything else            `mailbot.intents` alone

Memory is only for a sender whose address is proven: others could have a person's photos painted and mailed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mailbot.channels.chat_message import read_request
from mailbot.config import Mail
from mailbot.conversation import recipes
from mailbot.conversation.mail_reader import MailReader, choice
from mailbot.conversation.relative_changes import Change
from mailbot.intents import learning_intents
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.names.catalogue import echo
from mailbot.intents.sender_commands import DELETE, sender_command, unsure
from mailbot.parsing.mail_parser import ParseError, StyleRequest, without
from mailbot.parsing.photos import Photo
from mailbot.sender_policy.admission import listed
from mailbot.storage import conversations
from mailbot.storage.conversations import KeptMail, Remembered
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, PaintedFrom
from mailbot.teaching import lessons
from mailbot.teaching.lesson_errors import UnclearAtLesson
from mailbot.teaching.taught_mail import author_of
from styles.contract import PaintingRecipe, StyleResult, StyleSummary
from styles.errors import NoImage, PainterError, PhotoGone, UnclearReply

#: Stands for a photo of the thread until it is known that it is needed.
_SOME_PHOTO = Photo(name="photo.jpg", image=b"", kind="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """Hold what a mail asks for."""

    command: Command
    request: StyleRequest  #: the mail, with the photos that are painted
    sources: Mapping[str, int] = field(default_factory=dict)  #: message of an earlier photo, by its SHA-256
    note: str = ""  #: a line for the answer, to be translated

    def painted(
        self, paint: Paint, results: Sequence[StyleResult | PainterError], message: int
    ) -> tuple[PaintedFrom, ...]:
        """Return a recipe for each painted photo. One that no earlier mail holds is of `message`."""
        photos = [self.request.images[number].sha256 for number in paint.photos]
        rows = zip(photos, paint.jobs, results, strict=True)
        return tuple(
            PaintedFrom(
                source=self.sources.get(photo, message),
                photo=photo,
                recipe=PaintingRecipe.of(job, result.version),
            )
            for photo, job, result in rows
            if isinstance(result, StyleResult)
        )


class Conversations:
    """Read mails with the memory that the ledger has."""

    def __init__(self, settings: Mail, default_style: str, ledger: Ledger, large: asyncio.Lock) -> None:
        """`large` is held while a mail is parsed, which takes three times its size in memory."""
        self._settings, self._default_style = settings, default_style
        self._ledger, self._large = ledger, large

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
        try:
            understood = await self._read(message, request, reader, is_proven)
        except (NoImage, UnclearReply) as error:
            if not isinstance(error, PhotoGone):
                await self._require_no_lesson(message, request, is_proven)
            raise
        is_default = isinstance(understood.command, Paint) and understood.command.chosen == "default"
        if is_default and understood.sources:
            await self._require_no_lesson(message, request, is_proven, set(understood.sources.values()))
        return understood

    async def _require_no_lesson(
        self, message: Message, request: StyleRequest, is_proven: bool, of: Collection[int] = ()
    ) -> None:
        """Raise `UnclearAtLesson` if a painting of the author is being learnt: of these mails, if given."""
        who = self._ledger.known_as(author_of(request))
        found = await self._ledger.read(partial(lessons.under_way, message=message.id, who=who))
        about = [lesson for lesson in found if not of or lesson.message in of]
        is_other = request.unsupported or request.images or request.was_ours or unsure(request) == DELETE
        if about and is_proven and not is_other:
            raise UnclearAtLesson(about[-1].name)

    async def _read(
        self, message: Message, request: StyleRequest, reader: MailReader, is_proven: bool
    ) -> Understood:
        if sender_command(request) or request.unsupported:
            return Understood(command=reader.read(request), request=request)
        if request.images:
            understood = await self._with_photo(message, request, reader, is_proven=is_proven)
            return self._with_hint(understood)
        if is_proven and (known := await self._recall(message, request)):
            return await self._without_photo(request, reader, known)
        return Understood(command=reader.read(request), request=request)

    def _with_hint(self, understood: Understood) -> Understood:
        """Tell a teacher who named no style, and seems to want a painting learnt, how to write that."""
        request, command = understood.request, understood.command
        is_default = isinstance(command, Paint) and command.chosen == "default" and not understood.note
        is_teacher = listed(request.automation.from_address, self._settings.teachers)
        if is_default and is_teacher and learning_intents.is_near(request):
            return replace(understood, note=learning_intents.NEAR)
        return understood

    async def photos_of_thread(self, message: Message, request: StyleRequest) -> tuple[Photo, ...]:
        """Return the photos of the thread that are still kept. Its author must be proven."""
        known = await self._recall(message, request)
        found = await self._photos(known.mails) if known else {}
        return tuple(photo for photo, _ in found.values())

    async def _again(self, request: StyleRequest, reader: MailReader, known: Remembered) -> Understood:
        """Return the request to paint what is `known` once more, whoever asks. Raises `PhotoGone`."""
        found = await self._photos(known.mails)
        painted = [each for each in known.painted if each.photo in found]
        if not painted:
            raise PhotoGone
        images = tuple(photo for photo, _ in found.values())
        bare = replace(request, subject="", text="", images=images, was_ours=False, recipes=())
        digests = [photo.sha256 for photo in images]
        pairs = [(digests.index(each.photo), each.recipe.style) for each in painted]
        command = reader.read_again(bare, reader.change(bare), painted[0].recipe, pairs)
        sources = {photo.sha256: source for photo, source in found.values()}
        return Understood(command=command, request=bare, sources=sources)

    async def _with_photo(
        self, message: Message, request: StyleRequest, reader: MailReader, *, is_proven: bool
    ) -> Understood:
        change = reader.change(request)
        shown = request.recipes[:1]
        if not shown and change.is_same and is_proven:
            thread = await self._recall(message, request)
            painted = thread.painted if thread else ()
            painted = painted or await self._ledger.read(partial(conversations.last, message=message))
            shown = tuple(each.recipe for each in painted)
        if not shown:  # "like last time" of a person without a last time: the default
            is_same = change.is_same
            command = reader.read_again(request, change, None, []) if is_same else reader.read(request)
            return Understood(command=command, request=request)
        wanted = tuple(dict.fromkeys(recipes.changed(recipe, change) for recipe in shown))
        pairs = [(number, each.style) for number in range(len(request.images)) for each in wanted]
        command = reader.read_again(request, change, wanted[0], pairs)
        note = recipes.SEVERAL if len(request.recipes) > 1 else recipes.note(shown[0], change)
        return Understood(command=command, request=request, note=note)

    async def _without_photo(
        self, request: StyleRequest, reader: MailReader, known: Remembered
    ) -> Understood:
        change = reader.change(request)
        last = known.painted[0].recipe if known.painted else None
        wanted = recipes.changed(last, change) if last else None
        some = replace(request, images=(_SOME_PHOTO,) * max(1, known.count))
        command = reader.read_again(some, change, wanted, [(0, wanted.style)] if wanted else [])
        if not isinstance(command, Paint):
            return Understood(command=command, request=request)
        is_request = reader.is_request(command, change, wanted) or wanted != last
        found = await self._photos(known.mails)
        photos = tuple(found.values())
        if not photos:
            raise PhotoGone if is_request and (known.is_gone or known.painted) else NoImage
        if not is_request and (style := await self._suggested(request, change, reader, known)):
            return await self._without_photo(replace(request, text=style), reader, known)
        if not is_request:
            raise UnclearReply(echo(request.text or request.subject))
        digests = [photo.sha256 for photo, _ in photos]
        pairs = [
            (digests.index(each.photo), recipes.changed(each.recipe, change).style)
            for each in known.painted
            if each.photo in found
        ]
        images = tuple(photo for photo, _ in photos)
        command = reader.read_again(replace(request, images=images), change, wanted, pairs)
        return Understood(
            command=command,
            request=replace(request, images=images, was_ours=False),
            sources={photo.sha256: source for photo, source in photos},
            note=recipes.note(last, change) if last else "",
        )

    async def _suggested(
        self, request: StyleRequest, change: Change, reader: MailReader, known: Remembered
    ) -> str:
        """Return the style that a mail chooses of those of "Did you mean …?", or ""."""
        asked = None if known.painted else await self._parsed(known.mails[0])
        near = reader.suggestions(asked) if asked else ()
        number = choice(request.text, change, len(near))
        return near[number] if number is not None else ""

    async def _parsed(self, mail: KeptMail) -> StyleRequest | None:
        """Return a kept mail, or None if it has been deleted."""
        try:
            async with self._large:
                body = await asyncio.to_thread(self._ledger.spool.read, mail.spool)
                return await asyncio.to_thread(read_request, mail.channel, body)
        except (FileNotFoundError, ParseError):
            return None

    async def _recall(self, message: Message, request: StyleRequest) -> Remembered | None:
        if not request.references:
            return None
        recall = partial(conversations.recall, message=message, references=request.references)
        return await self._ledger.read(recall)

    async def _photos(self, mails: Sequence[KeptMail]) -> dict[str, tuple[Photo, int]]:
        """Return the photos with the messages that hold them, by SHA-256; those that are left."""
        found: dict[str, tuple[Photo, int]] = {}
        for mail in mails:
            if (parsed := await self._parsed(mail)) is None:
                continue
            meant = set(mail.photos) or await self._sent_by_person(parsed)
            for photo in parsed.images:
                if photo.sha256 in meant:
                    found.setdefault(photo.sha256, (photo, mail.message))
        return found

    async def _sent_by_person(self, request: StyleRequest) -> set[str]:
        """Return the SHA-256 of the photos of a mail that are not the bot's own paintings."""
        ours = await self._ledger.ours([photo.sha256 for photo in request.images])
        rest = await asyncio.to_thread(without, request, ours)
        return {photo.sha256 for photo in rest.images}
