"""Read the earlier mails of a conversation again: their words, and the photos that they hold.

EarlierMails   those of all conversations
MailThread     one mail among those before it, as the lessons of painters need it
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from mailbot.channels.chat_message import read_request
from mailbot.conversation.mail_reader import MailReader
from mailbot.intents.request_places import own_subject
from mailbot.parsing.mail_parser import ParseError, StyleRequest, without
from mailbot.parsing.photos import Photo
from mailbot.storage import conversations
from mailbot.storage.conversations import KeptMail, Remembered
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message

#: Bytes from which mails are parsed one at a time, because parsing takes three times their size in memory.
LARGE_MAIL = 4_000_000


class EarlierMails:
    """Find and parse mails that the ledger keeps."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._large = asyncio.Lock()

    def room_for(self, size: int) -> AbstractAsyncContextManager[None]:
        """Return what is to be held while a mail of this size is parsed."""
        return self._large if size > LARGE_MAIL else nullcontext()

    async def pictures(self, message: Message, request: StyleRequest, count: int) -> tuple[Photo, ...]:
        """Return the pictures of a mail, with those of its thread that are still kept where it lacks some.

        `count` are the pictures that are needed. The mail's author must be proven. The newest mail of the
        thread may be one that had those before it painted again.
        """
        found = request.images
        for end in range(len(request.references), 0, -1):
            if len(found) >= count:
                break
            known = await self.recall(message, replace(request, references=request.references[:end]))
            kept = await self.photos(known.mails) if known else {}
            digests = {photo.sha256 for photo in found}
            earlier = [photo for photo, _ in kept.values() if photo.sha256 not in digests]
            found = (*(earlier[:1] if found else earlier), *found)
        return found

    async def parsed(self, mail: KeptMail) -> StyleRequest | None:
        """Return a kept mail, or None if it has been deleted."""
        try:
            async with self._large:
                body = await asyncio.to_thread(self._ledger.spool.read, mail.spool)
                return await asyncio.to_thread(read_request, mail.channel, body)
        except (FileNotFoundError, ParseError):
            return None

    async def recall(self, message: Message, request: StyleRequest) -> Remembered | None:
        """Return what the ledger knows of a mail's thread, None if that has no photos."""
        if not request.references:
            return None
        recall = partial(conversations.recall, message=message, references=request.references)
        return await self._ledger.read(recall)

    async def of_thread(
        self, message: Message, request: StyleRequest, *, is_whole: bool = False
    ) -> Remembered:
        """Return all photos of a mail's thread, and how each of its pictures was painted last."""
        find, ids = conversations.of_thread, request.references
        return await self._ledger.read(partial(find, message=message, references=ids, is_whole=is_whole))

    async def photos(self, mails: Sequence[KeptMail]) -> dict[str, tuple[Photo, int]]:
        """Return the photos with the messages that hold them, by SHA-256; those that are left."""
        found: dict[str, tuple[Photo, int]] = {}
        for mail in mails:
            if (parsed := await self.parsed(mail)) is None:
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


@dataclass(frozen=True, kw_only=True)
class MailThread:
    """Tell what a mail and the one before it ask for."""

    message: Message
    reader: MailReader
    earlier: EarlierMails

    def asks_nothing(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail with a picture names no style and wants nothing of the painting."""
        return self.reader.asks_nothing(request)

    def names_style(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail without a picture names a style, and nothing unknown."""
        return self.reader.names_style(request)

    def names_no_style(self, request: StyleRequest) -> bool:
        """Tell whether a mail's photo is to be painted in the default style."""
        return self.reader.names_no_style(replace(request, subject=own_subject(request)))

    def chooses_style(self, request: StyleRequest) -> bool:
        """Tell whether the words of a mail choose a style, and may hold others besides."""
        return self.reader.chooses_style(request)

    async def before(self, request: StyleRequest) -> StyleRequest | None:
        """Return the mail with the photos of the thread, None if none is kept."""
        known = await self.earlier.recall(self.message, request)
        return await self.earlier.parsed(known.mails[0]) if known and known.mails else None
